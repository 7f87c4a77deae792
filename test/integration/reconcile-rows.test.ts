import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { findToRescue } from "../../schema/queries/dispatches/find-to-rescue.ts";
import { noteSighting } from "../../schema/queries/dispatches/note-sighting.ts";
import { handOver, replaceInstance } from "../../schema/queries/dispatches/replace-or-lose.ts";
import { requeueUnclaimed, takeBackRequeue } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { claim as claimOver } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type DispatchValues, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";

/** Reconciling writes only if what it has read still holds: each of its statements meets a row that has changed in the meantime. */

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
  test_ = await createDatabase();
  database = openDatabase(test_);
});
afterAll(() => test_?.drop());
afterEach(() => test_.clear());

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const HOUR = 3_600;
const owned = (values: DispatchValues = {}) =>
  insertDispatch(test_, {
    instance_id: "one",
    workflow: "DISPATCH",
    next_attempt_at: secondsAgo(HOUR),
    lease_until: secondsAgo(HOUR),
    ...values,
  });
const read = (id: string) => readDispatch(test_, id);
const change = (id: string, assignments: string) =>
  test_.query(`update eventhub.dispatches set ${assignments} where id = $1`, [id]);
const overdue = () => database.run(findToRescue({ graceSeconds: 60, limit: 10 }));
const claim = (id: string, generation: number, instanceId: string) =>
  claimOver(database, id, { generation, instanceId });

describe("what an instance owns and is overdue", () => {
  test("is not looked at while its destination is paused, but for the one that its breaker probes with", async () => {
    const [held, probe, other, probed] = [
      await owned({ destination: "A" }),
      await owned({ destination: "A", attempts: 1 }),
      await owned({ destination: "B" }),
      await owned({ destination: "C", attempts: 2 }),
    ];
    await test_.query(
      `insert into eventhub.destinations (name, paused_at, paused_by, probe_dispatch, probe_attempt, probed_at)
       values ('A', now(), 'breaker', $1, 1, now()), ('C', now(), 'breaker', $2, 1, now())`,
      [probe, probed],
    );
    expect((await overdue()).map(({ id }) => id).sort()).toEqual([probe, other].sort());
    await test_.query("delete from eventhub.destinations");
    expect((await overdue()).map(({ id }) => id).sort()).toEqual([held, probe, other, probed].sort());
  });

  test("has been missing for long once the engine did not know its instance a grace ago, and not before", async () => {
    const [never, lately, long] = [
      await owned(),
      await owned({ missing_since: secondsAgo(30) }),
      await owned({ missing_since: secondsAgo(90) }),
    ];
    const rows = await overdue();
    const missingForLong = (id: string) => rows.find((row) => row.id === id)?.missing_for_long;
    expect([never, lately, long].map(missingForLong)).toEqual([false, false, true]);
  });
});

describe("of a destination that drains", () => {
  const HELD = secondsAgo(5 * HOUR);
  const RESUMED = secondsAgo(2 * HOUR);
  const SINCE = secondsAgo(HOUR);
  const insert = (values: DispatchValues = {}) =>
    insertDispatch(test_, { next_attempt_at: HELD, enqueued_at: HELD, ...values });
  const requeued = async () => {
    const rows = await database.run(requeueUnclaimed({ graceSeconds: 60, limit: 10 }));
    return rows.map(({ id }) => id).sort();
  };
  beforeEach(() =>
    test_.query(
      `insert into eventhub.destinations (name, resumed_at, resumed_by, drain_from, drained_at)
       values ('SCRIPTED', $1, 'operator', $1, $1)`,
      [RESUMED],
    ),
  );

  test("what it still holds is left to the drain, also what became due since; what was enqueued since and what an instance owns is not", async () => {
    await insert();
    await insert({ next_attempt_at: SINCE });
    const free = [await insert({ enqueued_at: SINCE }), await insert({ enqueued_at: SINCE, next_attempt_at: SINCE })];
    const owns = [await owned({ next_attempt_at: HELD, enqueued_at: HELD }), await owned({ enqueued_at: SINCE })];
    expect(await requeued()).toEqual(free.sort());
    expect((await overdue()).map(({ id }) => id).sort()).toEqual(owns.sort());
    await test_.query("update eventhub.destinations set drain_from = null");
    expect(await requeued()).toHaveLength(2);
  });

  test("what is late is found beside very many that it still holds", async () => {
    const like = await insert();
    await test_.query(
      `insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at, enqueued_at)
       select gen_random_uuid(), event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at, enqueued_at
       from eventhub.dispatches, generate_series(1, 20000) where id = $1`,
      [like],
    );
    const free = [
      await insert({ enqueued_at: SINCE, next_attempt_at: SINCE }),
      await insert({ enqueued_at: SINCE, next_attempt_at: new Date(HELD.getTime() - 1_000) }),
    ];
    const owns = [await owned(), await owned({ next_attempt_at: new Date(HELD.getTime() - 1_000) })];
    expect(await requeued()).toEqual(free.sort());
    expect((await overdue()).map(({ id }) => id).sort()).toEqual(owns.sort());
  });
});

describe("a sighting", () => {
  test("by two runs that overlap counts as one nudge", async () => {
    const id = await owned({ nudges: 2 });
    const [first, second] = [await overdue(), await overdue()];
    expect(await database.run(noteSighting(first, "nudged"))).toEqual([{ id }]);
    // However long ago that was, the second run's observation is from before it.
    await change(id, "lease_until = now() - interval '1 hour'");
    expect(await database.run(noteSighting(second, "nudged"))).toEqual([]);
    expect(await read(id)).toMatchObject({ nudges: 3 });
  });

  test.each([
    ["generation", "generation = generation + 1"],
    ["instance", "instance_id = 'two'"],
  ])("says nothing of a row that has another %s by now", async (_, moves) => {
    const id = await owned();
    const rows = await overdue();
    await change(id, moves);
    const before = await read(id);
    for (const sighting of ["nudged", "waiting", "missing", "unknown"] as const)
      expect(await database.run(noteSighting(rows, sighting))).toEqual([]);
    expect(await read(id)).toEqual(before);
  });

  test("of an instance that has handed over since says nothing of its successor, which waits until it is due", async () => {
    const id = await owned();
    const rows = await overdue();
    await database.run(handOver(rows, "one"));
    await change(id, "next_attempt_at = now() + interval '1 hour'");
    expect(await claim(id, 1, "two")).toMatchObject({ answer: "early" });
    const before = await read(id);
    expect(await database.run(noteSighting(rows, "missing"))).toEqual([]);
    expect(await read(id)).toEqual(before);
  });
});

test("a claim ends what was said of its owner while that was silent: nudges, missing, times it was enqueued", async () => {
  const id = await owned({ nudges: 4, missing_since: secondsAgo(HOUR), enqueues: 7 });
  expect(await claim(id, 0, "one")).toMatchObject({ answer: "mine" });
  expect(await read(id)).toMatchObject({ nudges: 0, missing_since: null, enqueues: 1 });
});

test("an instance that ended without ever claiming a dispatch takes it from no living one that did", async () => {
  // Two compositions of one queue batch: "one" was created for the dispatch and died, "two" has claimed it and waits until it is due.
  const id = await insertDispatch(test_, { next_attempt_at: new Date(Date.now() + HOUR * 1_000) });
  expect(await claim(id, 0, "two")).toMatchObject({ answer: "early" });
  const before = await read(id);
  const members = [{ id, generation: 0 }];
  expect(await database.run(replaceInstance(members, { instanceId: "one", lostAfterSeconds: 0 }))).toEqual([]);
  expect(await read(id)).toEqual(before);
  expect(await database.run(replaceInstance(members, { instanceId: "two", lostAfterSeconds: 86_400 }))).toMatchObject([
    { id, generation: 1 },
  ]);
});

describe("a requeue that the queue refused", () => {
  const requeued = async () => {
    const id = await insertDispatch(test_, { next_attempt_at: secondsAgo(HOUR), enqueued_at: secondsAgo(HOUR) });
    const rows = await database.run(requeueUnclaimed({ graceSeconds: 60, limit: 10 }));
    expect(rows).toMatchObject([{ id, enqueues: 2 }]);
    return { id, rows };
  };

  test("is taken back: the wait for the next one is as long as before", async () => {
    const { id, rows } = await requeued();
    await database.run(takeBackRequeue(rows));
    expect(await read(id)).toMatchObject({ enqueues: 1 });
  });

  test.each([
    ["was requeued again", "enqueues = enqueues + 1"],
    ["is of another generation", "generation = generation + 1"],
    ["has been claimed", "instance_id = 'one', workflow = 'DISPATCH'"],
    ["is final", "status = 'cancelled', resulted_at = now()"],
  ])("is not taken back of a row that %s since", async (_, moves) => {
    const { id, rows } = await requeued();
    await change(id, moves);
    const before = await read(id);
    await database.run(takeBackRequeue(rows));
    expect(await read(id)).toEqual(before);
  });
});
