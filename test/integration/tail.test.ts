import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { follower } from "../../infra/cli/ops/tail/unseen-items.ts";
import { TAILED, type TailItem, type TailOptions } from "../../schema/contract/tail.ts";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { readTail, TAIL_COUNTED, TAIL_ROWS } from "../../schema/queries/tail/read-tail.ts";
import { getTail } from "../../workers/hub/operator/tail.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { OpenTransaction } from "../support/open-transaction.ts";
import { nodesOf, type Plan, planOf } from "../support/query-plans.ts";

let database: TestDatabase;
let hub: Database;
beforeAll(async () => {
  database = await createDatabase();
  hub = openDatabase(database);
});
afterAll(() => database?.drop());
beforeEach(() => database.clear());

const tail = (filter: object = {}, options: TailOptions = {}) => getTail(hub, filter, options);
const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const past = (seconds: number, more: Partial<Past> = {}): Past => ({
  status: "complete",
  destination: "BILLING",
  payload: { kind: "order.paid" },
  attempts: 1,
  at: ago(seconds),
  ...more,
});

/** A short text about an item. */
const words = (item: TailItem) => {
  if (item.what === "event") return `event ${item.kind} ${item.dispatches}`;
  return `${item.what} ${item.destination} ${item.what === "attempt" ? `${item.attempt} ${item.result}` : item.status}`;
};
const told = async (filter?: object, options?: TailOptions) => (await tail(filter, options)).items.map(words);

/** An attempt as the executor records it. */
const attempted = (id: string | undefined, attempt: number, result: string, seconds = 0) =>
  database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     values ($1, $2, $3, 'HTTP 503', 'instance', $4, $4)`,
    [id, attempt, result, ago(seconds)],
  );

describe("a look", () => {
  test("tells the events, attempts and results of the last minute, oldest first", async () => {
    const [old, one, two] = await insertHistory(database, [
      past(3_600),
      past(20, { attempts: 2, resultedAt: ago(11) }),
      past(10, { status: "ongoing", destination: "SHIP", attempts: 1 }),
    ]);
    await attempted(old?.id, 1, "complete", 3_600);
    await attempted(one?.id, 1, "failed", 19.5);
    // The attempt that ended a dispatch is shown as its result.
    await attempted(one?.id, 2, "complete", 19);
    await attempted(two?.id, 1, "failed", 5);
    const { items, missed, exact } = await tail();
    expect(items.map(words)).toEqual([
      "event order.paid 1",
      "attempt BILLING 1 failed",
      "result BILLING complete",
      "event order.paid 1",
      "attempt SHIP 1 failed",
    ]);
    expect({ missed, exact }).toEqual({ missed: 0, exact: true });
    expect(items.at(-1)).toMatchObject({
      eventId: two?.eventId,
      dispatchId: two?.id,
      reason: "HTTP 503",
      route: "scripted",
    });
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
  });

  test("tells what a filter finds, and events where it asks for nothing that only dispatches have", async () => {
    await insertHistory(database, [
      past(9, { payload: { kind: "order.paid", order: { id: 17 } } }),
      past(8, { destination: "SHIP", status: "failed", reason: "HTTP 503" }),
      past(7, { destination: "SHIP", status: "lost" }),
    ]);
    expect(await told({ destination: "SHIP" })).toEqual(["result SHIP failed", "result SHIP lost"]);
    expect(await told({ status: ["failed", "complete"] })).toEqual(["result BILLING complete", "result SHIP failed"]);
    expect(await told({ reason: "http" })).toEqual(["result SHIP failed"]);
    expect(await told({ payload: { path: "$.order.id", equals: 17 } })).toEqual([
      "event order.paid 1",
      "result BILLING complete",
    ]);
    expect(await told({}, { only: ["event"] })).toEqual(Array(3).fill("event order.paid 1"));
    expect(await told({ destination: "SHIP" }, { only: ["event"] })).toEqual([]);
    expect(await told({}, { only: ["result"], limit: 1 })).toEqual(["result SHIP lost"]);
  });

  test("refuses what it does not understand", async () => {
    await expect(tail({}, { only: ["dispatch" as "event"] })).rejects.toThrow(
      "[invalid_arguments] options.only.0: must be some of event, attempt, result",
    );
    await expect(tail({}, { limit: 1_001 })).rejects.toThrow(
      "[invalid_arguments] options.limit: must be an integer from 1 to 1000",
    );
    await expect(tail({ what: 1 })).rejects.toThrow("[invalid_arguments] filter.what: is not known");
  });
});

describe("who follows", () => {
  const following = (backfill = true) =>
    follower((after) => tail({}, { only: ["result"], ...(after && { after }) }), backfill);

  test("is told each thing once, also what was committed after something newer", async () => {
    const look = following();
    await insertHistory(database, [past(30)]);
    await using slow = await OpenTransaction.begin(database, sql`select now()`);
    const [late, fast] = await insertHistory(database, [past(0, { status: "ongoing" }), past(0)]);
    await slow.run(sql`update eventhub.dispatches set status = 'lost', resulted_at = now() where id = ${late?.id}`);
    expect((await look()).items.map(words)).toEqual(["result BILLING complete", "result BILLING complete"]);
    expect((await look()).items).toEqual([]);
    await slow.commit();
    expect((await look()).items).toMatchObject([{ dispatchId: late?.id, status: "lost" }]);
    expect((await look()).items).toEqual([]);
    expect(fast).toBeDefined();
  });

  test("is told how much could not be told, once", async () => {
    const look = following(false);
    await look();
    const at = new Date();
    await insertHistory(
      database,
      Array.from({ length: TAIL_ROWS + 500 }, () => past(0, { status: "lost", resultedAt: at })),
    );
    const { items, missed, exact } = await look();
    expect({ items: items.length, missed: missed + items.length, exact }).toEqual({
      items: 200,
      missed: TAIL_ROWS,
      exact: true,
    });
    expect(await look()).toEqual({ items: [], missed: 0, exact: true });
  });
});

/** This many of each sort in the last minute. */
const BUSY = TAIL_ROWS + TAIL_COUNTED + 500;

test("a look reads the new ends of three indexes, however much there is", async () => {
  // A day of history, and more in the last minute than is read and counted.
  await database.query(`
    with n as (
      select n, now() - case when n <= ${BUSY} then 0.001 * n else n end * interval '1 second' as at from generate_series(1, ${BUSY + 5_000}) n
    ), event as (
      insert into eventhub.events (id, payload, payload_bytes, created_at)
      select eventhub.uuid_at(at - n * interval '1 microsecond'), '{"kind": "order.paid"}', 22, at from n returning id, created_at
    ), dispatch as (
      insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, next_attempt_at,
        attempts, created_at, resulted_at)
      select id, id, 'BILLING', 'one', 5, '{"type": "constant", "interval": 5}', 30, 'complete', created_at, 1, created_at, created_at from event
    )
    insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
    select id, 1, 'complete', 'i', created_at, created_at from event`);
  for (const table of ["events", "dispatches", "executions"])
    await database.query(`vacuum (analyze) eventhub.${table}`);
  const { items, missed, exact } = await tail({}, { limit: 1_000 });
  expect(items).toHaveLength(1_000);
  // This many of each sort beyond those that are read. The attempts among them are shown as results.
  expect({ missed, exact }).toEqual({ missed: 3 * TAIL_COUNTED + 2 * TAIL_ROWS - 1_000, exact: false });
  const query = { filter: {}, only: TAILED, limit: 1_000, after: undefined };
  const scans = scansOf(await planOf(database, readTail(query), "analyze"));
  expect(scans.filter(({ type }) => type === "Seq Scan")).toEqual([]);
  const indexes = new Set(scans.map(({ index }) => index));
  expect([...indexes].sort()).toEqual([
    "dispatches_event_id",
    "dispatches_pkey",
    "dispatches_resulted",
    "events_pkey",
    "executions_dispatch_id_attempt_pk",
    "executions_finished_at",
  ]);
  expect(Math.max(...scans.map(({ rows }) => rows))).toBeLessThanOrEqual(TAIL_COUNTED);
});

/** The scans of tables in a plan. */
function scansOf(plan: Plan): { type: string; index: string | undefined; rows: number }[] {
  return nodesOf(plan)
    .filter((node) => node["Relation Name"] !== undefined)
    .map(({ "Node Type": type, "Index Name": index, "Actual Rows": rows = 0 }) => ({ type, index, rows }));
}
