import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_PAYLOAD_BYTES, MAX_PAYLOAD_DEPTH } from "../../schema/vocabulary/limits.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

const emit = (payload: string) => database.query("select eventhub.emit($1::jsonb)", [payload]);

test.each([
  ["the largest double", "1.7976931348623157e308"],
  ["the largest double with all its digits", String(BigInt(Number.MAX_VALUE))],
  ["the least double", "-1.7976931348623157e308"],
  ["more decimals than a double has", "0.1234567890123456789"],
  ["2^53", "9007199254740992"],
  ["2^64", "18446744073709551616"],
  ["the smallest double", "5e-324"],
  ["the smallest double below 0 with all its digits", "-4.9406564584124654e-324"],
  ["0 with an exponent", "0e-400"],
  ["text that looks like more", '"1e400"'],
])("eventhub.emit takes %s", async (_, number) => {
  await emit(`{"n": [${number}]}`);
});

test.each([
  ["the next above the largest double", '{"n": 1.7976931348623159e308}'],
  ["the next below the least double", '{"n": -1.7976931348623159e308}'],
  ["1e400", '{"n": 1e400}'],
  ["-1e400, however deep", '{"ok": 1, "deep": [[{"n": [0, -1e400]}]]}'],
])("eventhub.emit refuses %s, which would be read as Infinity", async (_, payload) => {
  const before = await database.query("select count(*) from eventhub.events");
  await expect(emit(payload)).rejects.toThrow(
    "[invalid_payload] payload holds a number beyond those of a double (1.8e308)",
  );
  expect(await database.query("select count(*) from eventhub.events")).toEqual(before);
});

test.each([
  ["2^53 + 1", "9007199254740993"],
  ["a 64-bit id", "-12345678901234567890"],
  ["a large number with decimals", "12345678901234567890.5"],
])("eventhub.emit refuses %s, which every consumer would read as another number", async (_, number) => {
  await expect(emit(`{"a": [{"id": ${number}}]}`)).rejects.toThrow(
    `[invalid_payload] payload holds ${number}, which no consumer can read exactly: write it as text`,
  );
});

test("eventhub.emit takes as many levels as emit(), and no more", async () => {
  const nested = (depth: number) => `{"a":${"[".repeat(depth - 1)}1${"]".repeat(depth - 1)}}`;
  await emit(nested(MAX_PAYLOAD_DEPTH));
  await expect(emit(nested(MAX_PAYLOAD_DEPTH + 1))).rejects.toThrow(
    `[invalid_payload] payload is nested deeper than ${MAX_PAYLOAD_DEPTH} levels`,
  );
});

test.each(["1e-400", "-1e-16000", "4.9e-325"])("eventhub.emit refuses %s, which would be read as 0", async (number) => {
  await expect(emit(`{"n": [${number}]}`)).rejects.toThrow(
    "[invalid_payload] payload holds a number nearer to 0 than those of a double (5e-324)",
  );
});

test("eventhub.emit measures a payload as emit() does: without the spaces that Postgres writes", async () => {
  const odd = { 'a, "b": \\"': ["x, y: z", '", "', "\\", "\\\\", '\\"'], "": [[], {}, { a: 1, b: [1, 2] }] };
  const parts = { list: Array(200_000).fill(1), odd };
  const room = MAX_PAYLOAD_BYTES - JSON.stringify({ ...parts, text: "" }).length;
  const fits = JSON.stringify({ ...parts, text: "x, y: ".repeat(room).slice(0, room) });
  expect(fits.length).toBe(MAX_PAYLOAD_BYTES);
  await emit(fits);
  expect(await database.query("select max(payload_bytes) from eventhub.events")).toEqual([{ max: MAX_PAYLOAD_BYTES }]);
  await expect(emit(fits.replace('"text":"', '"text":"x'))).rejects.toThrow(
    "[too_large] payload must be at most 1048576 bytes of JSON, got 1048577",
  );
});

test("what is emitted in SQL keeps the last of an object's members of one name, as JSON.parse does", async () => {
  const text = '{"a": 1, "b": 2, "a": {"c": 3}}';
  const [made] = await database.query<{ id: string }>("select eventhub.emit($1::jsonb) as id", [text]);
  expect(await database.query("select payload from eventhub.events where id = $1", [made?.id])).toEqual([
    { payload: JSON.parse(text) },
  ]);
});

/** Settings of a session that change how values are read and written, or what a name means. */
const SETTINGS = [
  "extra_float_digits = 0",
  "extra_float_digits = -15",
  "DateStyle = 'SQL, DMY'",
  "IntervalStyle = 'sql_standard'",
  "TimeZone = 'Asia/Kathmandu'",
  "standard_conforming_strings = off",
  "bytea_output = 'escape'",
  "array_nulls = off",
  "transform_null_equals = on",
  "plpgsql.variable_conflict = 'use_variable'",
  "plpgsql.variable_conflict = 'use_column'",
  "search_path = ''",
  "search_path = 'shadow, pg_catalog'",
  "default_transaction_isolation = 'repeatable read'",
  "default_transaction_isolation = 'serializable'",
];

test.each(SETTINGS)("with %s, eventhub.emit and the hub's own events do not change", async (setting) => {
  await database.query(`create schema if not exists shadow;
    create or replace function shadow.now() returns timestamptz language sql as 'select null::timestamptz';
    create or replace function shadow.to_char(timestamp, text) returns text language sql as $$ select 'shadow' $$;
    create or replace function shadow.octet_length(text) returns int language sql as 'select -1'`);
  const client = await database.pool.connect();
  try {
    await client.query(`set ${setting}`);
    const payload = '{"n": [1.2345678901234568e25, 0.1, 9007199254740992], "at": "2026-01-05"}';
    const emitted = async () => {
      const { rows } = await client.query<{ id: string }>("select eventhub.emit($1::jsonb, $2) as id", [
        payload,
        setting,
      ]);
      return rows[0]?.id;
    };
    const id = await emitted();
    expect(await emitted()).toBe(id);
    expect(await database.query("select payload from eventhub.events where id = $1", [id])).toEqual([
      { payload: JSON.parse(payload) },
    ]);
    await client.query(
      "insert into eventhub.destinations (name, paused_at, paused_by) values ($1, pg_catalog.now(), 'operator')",
      [setting],
    );
    const [told] = await database.query<{ payload: Record<string, string>; payload_bytes: number }>(
      "select payload, payload_bytes from eventhub.events where own and payload ->> 'destination' = $1",
      [setting],
    );
    expect(told?.payload).toEqual({
      kind: "eventhub.destination.paused",
      destination: setting,
      by: "operator",
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const [clock] = await database.query<{ apart: number }>(
      "select abs(extract(epoch from $1::timestamptz - now()))::float8 as apart",
      [told?.payload.at],
    );
    expect(clock?.apart).toBeLessThan(3_600);
    expect(told?.payload_bytes).toBeGreaterThan(0);
  } finally {
    client.release(true);
  }
});

test("an event that retention deletes while its key is emitted again is stored again", async () => {
  // Retention's deletion between the function's two statements, at exactly this moment.
  await database.query(`
    create table public.expiring (key text);
    create function public.expire_now() returns trigger language plpgsql as $$ begin
      delete from eventhub.events e using public.expiring x where e.idempotency_key = x.key;
      delete from public.expiring;
      return null;
    end $$;
    create trigger expire_now after insert on eventhub.events execute function public.expire_now()`);
  try {
    const again = async () =>
      (await database.query<{ id: string }>(`select eventhub.emit('{"n": 1}', 'expires') as id`))[0]?.id;
    const first = await again();
    expect(await again()).toBe(first);
    await database.query("insert into public.expiring values ('expires')");
    const second = await again();
    expect(second).not.toBe(first);
    expect(await database.query("select id from eventhub.events where idempotency_key = 'expires'")).toEqual([
      { id: second },
    ]);
  } finally {
    await database.query("drop trigger expire_now on eventhub.events");
  }
});

describe("an event that is emitted in SQL", () => {
  const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  /** The trace context of an event that is emitted in a transaction which has set it. */
  const emittedIn = async (traceparent: string) => {
    const client = await database.pool.connect();
    try {
      await client.query("begin");
      await client.query("select set_config('eventhub.traceparent', $1, true)", [traceparent]);
      const { rows } = await client.query("select eventhub.emit('{}') as id");
      await client.query("commit");
      const after = await client.query("select eventhub.emit('{}') as id");
      const ids = [rows[0].id, after.rows[0].id];
      return (
        await client.query(
          "select traceparent from eventhub.events where id = any($1::uuid[]) order by array_position($1::uuid[], id)",
          [ids],
        )
      ).rows;
    } finally {
      client.release();
    }
  };

  test("is in the trace that its transaction has set, and only there", async () => {
    expect(await emittedIn(TRACE)).toEqual([{ traceparent: TRACE }, { traceparent: null }]);
  });

  test.each(["", "odd", TRACE.toUpperCase(), `00-${"0".repeat(32)}-b7ad6b7169203331-01`, `${TRACE}-more`])(
    "is in none if that is %j, which is no trace context",
    async (odd) => {
      expect(await emittedIn(odd)).toEqual([{ traceparent: null }, { traceparent: null }]);
    },
  );
});
