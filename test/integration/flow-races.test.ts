import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_DESTINATION } from "../../schema/config/destinations/index.ts";
import type { Database } from "../../schema/database/connection.ts";
import { leavePacing } from "../../schema/queries/flow/arrive.ts";
import { recordLate } from "../../workflows/flow/turn.ts";
import type { TestDatabase } from "../support/database.ts";
import { Calls, pullHere } from "../support/flow-calls.ts";
import { arrived, endLeases, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";

let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});
beforeEach(() => {
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
});

/** The database, with one transaction that fails before or after it has happened. */
function failingAt(transaction: number, when: "before" | "after"): { over: Database; failed: Promise<void> } {
  const { promise: failed, resolve } = Promise.withResolvers<void>();
  let count = 0;
  const over = {
    ...database,
    transaction: async (statements: Parameters<Database["transaction"]>[0]) => {
      count++;
      if (count !== transaction) return database.transaction(statements);
      if (when === "after") await database.transaction(statements);
      setTimeout(resolve);
      throw new Error("the answer was lost");
    },
  } as Database;
  return { over, failed };
}

describe("the database fails while calls are under way", () => {
  test("their results are kept until they can be recorded", async () => {
    const ids = await insertWaiting(stored, [{}, {}, {}]);
    await arrived(database, ids);
    const calls = new Calls();
    const { over, failed } = failingAt(2, "before");
    const delivered = pullHere(calls, over);
    for (const id of ids) await calls.of(id).begun;
    calls.of(ids[0]).end();
    await failed;
    calls.of(ids[1]).end();
    setTimeout(() => calls.of(ids[2]).end(), 20);
    const { unrecorded } = await delivered;
    expect(unrecorded.map(({ dispatchId }) => dispatchId)).toEqual(ids);
  });

  test("a dispatch that was taken without an answer is free as soon as this is recorded", async () => {
    const ids = await insertWaiting(stored, [{}, {}]);
    await arrived(database, ids.slice(0, 1));
    await stored.query("update eventhub.dispatches set next_attempt_at = now() + interval '1 hour' where id = $1", [
      ids[1],
    ]);
    const calls = new Calls();
    const { over } = failingAt(2, "after");
    const delivered = pullHere(calls, over);
    await calls.of(ids[0]).begun;
    await stored.query("update eventhub.dispatches set next_attempt_at = now() where id = $1", [ids[1]]);
    await arrived(database, ids.slice(1));
    calls.of(ids[0]).end();
    const { unrecorded } = await delivered;
    expect(await stored.query("select dispatch_id from eventhub.flights")).toEqual([{ dispatch_id: ids[1] }]);
    await recordLate(database, {
      destination: "LIMITED",
      rules: {},
      instanceId: "one",
      workflow: "DISPATCH",
      records: unrecorded,
    });
    expect((await new Puller(database, {}).take()).ids).toEqual([ids[1]]);
  });
});

describe("a wait that a destination asks for", () => {
  const SECONDS = 60;

  test("also counts if the answer can only be recorded later", async () => {
    const ids = await insertWaiting(stored, [{ key: "a", maxRetries: 1 }, { key: "b" }]);
    await arrived(database, ids.slice(0, 1));
    const { over } = failingAt(2, "before");
    const { unrecorded } = await pullHere(new Calls(), over, {
      destination: { ...DEFAULT_DESTINATION, cooldown: "key" },
      bindings: { LIMITED: { handle: async () => ({ result: "failed", retryAfterSeconds: SECONDS }) } },
    });
    // As a Workflow step returns it.
    const records = JSON.parse(JSON.stringify(unrecorded)) as typeof unrecorded;
    expect(records).toMatchObject([{ dispatchId: ids[0], cooldown: { key: "a", seconds: SECONDS } }]);
    await recordLate(database, { destination: "LIMITED", rules: {}, instanceId: "one", workflow: "DISPATCH", records });
    await insertWaiting(stored, [{ key: "a" }]);
    await arrived(database, ids);
    expect((await new Puller(database, {}).take()).ids).toEqual([ids[1]]);
    expect(await stored.query("select key, cool_until > now() as cools from eventhub.flow_keys order by key")).toEqual([
      { key: "a", cools: true },
      { key: "b", cools: null },
    ]);
    // The answer of the database was lost, and the step is repeated: the wait has begun already.
    const until = async () => stored.query("select cool_until from eventhub.flow_keys where key = 'a'");
    const begun = await until();
    await recordLate(database, { destination: "LIMITED", rules: {}, instanceId: "one", workflow: "DISPATCH", records });
    expect(await until()).toEqual(begun);
  });

  test("stops no call that already has its time", async () => {
    const ids = await insertWaiting(stored, [{ maxRetries: 1 }, {}, {}]);
    await arrived(database, ids);
    const puller = new Puller(database, { rate: { limit: 3, perSeconds: 2, burst: 1 } });
    const { rows } = await puller.take();
    expect(rows.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    await puller.end(nth(rows, 0), "failed", { status: "ongoing", cooldown: { seconds: SECONDS } });
    expect(await puller.take()).toMatchObject({ taken: 0, blocked: "cooldown" });
    expect(await stored.query("select dispatch_id from eventhub.flights")).toEqual([{ dispatch_id: ids[1] }]);
    // It is recorded like any other, and asks for nothing.
    await puller.end(nth(rows, 1));
    expect(await puller.take()).toMatchObject({ taken: 0, blocked: "cooldown" });
  });
});

describe("a call that takes long", () => {
  test("does not delay dispatches that come in the meantime: its instance looks again", async () => {
    const [slow] = await insertWaiting(stored, [{}]);
    await arrived(database, [slow ?? ""]);
    const calls = new Calls();
    const delivered = pullHere(calls, database);
    await calls.of(slow).begun;
    const [quick] = await insertWaiting(stored, [{ key: "other" }]);
    await arrived(database, [quick ?? ""]);
    await calls.of(quick).begun;
    for (const id of [slow, quick]) calls.of(id).end();
    expect((await delivered).records).toHaveLength(2);
  });

  test("somebody else is asked where that instance does not look at once, since it may take nothing more, or is dead", async () => {
    const [slow] = await insertWaiting(stored, [{}]);
    await arrived(database, [slow ?? ""]);
    await new Puller(database, {}).take();
    await stored.query("update eventhub.flow_destinations set started = 0");
    const next = await insertWaiting(stored, [{}]);
    await stored.query("update eventhub.flow_destinations set looked_at = now() + interval '1 minute'");
    expect(await arrived(database, next)).toMatchObject({ wanted: 0 });
    await stored.query("update eventhub.flow_destinations set looked_at = now() - interval '1 second'");
    expect(await arrived(database, next)).toEqual({ wanted: 1, dueInMs: 0 });
  });

  test("what an executor has died with is called alone", async () => {
    const ids = await insertWaiting(stored, [{}, {}]);
    await stored.query("update eventhub.dispatches set claims = 2 where id = $1", [ids[0]]);
    await arrived(database, ids);
    const calls = new Calls();
    const delivered = pullHere(calls, database);
    await calls.of(ids[0]).begun;
    let beside = true;
    void calls.of(ids[1]).begun.then(() => expect(beside).toBe(false));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await stored.query("select dispatch_id from eventhub.flights")).toEqual([{ dispatch_id: ids[0] }]);
    beside = false;
    for (const id of ids) calls.of(id).end();
    expect((await delivered).records).toHaveLength(2);
  });
});

describe("who looks again", () => {
  test("an instance that has found nothing more is not counted on for what comes right after it", async () => {
    const first = await insertWaiting(stored, [{}]);
    expect(await arrived(database, first)).toMatchObject({ wanted: 1 });
    const puller = new Puller(database, {});
    await puller.end(nth((await puller.take()).rows, 0));
    expect(await puller.take()).toMatchObject({ taken: 0, more: false, pace: false });
    const second = await insertWaiting(stored, [{}]);
    expect(await arrived(database, second)).toEqual({ wanted: 1, dueInMs: 0 });
  });

  test("nor one that waits for something later", async () => {
    const later = await insertWaiting(stored, [{ dueInSeconds: 60 }, {}]);
    expect(await arrived(database, later)).toEqual({ wanted: 1, dueInMs: 0 });
    const puller = new Puller(database, {});
    await puller.end(nth((await puller.take()).rows, 0));
    expect(await puller.take()).toMatchObject({ taken: 0, pace: true });
    const now = await insertWaiting(stored, [{}]);
    expect(await arrived(database, now)).toEqual({ wanted: 1, dueInMs: 0 });
  });

  test("when an instance that was to do so gives up, another is asked", async () => {
    const ids = await insertWaiting(stored, [{ dueInSeconds: 60 }]);
    await arrived(database, ids);
    await stored.query("update eventhub.flow_destinations set pacer = null");
    expect(await new Puller(database, {}, { instanceId: "spent" }).take()).toMatchObject({ pace: true });
    expect(await arrived(database, [])).toMatchObject({ wanted: 0 });
    await database.run(leavePacing("LIMITED", "other"));
    expect(await arrived(database, [])).toMatchObject({ wanted: 0 });
    await database.run(leavePacing("LIMITED", "spent"));
    expect(await arrived(database, [])).toMatchObject({ wanted: 1 });
  });

  test("an instance that wakes early, by its own clock, stays", async () => {
    const ids = await insertWaiting(stored, [{ dueInSeconds: 60 }]);
    expect(await arrived(database, ids)).toMatchObject({ wanted: 1 });
    expect(await new Puller(database, {}).take()).toMatchObject({ pace: true });
    expect(await new Puller(database, {}).take()).toMatchObject({ pace: false });
  });

  test("an instance that a pause ends is not waited for after it", async () => {
    const ids = await insertWaiting(stored, [{ dueInSeconds: 60 }]);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    await puller.take();
    await stored.query("insert into eventhub.destinations (name, paused_at) values ('LIMITED', now())");
    expect(await puller.take()).toMatchObject({ pace: false });
    await stored.query("update eventhub.destinations set paused_at = null");
    expect(await arrived(database, ids)).toMatchObject({ wanted: 1 });
  });
});

describe("what is remembered", () => {
  test("a key that has used up a long burst has not got it again after an idle day", async () => {
    const ids = await insertWaiting(stored, [{ key: "used-up" }, { key: "idle" }]);
    await arrived(database, ids);
    await new Puller(database, {}).take();
    await stored.query("update eventhub.flow_keys set ready = false, touched_at = now() - interval '2 days'");
    await stored.query("update eventhub.flow_keys set tat = now() + interval '50 days' where key = 'used-up'");
    await stored.query("select eventhub.flow_sweep('LIMITED', 60, 500)");
    expect(await stored.query("select key from eventhub.flow_keys")).toEqual([{ key: "used-up" }]);
  });

  test("a call whose dispatch retention has removed gives its place back, and its order goes on", async () => {
    const ids = await insertWaiting(stored, [{ order: "x" }, { order: "x" }]);
    await arrived(database, ids);
    await new Puller(database, { concurrency: 1 }).take();
    await stored.query("delete from eventhub.dispatches where id = $1", [ids[0]]);
    await endLeases(stored);
    expect((await new Puller(database, { concurrency: 1 }).take()).ids).toEqual([ids[1]]);
  });

  test("the highest rate and a long wait that a destination asks for are no number too large", async () => {
    const ids = await insertWaiting(stored, [{}]);
    await arrived(database, ids);
    await stored.query("update eventhub.flow_destinations set cool_until = now() + interval '1 day', started = 0");
    const rules = { rate: { limit: 100_000, perSeconds: 1, burst: 1 } };
    expect(await arrived(database, ids, { rules })).toMatchObject({ wanted: 1 });
    expect(await new Puller(database, rules).take()).toMatchObject({ taken: 0, blocked: "cooldown", pace: true });
    await stored.query("update eventhub.flow_destinations set cool_until = null");
    expect((await new Puller(database, rules).take()).ids).toEqual(ids);
  });
});

test("what throws before a call ends the step, and does not leave it waiting for an outcome", async () => {
  const ids = await insertWaiting(stored, [{}, {}]);
  await arrived(database, ids);
  const destinationOf = () => {
    throw new Error("odd");
  };
  await expect(pullHere(new Calls(), database, { destinationOf })).rejects.toThrow("odd");
  expect((await new Puller(database, {}, { instanceId: "one" }).take()).ids).toEqual(ids);
});
