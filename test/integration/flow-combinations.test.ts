import { expect, test } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import { drainResumed } from "../../schema/queries/destinations/drain-resumed.ts";
import { startProbes } from "../../schema/queries/destinations/trip-breakers.ts";
import type { NoticeRow } from "../../schema/queries/fragments/notice-columns.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, insertWaiting, nth, Puller, useDatabase } from "../support/flow.ts";

/** The table "with, what becomes of limits and order" in workflows/kinds/README.md, as far as rows decide it. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

test("a delay of the first keeps its key waiting, and no other", async () => {
  const [late, behind, other] = await insertWaiting(stored, [
    { order: "x", dueInSeconds: 60 },
    { order: "x" },
    { order: "y" },
  ]);
  await arrived(database, [late, behind, other].map(String));
  expect((await new Puller(database, {}).take()).ids).toEqual([other]);
});

test("what a pause has held goes on by the limits", async () => {
  const waiting = await insertWaiting(stored, [{}, {}, {}]);
  await stored.query("insert into eventhub.destinations (name, paused_at) values ('LIMITED', now())");
  await arrived(database, waiting);
  const puller = new Puller(database, { concurrency: 2 });
  expect((await puller.take()).ids).toEqual([]);
  await stored.query("update eventhub.destinations set paused_at = null, resumed_at = now()");
  await arrived(database, waiting);
  expect((await puller.take()).ids).toEqual(waiting.slice(0, 2));
});

test("a breaker's probe is one that may be called, and the only one", async () => {
  const [head, behind, other] = await insertWaiting(stored, [
    { order: "x" },
    { order: "x" },
    { order: "y", dueInSeconds: 60 },
  ]);
  await arrived(database, [head, behind, other].map(String));
  await stored.query(
    "insert into eventhub.destinations (name, paused_at, paused_by, probe_at) values ('LIMITED', now(), 'breaker', now())",
  );
  const probes: NoticeRow[] = await database.run(startProbes());
  expect(ids(probes)).toEqual([head]);
  expect(await arrived(database, ids(probes))).toEqual({ wanted: 1, dueInMs: 0 });
  const puller = new Puller(database, { rate: { limit: 1, perSeconds: 3_600, burst: 1 } });
  const { rows } = await puller.take();
  expect(ids(rows)).toEqual([head]);
  await puller.end(nth(rows, 0));
  // It is paused all the same until somebody has looked at the answer.
  expect((await puller.take()).ids).toEqual([]);
  // And it counts for the rate.
  await stored.query("update eventhub.destinations set paused_at = null");
  await arrived(database, [String(behind)]);
  expect(await puller.take()).toMatchObject({ taken: 0, blocked: "rate" });
});

test("a breaker's probe counts for the rate of its key", async () => {
  const [probed, behind] = await insertWaiting(stored, [{ key: "a" }, { key: "a" }]);
  await arrived(database, [probed, behind].map(String));
  await stored.query(
    "insert into eventhub.destinations (name, paused_at, paused_by, probe_dispatch, probe_attempt) values ('LIMITED', now(), 'breaker', $1, 0)",
    [probed],
  );
  const puller = new Puller(database, { key: { rate: { limit: 1, perSeconds: 3_600, burst: 1 } } });
  const { rows } = await puller.take();
  expect(ids(rows)).toEqual([probed]);
  await puller.end(nth(rows, 0));
  await stored.query("update eventhub.destinations set paused_at = null");
  expect((await puller.take()).ids).toEqual([]);
  expect(await stored.query("select key, blocked from eventhub.flow_keys")).toEqual([{ key: "a", blocked: "rate" }]);
});

test("a drain gives back what was held at its rate, and the limits hold besides", async () => {
  const held = await insertWaiting(
    stored,
    Array.from({ length: 6 }, () => ({})),
  );
  await stored.query("update eventhub.dispatches set enqueued_at = now() - interval '1 minute'");
  await stored.query(
    "insert into eventhub.destinations (name, resumed_at, drain_from) values ('LIMITED', now(), now())",
  );
  await arrived(database, held);
  const puller = new Puller(database, { concurrency: 4 });
  expect((await puller.take()).ids).toEqual([]);
  const drained = await database.run(drainResumed([{ name: "LIMITED", perSecond: 1_000 }], 50), { idempotent: false });
  expect(ids(drained).toSorted()).toEqual(held.toSorted());
  await new Promise((resolve) => setTimeout(resolve, 50));
  await arrived(database, held);
  expect((await puller.take()).ids).toHaveLength(4);
});

test("what waits is not overdue, and reconciling of other destinations leaves it alone", async () => {
  const waiting = await insertWaiting(stored, [{ dueInSeconds: -600 }, { dueInSeconds: -600 }]);
  await arrived(database, waiting);
  await new Puller(database, { concurrency: 1 }).take();
  expect(await stored.query("select * from eventhub.overdue_dispatches")).toEqual([]);
});

test("what holds its order is kept by retention until it is seen to", async () => {
  const waiting = await insertWaiting(stored, [{ order: "x" }, { order: "y" }]);
  await arrived(database, waiting);
  const puller = new Puller(database, { hold: true });
  const { rows } = await puller.take();
  for (const row of rows) await puller.end(row, "failed");
  await stored.query("update eventhub.dispatches set held = null where order_key = 'y'");
  await stored.query("update eventhub.dispatches set resulted_at = now() - interval '2 days'");
  await stored.query("update eventhub.events set created_at = now() - interval '2 days'");
  // Their ids are as old: retention goes by them.
  const time = (Date.now() - 2 * 86_400_000).toString(16).padStart(12, "0");
  const old = (id: string) => `('${time}' || right(replace(${id}::text, '-', ''), 20))::uuid`;
  await stored.query("alter table eventhub.dispatches drop constraint dispatches_event_id_events_id_fk");
  await stored.query(`update eventhub.dispatches set event_id = ${old("event_id")}`);
  await stored.query(`update eventhub.events set id = ${old("id")}`);
  await stored.query("select eventhub.expire_rows(interval '1 day')");
  expect(await stored.query("select order_key, held from eventhub.dispatches")).toEqual([
    { order_key: "x", held: true },
  ]);
});
