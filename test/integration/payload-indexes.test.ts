import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { wellBehaved } from "../../infra/cli/commander.ts";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { createStatement, indexNameOf } from "../../infra/cli/migrate/payload-indexes.ts";
import { defineMigrate } from "../../infra/cli/migrate/program.ts";
import type { Operation } from "../../schema/contract/operations.ts";
import type { PayloadEquality } from "../../schema/contract/operator.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { writeQuery } from "../../schema/database/write-query.ts";
import { find } from "../../workers/hub/operator/find.ts";
import { pageOfDispatches, pageOfEvents } from "../../workers/hub/operator/lists.ts";
import { retryDispatches } from "../../workers/hub/operator/retry.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn } from "../support/history.ts";
import { ran } from "../support/run-here.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(async () => {
  await migrate(database.url, { indexes: { paths: [], dropOthers: true } });
  await database.clear();
});

/** What `migrate` prints when these paths are configured. */
async function keep(paths: readonly string[], dropOthers = false): Promise<string[]> {
  const told: string[] = [];
  await migrate(database.url, { indexes: { paths, dropOthers }, tell: (message) => told.push(message) });
  return told;
}

const indexes = () =>
  database.query<{ name: string; valid: boolean; comment: string | null }>(
    `select c.relname as name, i.indisvalid as valid, obj_description(c.oid, 'pg_class') as comment
     from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname like 'events\\_at\\_%' order by 3`,
  );

describe("migrate", () => {
  it("makes an index of each path, once, and drops what is configured no longer only when it is told to", async () => {
    const paths = ["$.order.id", "$['it\\'s'][0]"];
    const made = paths.map((path) => ({ name: indexNameOf(path), valid: true, comment: `Values at ${path}` }));
    expect(await keep(paths)).toEqual(paths.map((path) => `built the index of ${path}`));
    expect(await indexes()).toEqual(made);
    expect(await keep(paths)).toEqual([]);
    // Another spelling of the same path.
    expect(await keep(["$['order']['id']", paths[1] ?? ""])).toEqual([]);
    expect(await keep(["$['order'].id"])).toEqual([
      "the index of $['it\\'s'][0] is no longer configured: it slows every emit; --drop-indexes drops it",
    ]);
    expect(await indexes()).toHaveLength(2);
    expect(await keep(["$['order'].id"], true)).toEqual(["dropped the index of $['it\\'s'][0]"]);
    expect(await indexes()).toEqual([{ ...made[0], comment: "Values at $['order'].id" }]);
    // Without a configuration of paths.
    await migrate(database.url);
    expect(await indexes()).toHaveLength(1);
  });

  it("makes an index anew whose building was broken off, which nobody uses until then", async () => {
    const [row] = await insertHistory(database, [{ status: "failed", payload: { id: 17 } }]);
    const writer = await database.pool.connect();
    try {
      // An index that is built concurrently waits for transactions that began before it.
      await writer.query("begin");
      await writer.query("update eventhub.events set hops = 1");
      await expect(
        migrate(database.url, { indexes: { paths: ["$.id"], dropOthers: false }, patienceMs: 200, lockWaitMs: 50 }),
      ).rejects.toThrow("gave up after 0 s, because others lock the tables: pid");
    } finally {
      await writer.query("rollback");
      writer.release();
    }
    expect(await indexes()).toEqual([{ name: indexNameOf("$.id"), valid: false, comment: null }]);
    expect(await idsOf({ path: "$.id", equals: 17 })).toEqual([row?.eventId]);
    expect(await keep(["$.id"])).toEqual(["rebuilt the index of $.id"]);
    expect(await indexes()).toEqual([{ name: indexNameOf("$.id"), valid: true, comment: "Values at $.id" }]);
    expect(await idsOf({ path: "$.id", equals: 17 })).toEqual([row?.eventId]);
  });

  it("says of an index what it is of, if it died before it could", async () => {
    await database.query(createStatement("$.id"));
    expect(await keep(["$.id"])).toEqual([]);
    expect(await indexes()).toEqual([{ name: indexNameOf("$.id"), valid: true, comment: "Values at $.id" }]);
  });
});

describe("eventhub migrate --routing", () => {
  const run = (...args: string[]) => ran(() => migrateProgram().parseAsync(args, { from: "user" }));
  const migrateProgram = () => {
    const command = wellBehaved(new Command("migrate"));
    defineMigrate(command, { DATABASE_URL: database.url });
    return command;
  };

  it("makes what the configuration names, refuses what none can be of, and drops only beside it", async () => {
    const directory = await mkdtemp(join(tmpdir(), "cf-eventhub-indexes-"));
    const file = async (text: string) => {
      await writeFile(join(directory, "routing.json"), text);
      return join(directory, "routing.json");
    };
    try {
      const one = await file('{ "indexes": ["$.order.id"], "routes": [] }');
      expect(await run("--routing", one)).toMatchObject({ code: 0, err: "built the index of $.order.id\n" });
      const none = await file('{ "routes": [] }');
      expect(await run("--routing", none, "--drop-indexes")).toMatchObject({
        err: "dropped the index of $.order.id\n",
        out: expect.stringMatching(/^the database is up to date/),
      });
      const wrong = await file('{ "indexes": ["$..id"], "routes": [] }');
      await expect(run("--routing", wrong)).rejects.toThrow(/routing.json:1:15: indexes\[0\]: must be a JSONPath/);
      await expect(run("--drop-indexes")).rejects.toThrow("--drop-indexes needs --routing FILE");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

/** The events with a value, requested from a hub that has just started. */
const idsOf = async (payload: PayloadEquality) =>
  (await pageOfEvents(openDatabase(database), { payload }, { order: "oldest" })).items.map(({ id }) => id);

const ofDispatches = async (payload: PayloadEquality, filter = {}) =>
  (await pageOfDispatches(openDatabase(database), { ...filter, payload }, { order: "oldest" })).items.map(
    ({ id }) => id,
  );

/** Values of every kind, some of which are easily confused. */
const VALUES: unknown[] = [
  17,
  "17",
  "17 ",
  17.5,
  -17,
  0,
  "0",
  false,
  "false",
  true,
  null,
  "null",
  "",
  1e21,
  0.1,
  "Ünïcode ✓ '\"\\",
  "x".repeat(900_000),
  [17],
  { id: 17 },
  [],
];

test("an index finds by each value what is found without it: 17 is not the text 17, and nothing is too long", async () => {
  const insertAll = () =>
    insertHistory(database, [
      ...VALUES.map((id) => ({ status: "failed", payload: { order: { id } } })),
      { status: "failed", payload: { order: [{ id: 17 }] } },
      { status: "failed", payload: { order: "none" } },
      { status: "failed", payload: null },
    ]);
  await insertAll();
  await keep(["$.order.id"]);
  // Events that come later are found as well.
  await insertAll();
  const scalars = VALUES.filter((value) => value === null || typeof value !== "object") as PayloadEquality["equals"][];
  const looked = scalars.filter((value) => typeof value !== "string" || value.length <= 10_000);
  const withIndex = await Promise.all(looked.map((equals) => idsOf({ path: "$.order.id", equals })));
  const dispatches = await Promise.all(looked.map((equals) => ofDispatches({ path: "$['order'].id", equals })));
  // A spelling of the same path that the index does not recognise.
  const without = await Promise.all(looked.map((equals) => idsOf({ path: "$.*.id", equals })));
  await keep([], true);
  expect(withIndex.map(({ length }) => length)).toEqual(looked.map(() => 2));
  expect(dispatches.map(({ length }) => length)).toEqual(looked.map(() => 2));
  expect(withIndex).toEqual(await Promise.all(looked.map((equals) => idsOf({ path: "$.order.id", equals }))));
  // An element of an array has no place of its own in the path.
  expect(without.map(({ length }) => length)).toEqual(looked.map(() => 2));
});

test("numbers are equal however they are written", async () => {
  await keep(["$.n"]);
  await database.query(`insert into eventhub.events (id, payload, payload_bytes)
    select gen_random_uuid(), format('{"n": %s}', n)::jsonb, 20 from unnest('{17,17.0,1.7e1,170e-1}'::text[]) n`);
  expect(await idsOf({ path: "$.n", equals: 17 })).toHaveLength(4);
});

test("pages lead through the events of a value, and other parts of the filter hold", async () => {
  await keep(["$.customer"]);
  const rows = await insertHistory(
    database,
    Array.from({ length: 30 }, (_, n) => ({
      status: n % 3 === 0 ? "failed" : "complete",
      destination: n % 2 === 0 ? "A" : "B",
      payload: { customer: n < 25 ? "c-1" : "c-2" },
      at: new Date(Date.now() - 60_000 * (30 - n)),
    })),
  );
  const payload = { path: "$.customer", equals: "c-1" };
  const found: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await pageOfEvents(openDatabase(database), { payload }, { limit: 10, ...(cursor && { cursor }) });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  expect(found).toEqual(
    rows
      .slice(0, 25)
      .map(({ eventId }) => eventId)
      .reverse(),
  );
  const expected = rows.filter((_, n) => n < 25 && n % 6 === 0).map(({ id }) => id);
  expect(await ofDispatches(payload, { status: "failed", destination: "A" })).toEqual(expected);
});

test("what is retried by a value is found by the index, counted and chunk by chunk, beside events that do not have it", async () => {
  await keep(["$.customer"]);
  const others = Array.from({ length: 2_500 }, () => ({ status: "failed", payload: { customer: "c-2" } }));
  const rows = await insertHistory(database, [
    { status: "failed", payload: { customer: "c-1" } },
    ...others,
    { status: "failed", payload: { customer: "c-1" } },
  ]);
  const context = operatorOn(database);
  const asked: string[] = [];
  const { run } = context.database;
  context.database.run = (statement, options) => {
    asked.push(writeQuery(statement).sql);
    return run(statement, options);
  };
  const filter = { payload: { path: "$.customer", equals: "c-1" } };
  expect(await retryDispatches(context, filter, { dryRun: true })).toMatchObject({ exact: true, dispatches: 2 });
  const { id } = (await retryDispatches(context, filter, {})) as Operation;
  expect(
    await database.query("select retry_of from eventhub.dispatches where operation_id = $1 order by 1", [id]),
  ).toEqual([rows[0], rows.at(-1)].map((row) => ({ retry_of: row?.id })));
  // A statement that looked at all of them would have needed two for a chunk.
  expect(asked.filter((sql) => sql.includes("jsonb_hash_extended") && sql.includes("scanned as"))).toHaveLength(2);
  // The operation keeps what was requested.
  const [kept] = await database.query("select arguments -> 'filter' -> 'payload' as payload from eventhub.operations");
  expect(kept).toEqual({ payload: filter.payload });
});

describe("find", () => {
  const context = () => ({ ...operatorOn(database), database: openDatabase(database) });

  it("looks at keys, indexed values and reasons, and says so", async () => {
    await keep(["$.order.id", "$.customer"]);
    const [paid, , failed] = await insertHistory(database, [
      { status: "complete", payload: { order: { id: 17 }, customer: "c-9" } },
      { status: "complete", payload: { order: { id: "x" }, customer: "17" }, idempotencyKey: "order-17" },
      { status: "failed", payload: {}, reason: "HTTP 503 of order-17" },
    ]);
    const told = async (text: string) =>
      (await find(context(), text)).places.map(({ in: place, path, found }) => [
        path ?? place,
        ...found.map(({ kind, value }) => `${kind} ${value}`),
      ]);
    expect(await told("order 17 never arrived")).toEqual([
      ["idempotency_keys"],
      ["$.customer", 'event "17"'],
      ["$.order.id", "event 17"],
      ["keys"],
      ["reasons"],
    ]);
    expect(await told("order-17")).toEqual([
      ["idempotency_keys", "event order-17"],
      ["$.customer"],
      ["$.order.id"],
      ["keys"],
      ["reasons", "dispatch HTTP 503 of order-17"],
    ]);
    const { places } = await find(context(), "#17,");
    expect(places[2]?.found).toMatchObject([{ kind: "event", id: paid?.eventId, at: expect.any(Date) }]);
    expect((await find(context(), "of order-17")).places.at(-1)?.found).toMatchObject([{ id: failed?.id }]);
    await expect(find(context(), "")).rejects.toThrow("[invalid_arguments] text: must not be empty");
  });

  it("is exact where nothing is found, and where no path has an index", async () => {
    expect(await find(context(), "nothing")).toEqual({
      text: "nothing",
      places: ["idempotency_keys", "keys", "reasons"].map((place) => ({
        in: place,
        path: null,
        found: [],
        more: false,
        whole: true,
      })),
    });
  });
});

test("a list says what each event is: its kind, its indexed values, and how its payload begins", async () => {
  await keep(["$.order.id"]);
  await insertHistory(database, [
    { status: "failed", payload: { kind: "order.paid", order: { id: 17 } } },
    { status: "failed", payload: { type: "com.example.paid", order: { id: "x".repeat(500) } } },
    { status: "failed", payload: { kind: 3, note: "y".repeat(1_000) } },
    { status: "failed", payload: null },
  ]);
  const events = await pageOfEvents(openDatabase(database), {}, { about: true, order: "oldest" });
  const about = events.items.map((item) => item.about);
  expect(about).toEqual([
    {
      kind: "order.paid",
      values: [{ path: "$.order.id", value: "17" }],
      beginning: '{"kind": "order.paid", "order": {"id": 17}}',
    },
    {
      kind: "com.example.paid",
      values: [{ path: "$.order.id", value: "x".repeat(200) }],
      beginning: expect.stringMatching(/^.{300}$/),
    },
    { kind: null, values: [], beginning: expect.stringContaining('"note": "yyy') },
    { kind: null, values: [], beginning: null },
  ]);
  const dispatches = await pageOfDispatches(openDatabase(database), {}, { about: true, order: "oldest" });
  expect(dispatches.items.map((item) => item.about)).toEqual(about);
  const plain = await pageOfEvents(openDatabase(database), {}, {});
  expect(plain.items.map((item) => item.about)).toEqual([undefined, undefined, undefined, undefined]);
  const byType = await pageOfEvents(openDatabase(database), {}, { about: true, order: "oldest" }, { member: "type" });
  expect(byType.items.map((item) => item.about?.kind)).toEqual([null, "com.example.paid", null, null]);
});
