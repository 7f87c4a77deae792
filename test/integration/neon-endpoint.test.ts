import { type NeonQueryFunction, neon, neonConfig } from "@neondatabase/serverless";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  HANG_UP,
  type NeonEndpoint,
  type NeonEndpointOptions,
  startNeonEndpoint,
} from "../../infra/local/neon/endpoint.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let endpoint: NeonEndpoint;
let sql: NeonQueryFunction<false, false>;
let intercept: NeonEndpointOptions["intercept"];

beforeAll(async () => {
  database = await createDatabase({ empty: true });
  await database.query("create table item (id int primary key, note text unique deferrable initially deferred)");
  endpoint = await startNeonEndpoint({
    postgresUrl: database.url,
    intercept: (request, next) => (intercept === undefined ? next() : intercept(request, next)),
  });
  neonConfig.fetchEndpoint = endpoint.url;
  sql = neon(database.url);
});

afterAll(async () => {
  await endpoint.stop();
  await database.drop();
});

beforeEach(async () => {
  await database.query("truncate item");
});

afterEach(() => {
  intercept = undefined;
});

const items = () => database.query("select id, note from item order by id");

describe("values", () => {
  it("come back as the driver's own types", async () => {
    const [row] =
      await sql`select true as yes, 7::int2 as small, 7 as int, 9007199254740993::int8 as big, 1.50::numeric as exact,
      0.5::float8 as float, 'text' as text, '{"a":[1,null]}'::jsonb as json, '2026-11-23T10:00:00.123Z'::timestamptz as time,
      '\\x00ff'::bytea as bytes, '0193f0a0-0000-7000-8000-000000000000'::uuid as id, null as nothing`;
    expect(row).toEqual({
      yes: true,
      small: 7,
      int: 7,
      big: "9007199254740993",
      exact: "1.50",
      float: 0.5,
      text: "text",
      json: { a: [1, null] },
      time: new Date("2026-11-23T10:00:00.123Z"),
      bytes: Buffer.from([0x00, 0xff]),
      id: "0193f0a0-0000-7000-8000-000000000000",
      nothing: null,
    });
  });

  it("go in as parameters of every kind", async () => {
    const awkward = 'a "quoted" \\ {curly}, NULL\n';
    const [row] =
      await sql`select ${1}::int as int, ${null}::text as nothing, ${false}::bool as no, ${{ a: "é" }}::jsonb as json,
      ${[1, 2]}::int[] as ints, ${[awkward, "", null, "NULL"]}::text[] as texts, ${[[1], [2]]}::int[] as nested,
      ${new Date("2026-11-23T10:00:00.123Z")}::timestamptz as time, ${Buffer.from("hi")}::bytea as bytes, ${"💧"} || '' as emoji`;
    expect(row).toEqual({
      int: 1,
      nothing: null,
      no: false,
      json: { a: "é" },
      ints: [1, 2],
      texts: [awkward, "", null, "NULL"],
      nested: [[1], [2]],
      time: new Date("2026-11-23T10:00:00.123Z"),
      bytes: Buffer.from("hi"),
      emoji: "💧",
    });
  });

  it("keep columns of the same name apart in array mode, and tell their types", async () => {
    const full = neon(database.url, { arrayMode: true, fullResults: true });
    const result = await full`select 1 as x, 'two' as x`;
    expect(result.rows).toEqual([[1, "two"]]);
    expect(result.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ["x", 23],
      ["x", 25],
    ]);
    expect([result.command, result.rowCount]).toEqual(["SELECT", 1]);
  });

  it("are counted when rows are written", async () => {
    const full = neon(database.url, { fullResults: true });
    const inserted = await full`insert into item select i, i::text from generate_series(1, 3) i`;
    expect([inserted.command, inserted.rowCount, inserted.rows]).toEqual(["INSERT", 3, []]);
    const updated = await full`update item set note = null where id > 1 returning id`;
    expect([updated.command, updated.rowCount, updated.rows]).toEqual(["UPDATE", 2, [{ id: 2 }, { id: 3 }]]);
  });
});

describe("errors", () => {
  it("carry Postgres' code and details", async () => {
    await sql`insert into item values (1, 'a')`;
    await expect(sql`insert into item values (1, 'b')`).rejects.toMatchObject({
      name: "NeonDbError",
      message: 'duplicate key value violates unique constraint "item_pkey"',
      code: "23505",
      severity: "ERROR",
      detail: "Key (id)=(1) already exists.",
      schema: "public",
      table: "item",
      constraint: "item_pkey",
    });
    await expect(sql`select nonsense`).rejects.toMatchObject({ code: "42703", position: "8" });
    await expect(sql.query("select $1::int", ["x"])).rejects.toMatchObject({ code: "22P02" });
    await expect(sql.query("select $1", ["a\0b"])).rejects.toMatchObject({ code: "22021" });
  });

  it("refuse two statements in one query, as Neon does", async () => {
    await expect(sql.query("insert into item values (1, 'a'); select 1")).rejects.toMatchObject({ code: "42601" });
    expect(await items()).toEqual([]);
  });

  it("tell a wrong password and an unknown database, and never the password", async () => {
    const wrong = new URL(database.url);
    wrong.password = "secret-of-mine";
    const error = await neon(wrong.href)`select 1`.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "28P01" });
    expect(String(error)).not.toContain("secret-of-mine");
    const unknown = new URL(database.url);
    unknown.pathname = "/nowhere";
    await expect(neon(unknown.href)`select 1`).rejects.toMatchObject({ code: "3D000" });
  });

  it("end with the connection they broke, and the next request gets a good one", async () => {
    await expect(sql`select pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({ code: "57P01" });
    await sql`begin`;
    await sql`insert into item values (1, 'a')`;
    expect(await items()).toEqual([{ id: 1, note: "a" }]);
  });
});

describe("a batch", () => {
  it("is one transaction and one request", async () => {
    const before = endpoint.requests;
    const results = await sql.transaction([
      sql`insert into item values (1, 'a')`,
      sql`select txid_current() = txid_current() as same, count(*)::int as n from item`,
    ]);
    expect(results).toEqual([[], [{ same: true, n: 1 }]]);
    expect(endpoint.requests - before).toBe(1);
    expect(await items()).toEqual([{ id: 1, note: "a" }]);
  });

  it("leaves nothing behind when one of its statements fails", async () => {
    await sql`insert into item values (9, 'stays')`;
    const batch = sql.transaction([sql`insert into item values (1, 'a')`, sql`insert into item values (9, 'b')`]);
    await expect(batch).rejects.toMatchObject({ code: "23505" });
    expect(await items()).toEqual([{ id: 9, note: "stays" }]);
  });

  it("leaves nothing behind when its commit fails", async () => {
    const batch = sql.transaction([sql`insert into item values (1, 'a')`, sql`insert into item values (2, 'a')`]);
    await expect(batch).rejects.toMatchObject({ code: "23505", constraint: "item_note_key" });
    expect(await items()).toEqual([]);
  });

  it("runs in the isolation level and the mode that were asked for", async () => {
    const show = () => [
      sql`show transaction_isolation`,
      sql`show transaction_read_only`,
      sql`show transaction_deferrable`,
    ];
    expect(await sql.transaction(show())).toEqual([
      [{ transaction_isolation: "read committed" }],
      [{ transaction_read_only: "off" }],
      [{ transaction_deferrable: "off" }],
    ]);
    const options = { isolationLevel: "Serializable", readOnly: true, deferrable: true } as const;
    expect(await sql.transaction(show(), options)).toEqual([
      [{ transaction_isolation: "serializable" }],
      [{ transaction_read_only: "on" }],
      [{ transaction_deferrable: "on" }],
    ]);
    const write = sql.transaction([sql`insert into item values (1, 'a')`], { readOnly: true });
    await expect(write).rejects.toMatchObject({ code: "25006" });
  });

  it("of nothing answers nothing", async () => {
    expect(await sql.transaction([])).toEqual([]);
  });
});

describe("a request that is malformed", () => {
  const send = async (body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(endpoint.url, {
      method: "POST",
      body,
      headers: { "Neon-Connection-String": database.url, "Neon-Raw-Text-Output": "true", ...headers },
    });
    return [response.status, ((await response.json()) as { message: string }).message];
  };
  const query = JSON.stringify({ query: "select 1" });

  it.each([
    ["{", {}, /^the body is not JSON: /],
    ["[]", {}, "the body must be an object with `query` or `queries`"],
    ["{}", {}, "`query` must be a string"],
    ['{"queries":{}}', {}, "`queries` must be an array"],
    ['{"queries":[{"query":"select 1"},{}]}', {}, "queries[1]: `query` must be a string"],
    ['{"query":"select 1","params":{}}', {}, "`params` must be an array"],
    ['{"query":"select \\u0000"}', {}, "`query` holds U+0000"],
    [query, { "Neon-Connection-String": "nonsense" }, "Neon-Connection-String is not a URL"],
    [query, { "Neon-Connection-String": "http://u:p@h/d" }, "Neon-Connection-String is not a postgres:// URL"],
    [query, { "Neon-Connection-String": "postgres://u:p@h/" }, "Neon-Connection-String names no database"],
    [query, { "Neon-Raw-Text-Output": "false" }, "Neon-Raw-Text-Output must be true"],
    [query, { "Neon-Batch-Isolation-Level": "Chaos" }, "invalid isolation level"],
  ])("is refused: %s %j", async (body, headers, message) => {
    const refused = typeof message === "string" ? message : expect.stringMatching(message);
    expect(await send(body, headers)).toEqual([400, refused]);
  });

  it("is refused above 64 MiB, in either direction", async () => {
    expect(await send("x".repeat(64 * 1024 * 1024 + 1))).toEqual([413, "request is too large (max is 67108864 bytes)"]);
    const large = JSON.stringify({ query: "select repeat('x', 67108864)" });
    expect(await send(large)).toEqual([507, "response is too large (max is 67108864 bytes)"]);
  });

  it("is not a request at all elsewhere", async () => {
    expect((await fetch(new URL("/", endpoint.url))).status).toBe(404);
  });
});

describe("the endpoint", () => {
  it("cancels what a client no longer waits for", async () => {
    const running = () =>
      database.query("select 1 from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'");
    const abort = new AbortController();
    const slow = sql.query("select pg_sleep(60)", [], { fetchOptions: { signal: abort.signal } });
    const gaveUp = expect(slow).rejects.toThrow("aborted");
    await expect.poll(running).toHaveLength(1);
    abort.abort();
    await gaveUp;
    await expect.poll(running).toEqual([]);
  });

  it("rolls a batch back that a client no longer waits for", async () => {
    const abort = new AbortController();
    const queries = [sql`insert into item values (1, 'a')`, sql`select pg_sleep(60)`];
    const batch = expect(sql.transaction(queries, { fetchOptions: { signal: abort.signal } })).rejects.toThrow(
      "aborted",
    );
    const open = () => database.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'");
    await expect.poll(open).toHaveLength(1);
    abort.abort();
    await batch;
    await expect.poll(open).toEqual([]);
    expect(await items()).toEqual([]);
  });

  it("serves more requests at once than it has connections", async () => {
    const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => sql`select ${i}::int as n, pg_sleep(0.01)`));
    expect(sums.map(([row]) => row?.n)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("counts requests by database, over HTTP as well", async () => {
    const before = endpoint.requestsByDatabase[database.name] ?? 0;
    await sql`select 1`;
    expect(endpoint.requestsByDatabase[database.name]).toBe(before + 1);
    const stats = await fetch(new URL("/stats", endpoint.url));
    expect(await stats.json()).toEqual({ requests: endpoint.requests, databases: endpoint.requestsByDatabase });
  });

  it("can be made to lose an answer after the commit, and a request before it", async () => {
    intercept = async (_, next) => {
      await next();
      return HANG_UP;
    };
    await expect(sql`insert into item values (1, 'a')`).rejects.toHaveProperty("sourceError");
    intercept = async () => HANG_UP;
    await expect(sql`insert into item values (2, 'b')`).rejects.toHaveProperty("sourceError");
    intercept = async () => ({ status: 503, body: "out of order" });
    await expect(sql`insert into item values (3, 'c')`).rejects.toThrow("Server error (HTTP status 503): out of order");
    expect(await items()).toEqual([{ id: 1, note: "a" }]);
  });

  it("answers 500 when there is no server behind it", async () => {
    const lonely = await startNeonEndpoint({ postgresUrl: "postgres://127.0.0.1:1" });
    neonConfig.fetchEndpoint = lonely.url;
    try {
      await expect(sql`select 1`).rejects.toThrow("Server error (HTTP status 500)");
    } finally {
      neonConfig.fetchEndpoint = endpoint.url;
      await lonely.stop();
      await lonely.stop();
    }
  });
});
