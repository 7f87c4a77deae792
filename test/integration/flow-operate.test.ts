import { describe, expect, test } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import type { Database } from "../../schema/database/connection.ts";
import type { TakenRow } from "../../schema/queries/flow/take.ts";
import { cancelDispatch } from "../../workers/hub/operator/cancel.ts";
import type { MethodContext } from "../../workers/hub/operator/context.ts";
import { getDispatch } from "../../workers/hub/operator/details.ts";
import { pageOfFlows } from "../../workers/hub/operator/flows.ts";
import { pauseKey, releaseKey, resumeKey } from "../../workers/hub/operator/key-actions.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import { resetFlow, setFlow } from "../../workers/hub/operator/set-flow.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, endLeases, insertWaiting, Puller, useDatabase } from "../support/flow-database.ts";
import { operatorOn } from "../support/history.ts";

let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

/** One of the inserted ids; a test that inserts fewer fails. */
const nth = (ids: readonly string[], n: number): string => ids[n] ?? "none";

/** The first dispatch that a puller takes. */
const firstOf = async (puller: Puller): Promise<TakenRow> => rowOf((await puller.take()).rows);

function rowOf([row]: readonly TakenRow[]): TakenRow {
  if (row === undefined) throw new Error("nothing was taken");
  return row;
}

const operator = (): MethodContext & { enqueued: string[] } => ({ ...operatorOn(stored), config: () => undefined });

const waits = async () =>
  Object.fromEntries(
    (
      await stored.query<{ dispatch_id: string; waiting_for: string; ahead: number }>(
        "select dispatch_id, waiting_for, ahead from eventhub.waiting_dispatches",
      )
    ).map(({ dispatch_id, waiting_for, ahead }) => [dispatch_id, [waiting_for, ahead]]),
  );

const overdue = async () =>
  (await stored.query<{ dispatch_id: string }>("select dispatch_id from eventhub.overdue_dispatches order by 1")).map(
    ({ dispatch_id }) => dispatch_id,
  );

/** The hub's own events about keys, oldest first. */
const told = async () =>
  (
    await stored.query<{ payload: Record<string, unknown> }>(
      "select payload from eventhub.events where own and payload->>'kind' like 'eventhub.key.%' order by id",
    )
  ).map(({ payload: { kind, key, dispatchId, by } }) => [kind, key, dispatchId, ...(by === undefined ? [] : [by])]);

/** Three dispatches of one order, the first of which has failed for good and holds it. */
async function held(hold = true): Promise<{ ids: string[]; puller: Puller; rules: FlowRules }> {
  const rules: FlowRules = hold ? { hold: true } : {};
  const ids = await insertWaiting(stored, [
    { order: "o", key: "k" },
    { order: "o", key: "k" },
    { order: "o", key: "k" },
  ]);
  await arrived(database, ids, { rules });
  const puller = new Puller(database, rules);
  await puller.end(await firstOf(puller), "failed");
  return { ids, puller, rules };
}

describe("a waiting dispatch says what it waits for", () => {
  test("its time, a limit of its key or of its destination, others of its order, its turn", async () => {
    const ids = await insertWaiting(stored, [
      { key: "rate" },
      { key: "rate" },
      { key: "later", dueInSeconds: 60 },
      { key: "ordered", order: "o" },
      { key: "ordered", order: "o" },
      { key: "turn" },
    ]);
    await arrived(database, ids);
    const rules = { key: { rate: { limit: 1, perSeconds: 3600, burst: 1 } } };
    await new Puller(database, rules).take(2);
    await stored.query(
      "update eventhub.flow_keys set ready = false, blocked = 'rate', wake_at = now() + interval '1 hour' where key = 'rate'",
    );
    const [calling] = await stored.query<{ dispatch_id: string }>(
      "select dispatch_id from eventhub.flights where key = 'rate'",
    );
    const found = await waits();
    expect(calling?.dispatch_id).toBe(ids[0]);
    expect(found[nth(ids, 0)]).toBeUndefined();
    expect(found[nth(ids, 1)]).toEqual(["rate", 0]);
    expect(found[nth(ids, 2)]).toEqual(["time", 0]);
    expect(found[nth(ids, 4)]).toEqual(["order", 1]);
    expect([...Object.values(found)].map(([what]) => what).toSorted()).toEqual(["order", "rate", "time", "turn"]);

    await new Puller(database, { concurrency: 1 }).take();
    expect((await waits())[nth(ids, 5)]?.[0] ?? "called").toMatch(/concurrency|called/);
    const { waiting } = await getDispatch(database, ids[4]);
    expect(waiting).toEqual({ for: "order", ahead: 1, head: ids[3], heldBy: null });
  });

  test("what failed for good, a pause, the drain after one", async () => {
    const { ids } = await held();
    expect(await waits()).toEqual({ [nth(ids, 1)]: ["held", 0], [nth(ids, 2)]: ["held", 1] });
    expect(await getDispatch(database, ids[2])).toMatchObject({
      flowKey: "k",
      orderKey: "o",
      position: null,
      held: false,
      waiting: { for: "held", ahead: 1, head: ids[1], heldBy: ids[0] },
    });
    expect(await getDispatch(database, ids[0])).toMatchObject({
      held: true,
      waiting: null,
      position: expect.any(Number),
    });
    await stored.query("insert into eventhub.destinations (name, paused_at) values ('LIMITED', now())");
    expect(Object.values(await waits())).toEqual([
      ["pause", expect.any(Number)],
      ["pause", expect.any(Number)],
    ]);
    await stored.query("update eventhub.destinations set paused_at = null, drain_from = now()");
    expect(Object.values(await waits()).map(([what]) => what)).toEqual(["drain", "drain"]);
  });
});

describe("what waits is not overdue", () => {
  const age = (seconds: number) =>
    stored.query("update eventhub.dispatches set next_attempt_at = now() - make_interval(secs => $1)", [seconds]);

  test("as long as somebody looks; it is when nobody has for a minute", async () => {
    const ids = await insertWaiting(stored, [
      { key: "a" },
      { key: "b" },
      { order: "o", key: "a" },
      { order: "o", key: "a" },
    ]);
    await arrived(database, ids, { rules: { concurrency: 1 } });
    await new Puller(database, { concurrency: 1 }).take(1);
    await age(300);
    expect(await overdue()).toEqual([]);
    await stored.query(
      "update eventhub.flow_destinations set looked_at = now() - interval '2 minutes', pace_at = null",
    );
    expect(await overdue()).toEqual([]); // a call is still in flight
    await endLeases(stored);
    await stored.query(
      "update eventhub.dispatches set lease_until = now() - interval '1 second' where lease_until is not null",
    );
    expect(await overdue()).toEqual(ids.slice(0, 3).toSorted()); // the fourth has its first before it
    await stored.query(
      "update eventhub.flow_keys set paused_at = now(), ready = false, wake_at = null where key = 'b'",
    );
    expect(await overdue()).not.toContain(ids[1]);
  });

  test("unless the queue's message was lost", async () => {
    const ids = await insertWaiting(stored, [{ key: "a" }, { order: "o", key: "b" }]);
    await age(300);
    expect(await overdue()).toEqual(ids.toSorted());
    const { overdue: groups } = await findProblems(database, {});
    expect(groups).toMatchObject([{ destination: "LIMITED", dispatches: 2 }]);
    await arrived(database, ids);
    await new Puller(database, { concurrency: 1 }).take(1);
    expect(await overdue()).toEqual([]);
  });
});

describe("a key", () => {
  test("is held by a pause, and goes on after it; both stay in the operations", async () => {
    const ids = await insertWaiting(stored, [{ key: "loud" }, { key: "loud" }, { key: "quiet" }]);
    await arrived(database, ids);
    const by = operator();
    const paused = await pauseKey(by, "LIMITED", "loud", { reason: "floods us", actor: "ada" });
    expect(paused).toMatchObject({
      key: "loud",
      waiting: 2,
      waitingFor: "pause",
      pauseReason: "floods us",
      pausedAt: expect.any(Date),
    });
    await arrived(database, ids);
    expect((await new Puller(database, {}).take()).ids).toEqual([ids[2]]);
    expect(await waits()).toEqual({ [nth(ids, 0)]: ["key_pause", 0], [nth(ids, 1)]: ["key_pause", 1] });

    const resumed = await resumeKey(by, "LIMITED", "loud", { actor: "ada" });
    expect(resumed).toMatchObject({ pausedAt: null, pauseReason: null, waitingFor: "turn" });
    expect(by.enqueued).toEqual([ids[0]]);
    expect((await new Puller(database, {}).take()).ids).toEqual(ids.slice(0, 2));
    expect(
      (await listOperations(by)).map(({ action, actor, affected, state, arguments: args }) => ({
        action,
        actor,
        affected,
        state,
        args,
      })),
    ).toEqual([
      {
        action: "resume_key",
        actor: "ada",
        affected: 2,
        state: "finished",
        args: { destination: "LIMITED", key: "loud", of: "limits", reason: null },
      },
      {
        action: "pause_key",
        actor: "ada",
        affected: 2,
        state: "finished",
        args: { destination: "LIMITED", key: "loud", of: "limits", reason: "floods us" },
      },
    ]);
  });

  test("that nothing waits of can be paused before anything comes", async () => {
    await arrived(database, []);
    const ids = await insertWaiting(stored, [{ key: "new" }]);
    await pauseKey(operator(), "LIMITED", "new", {});
    await arrived(database, ids);
    expect((await new Puller(database, {}).take()).ids).toEqual([]);
  });

  test("has limits of its own for a while, which count at once", async () => {
    const ids = await insertWaiting(stored, [{ key: "a" }, { key: "a" }, { key: "a" }]);
    await arrived(database, ids);
    const rules: FlowRules = { key: { concurrency: 1 } };
    const puller = new Puller(database, rules);
    expect((await puller.take()).ids).toEqual([ids[0]]);
    const until = new Date(Date.now() + 60_000);
    const by = operator();
    const set = await setFlow(by, "LIMITED", { key: "a", concurrency: 2, until }, {});
    expect(set).toMatchObject({ override: { concurrency: 2 }, overrideUntil: until, waitingFor: "turn" });
    expect(by.enqueued).toEqual([ids[1]]);
    expect((await puller.take()).ids).toEqual([ids[1]]);
    await setFlow(by, "LIMITED", { key: "a", concurrency: null, until }, {});
    expect((await puller.take()).ids).toEqual([ids[2]]);
    expect(await resetFlow(by, "LIMITED", { key: "a" })).toMatchObject({ override: null, overrideUntil: null });
  });

  test("that is asked for by a wrong name, or with a limit that is none, is refused", async () => {
    const by = operator();
    await expect(pauseKey(by, "LIMTED", "a", {})).rejects.toThrow(
      '[not_found] there is no destination "LIMTED" with limits or an order',
    );
    await arrived(database, []);
    const until = new Date(Date.now() + 60_000);
    await expect(setFlow(by, "LIMITED", { until }, {})).rejects.toThrow(
      "[invalid_arguments] setting: must have a rate, a concurrency or, with a key, a weight",
    );
    await expect(setFlow(by, "LIMITED", { weight: 2, until }, {})).rejects.toThrow(
      "[invalid_arguments] setting.weight: needs a key: only keys take turns",
    );
    await expect(setFlow(by, "LIMITED", { concurrency: 0, until }, {})).rejects.toThrow(
      "[invalid_arguments] setting.concurrency: must be an integer from 1 to 10000, got 0",
    );
    await expect(setFlow(by, "LIMITED", { concurrency: 1, until: new Date(0) }, {})).rejects.toThrow(
      "[invalid_arguments] setting.until: must be a time in the future, at most 30 days from now",
    );
  });
});

describe("a destination", () => {
  test("has another rate for a while, and forgets what was called before when it is reset", async () => {
    const ids = await insertWaiting(stored, [{}, {}, {}]);
    await arrived(database, ids);
    const puller = new Puller(database, { rate: { limit: 1, perSeconds: 3600, burst: 1 } });
    expect((await puller.take()).ids).toEqual([ids[0]]);
    expect((await puller.take()).ids).toEqual([]);
    const by = operator();
    expect(await resetFlow(by, "LIMITED", {})).toMatchObject({ override: null, blocked: null });
    expect(by.enqueued).toEqual([ids[1]]);
    expect((await puller.take()).ids).toEqual([ids[1]]);
    const until = new Date(Date.now() + 60_000);
    const flow = await setFlow(by, "LIMITED", { rate: null, until }, {});
    expect(flow).toMatchObject({ override: { rate: null }, overrideUntil: until, inFlight: 2 });
    expect((await puller.take()).ids).toEqual([ids[2]]);
  });
});

describe("a held order", () => {
  test("goes on without what failed when it is released, and both are told", async () => {
    const { ids, puller, rules } = await held();
    expect(await told()).toEqual([["eventhub.key.held", "o", ids[0]]]);
    const by = operator();
    await expect(cancelDispatch(by, ids[0], {})).rejects.toThrow(
      `[conflict] dispatch ${ids[0]} is already failed, and holds the order "o": release that`,
    );
    expect(await releaseKey(by, "LIMITED", "o", {})).toEqual({ released: [ids[0]], next: ids[1] });
    expect(by.enqueued).toEqual([ids[1]]);
    await arrived(database, by.enqueued, { rules });
    expect((await puller.take()).ids).toEqual([ids[1]]);
    expect((await told()).at(-1)).toEqual(["eventhub.key.released", "o", ids[0], "release"]);
    await expect(releaseKey(by, "LIMITED", "o", {})).rejects.toThrow(
      '[conflict] no failed dispatch holds the order "o" of LIMITED',
    );
  });

  test("lets a retry take the place, which holds it again when it fails, and lets go when it succeeds", async () => {
    const { ids, puller, rules } = await held();
    const by = operator();
    const first = await retryDispatch(by, ids[0], {});
    await arrived(database, [first.id], { rules });
    await puller.end(await firstOf(puller), "failed");
    expect(await told()).toEqual([
      ["eventhub.key.held", "o", ids[0]],
      ["eventhub.key.held", "o", first.id],
    ]);
    const second = await retryDispatch(by, first.id, {});
    await arrived(database, [second.id], { rules });
    const { ids: taken, rows } = await puller.take();
    expect(taken).toEqual([second.id]);
    await puller.end(rowOf(rows));
    expect((await told()).at(-1)).toEqual(["eventhub.key.released", "o", second.id, "retry"]);
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("goes on when the retry is cancelled", async () => {
    const { ids, puller, rules } = await held();
    const by = operator();
    const retry = await retryDispatch(by, ids[0], {});
    await arrived(database, [retry.id], { rules });
    by.enqueued.length = 0;
    await cancelDispatch(by, retry.id, {});
    expect(by.enqueued).toEqual([retry.id]);
    await arrived(database, by.enqueued, { rules });
    expect((await told()).at(-1)).toEqual(["eventhub.key.released", "o", retry.id, "cancel"]);
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("tells nothing where what failed is skipped, and a preview of its retry says that the order is lost", async () => {
    const { ids, puller } = await held(false);
    expect((await puller.take()).ids).toEqual([ids[1]]);
    expect(await told()).toEqual([]);
    expect(await retryDispatches(operator(), { ids: [ids[0]] }, { dryRun: true })).toMatchObject({
      dispatches: 1,
      outOfOrder: 1,
    });
  });

  test("is found by what it holds, also when its key is idle", async () => {
    const { ids } = await held();
    await stored.query("delete from eventhub.flow_keys");
    const { items } = await pageOfFlows(database, { held: true }, {});
    expect(items).toMatchObject([
      {
        destination: "LIMITED",
        key: "k",
        held: 1,
        heldBy: ids[0],
        heldOrder: "o",
        behind: 2,
        waiting: 0,
        waitingFor: null,
      },
    ]);
    const [row] = await stored.query("select key, held::int, held_by, behind::int from eventhub.flow");
    expect(row).toEqual({ key: "k", held: 1, held_by: ids[0], behind: 2 });
  });
});

describe("keys are listed", () => {
  test("page by page, by what they wait for, and the busiest first", async () => {
    const keys = ["a", "b", "c", "d"];
    const ids = await insertWaiting(
      stored,
      keys.flatMap((key, n) => Array.from({ length: n + 1 }, () => ({ key }))),
    );
    await arrived(database, ids);
    const first = await pageOfFlows(database, { destination: "LIMITED" }, { limit: 3 });
    expect(first.items.map(({ key, waiting }) => [key, waiting])).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
    const second = await pageOfFlows(database, { destination: "LIMITED" }, { limit: 3, cursor: first.cursor });
    expect(second.items.map(({ key, waitingFor }) => [key, waitingFor])).toEqual([["d", "turn"]]);
    expect(second.cursor).toBeUndefined();
    await expect(pageOfFlows(database, {}, { cursor: first.cursor })).rejects.toThrow(
      "[invalid_arguments] page.cursor: belongs to another filter",
    );
    await pauseKey(operator(), "LIMITED", "b", {});
    expect((await pageOfFlows(database, { waitingFor: "pause" }, {})).items.map(({ key }) => key)).toEqual(["b"]);
    const busiest = await pageOfFlows(database, {}, { order: "busiest", limit: 2 });
    expect(busiest.items.map(({ key }) => key)).toEqual(["d", "c"]);
    const view = await stored.query("select key, waiting::int, waiting_for from eventhub.flow order by key");
    expect(view).toEqual([
      { key: "a", waiting: 1, waiting_for: "turn" },
      { key: "b", waiting: 2, waiting_for: "pause" },
      { key: "c", waiting: 3, waiting_for: "turn" },
      { key: "d", waiting: 4, waiting_for: "turn" },
    ]);
  });
});
