import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DispatchesDryRun, Operation, ReplayDryRun } from "../../schema/contract/operations.ts";
import { cancelDispatch, cancelDispatches } from "../../workers/hub/operator/cancel.ts";
import { getOperation, listOperations } from "../../workers/hub/operator/operations.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import { tick } from "../../workers/hub/operator/tick.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { dyingDatabase, insertHistory, operatorOn, type Past } from "../support/history.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const insert = (count: number, row: Past) =>
  insertHistory(
    database,
    Array.from({ length: count }, () => row),
  );
const hourAgo = new Date(Date.now() - 3_600_000);
/** How often each dispatch was retried, and by how many rows. */
const retries = async () => {
  const [row] = await database.query<{ originals: number; retries: number }>(
    "select count(distinct retry_of)::int as originals, count(*)::int as retries from eventhub.dispatches where retry_of is not null",
  );
  return row;
};
const abandon = () => database.query("update eventhub.operations set updated_at = now() - interval '5 minutes'");

describe("retryDispatch", () => {
  test("makes a new dispatch that names the old, with its overrides, once", async () => {
    const [row] = await insert(1, { status: "failed", at: hourAgo, attempts: 4, reason: "no" });
    const operator = operatorOn(database, { actor: "ada" });
    const retry = await retryDispatch(operator, row?.id, { maxRetries: 0, timeoutSeconds: 5 });
    expect(retry).toMatchObject({
      status: "ongoing",
      retryOf: row?.id,
      maxRetries: 0,
      timeoutSeconds: 5,
      attempts: 0,
      destination: "SCRIPTED",
    });
    expect(operator.enqueued).toEqual([retry.id]);
    const [old] = await database.query("select status, attempts, reason from eventhub.dispatches where id = $1", [
      row?.id,
    ]);
    expect(old).toEqual({ status: "failed", attempts: 4, reason: "no" });
    expect(await listOperations(operator)).toMatchObject([
      {
        id: retry.operationId,
        actor: "ada",
        action: "retry_dispatch",
        arguments: { id: row?.id },
        affected: 1,
        state: "finished",
      },
    ]);
    await expect(retryDispatch(operator, row?.id, {})).rejects.toThrow(
      `[conflict] dispatch ${row?.id} was already retried: retry ${retry.id}`,
    );
    await expect(retryDispatch(operator, retry.id, {})).rejects.toThrow(`[conflict] dispatch ${retry.id} is ongoing`);
  });

  test("of many at once makes one, and the others are told", async () => {
    const [row] = await insert(1, { status: "lost", at: hourAgo });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => retryDispatch(operatorOn(database), row?.id, {})),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await retries()).toEqual({ originals: 1, retries: 1 });
  });

  test("with the same operationId again gives the same dispatch", async () => {
    const [row] = await insert(1, { status: "failed", at: hourAgo });
    const operationId = randomUUID();
    const first = await retryDispatch(operatorOn(database), row?.id, { operationId });
    expect((await retryDispatch(operatorOn(database), row?.id, { operationId })).id).toBe(first.id);
    expect(await retries()).toEqual({ originals: 1, retries: 1 });
  });

  test("refuses one whose payload is gone", async () => {
    const [row] = await insert(1, { status: "failed", at: hourAgo, payload: null });
    await expect(retryDispatch(operatorOn(database), row?.id, {})).rejects.toThrow(
      "[conflict] the payload of dispatch",
    );
  });
});

describe("retryDispatches", () => {
  test("retries what its filter finds and nothing else, at a rate, and says so before", async () => {
    const failed = await insert(700, { status: "failed", destination: "A", at: hourAgo });
    await insert(20, { status: "failed", destination: "B", at: hourAgo });
    await insert(20, { status: "complete", destination: "A", at: hourAgo });
    await insert(20, { status: "ongoing", destination: "A", at: hourAgo });
    const operator = operatorOn(database);
    const dry = (await retryDispatches(operator, { destination: "A" }, { dryRun: true })) as DispatchesDryRun;
    expect(dry).toEqual({
      exact: true,
      limited: false,
      dispatches: 700,
      skipped: 0,
      groups: [{ destination: "A", status: "failed", dispatches: 700 }],
      outOfOrder: 0,
    });
    expect(await retries()).toEqual({ originals: 0, retries: 0 });
    const done = (await retryDispatches(operator, { destination: "A" }, { perSecond: 100 })) as Operation;
    expect(done).toMatchObject({ state: "finished", examined: 700, affected: 700, action: "retry_dispatches" });
    expect(await retries()).toEqual({ originals: 700, retries: 700 });
    expect(operator.enqueued).toHaveLength(700);
    const [spread] = await database.query<{ first: number; last: number }>(
      `select extract(epoch from min(next_attempt_at - created_at))::float8 as first, extract(epoch from max(next_attempt_at - created_at))::float8 as last
       from eventhub.dispatches where operation_id = $1`,
      [done.id],
    );
    expect(spread?.first).toBeCloseTo(0, 1);
    expect(spread?.last).toBeCloseTo(6.99, 1);
    const [oldest] = await database.query<{ retry_of: string }>(
      "select retry_of from eventhub.dispatches where operation_id = $1 order by next_attempt_at limit 1",
      [done.id],
    );
    expect(oldest?.retry_of).toBe(failed[0]?.id);
    // Once more: there is nothing left to do.
    expect(await retryDispatches(operator, { destination: "A" }, {})).toMatchObject({ examined: 0, affected: 0 });
  });

  test("says beforehand what it leaves out since its payload is gone, so that it makes what it has said", async () => {
    await insert(30, { status: "failed", at: hourAgo });
    await insert(12, { status: "failed", destination: "B", at: hourAgo, payload: null });
    const dry = await retryDispatches(operatorOn(database), {}, { dryRun: true });
    expect(dry).toMatchObject({
      exact: true,
      dispatches: 30,
      skipped: 12,
      groups: [{ destination: "SCRIPTED", status: "failed", dispatches: 30 }],
    });
    expect(await retryDispatches(operatorOn(database), {}, {})).toMatchObject({ examined: 42, affected: 30 });
  });

  test("says that it has not counted all when the time is up", async () => {
    await insert(20_001, { status: "failed", at: hourAgo });
    const dry = (deadline: number) => retryDispatches(operatorOn(database, { deadline }), {}, { dryRun: true });
    expect(await dry(0)).toMatchObject({ exact: false, limited: false, dispatches: 20_000 });
    expect(await dry(Number.POSITIVE_INFINITY)).toMatchObject({ exact: true, dispatches: 20_001 });
  });

  test("stops at its limit", async () => {
    await insert(30, { status: "failed", at: hourAgo });
    const dry = (await retryDispatches(operatorOn(database), {}, { dryRun: true, limit: 12 })) as DispatchesDryRun;
    expect(dry).toMatchObject({ exact: true, limited: true, dispatches: 12 });
    expect(await retryDispatches(operatorOn(database), {}, { limit: 12 })).toMatchObject({
      state: "finished",
      affected: 12,
    });
    expect(await retries()).toEqual({ originals: 12, retries: 12 });
  });

  test.each([
    ["before a chunk is written", { at: 4, after: false }],
    ["after a chunk was written and before its answer was read", { at: 4, after: true }],
    ["after the second chunk was written", { at: 7, after: true }],
  ])("killed %s is finished by the hub's cron, and nothing is made twice", async (_, dies) => {
    await insert(1_200, { status: "failed", at: hourAgo });
    const operator = operatorOn(database);
    const mortal = { ...operator, database: dyingDatabase(operator.database, dies) };
    await expect(retryDispatches(mortal, {}, {})).rejects.toThrow("the Worker has died");
    expect((await retries())?.retries).toBeLessThan(1_200);
    expect((await tick(operator)).operations).toBe(0); // it may still be working
    await abandon();
    expect((await tick(operator)).operations).toBe(1);
    expect(await retries()).toEqual({ originals: 1_200, retries: 1_200 });
    expect(await listOperations(operator)).toMatchObject([{ state: "finished", affected: 1_200, examined: 1_200 }]);
  });

  test("killed and called again with its operationId goes on where it stopped", async () => {
    await insert(1_200, { status: "failed", at: hourAgo });
    const operator = operatorOn(database);
    const operationId = randomUUID();
    const mortal = { ...operator, database: dyingDatabase(operator.database, { at: 4, after: true }) };
    await expect(retryDispatches(mortal, {}, { operationId })).rejects.toThrow("the Worker has died");
    expect(await retryDispatches(operator, {}, { operationId })).toMatchObject({ id: operationId, affected: 1_200 });
    expect(await retries()).toEqual({ originals: 1_200, retries: 1_200 });
    await expect(cancelDispatches(operator, {}, { operationId })).rejects.toThrow(
      `[conflict] options.operationId: ${operationId} is another operation's: retry_dispatches, by tests, `,
    );
  });

  test("refuses a filter that finds only what was retried already, instead of retrying the others", async () => {
    await insert(3, { status: "failed", at: hourAgo });
    for (const options of [{}, { dryRun: true }]) {
      await expect(retryDispatches(operatorOn(database), { retried: true }, options)).rejects.toThrow(
        "[invalid_arguments] filter.retried: ",
      );
    }
    expect(await retries()).toEqual({ originals: 0, retries: 0 });
  });

  test("by two operators at once, and two Workers on one operation, retries each once", async () => {
    await insert(1_500, { status: "failed", at: hourAgo });
    const operationId = randomUUID();
    const all = await Promise.all([
      retryDispatches(operatorOn(database, { actor: "ada" }), {}, {}),
      retryDispatches(operatorOn(database, { actor: "bob" }), {}, { operationId }),
      retryDispatches(operatorOn(database, { actor: "bob" }), {}, { operationId }),
    ]);
    expect(await retries()).toEqual({ originals: 1_500, retries: 1_500 });
    const [ada, bob] = all as Operation[];
    expect((ada?.affected ?? 0) + (bob?.affected ?? 0)).toBe(1_500);
    expect(all[1]).toMatchObject({ affected: (all[2] as Operation).affected });
  });

  test("does not chase its own failures", async () => {
    await insert(5, { status: "failed", at: hourAgo });
    await database.query(
      `create or replace function eventhub.fail_at_once() returns trigger language plpgsql as $$
       begin new.status = 'failed'; new.resulted_at = now(); return new; end $$;
       create trigger fail_at_once before insert on eventhub.dispatches for each row when (new.retry_of is not null)
         execute function eventhub.fail_at_once()`,
    );
    try {
      expect(await retryDispatches(operatorOn(database), {}, {})).toMatchObject({ affected: 5 });
    } finally {
      await database.query("drop trigger fail_at_once on eventhub.dispatches; drop function eventhub.fail_at_once()");
    }
  });
});

describe("cancelDispatches", () => {
  test("cancels what is ongoing and leaves the rest as it is", async () => {
    const ongoing = await insert(600, { status: "ongoing", destination: "A", at: hourAgo });
    const [other] = await insert(1, { status: "ongoing", destination: "B", at: hourAgo });
    await insert(5, { status: "failed", destination: "A", at: hourAgo });
    const operator = operatorOn(database, { actor: "ada" });
    expect(await cancelDispatches(operator, { destination: "A" }, { dryRun: true })).toMatchObject({ dispatches: 600 });
    expect(await cancelDispatches(operator, { destination: "A" }, {})).toMatchObject({
      state: "finished",
      affected: 600,
    });
    const rows = await database.query(
      "select destination, status, reason, count(*)::int as n from eventhub.dispatches group by 1, 2, 3 order by 1, 2",
    );
    expect(rows).toEqual([
      { destination: "A", status: "cancelled", reason: "cancelled by ada", n: 600 },
      { destination: "A", status: "failed", reason: null, n: 5 },
      { destination: "B", status: "ongoing", reason: null, n: 1 },
    ]);
    expect(await cancelDispatch(operator, ongoing[0]?.id, {})).toMatchObject({ status: "cancelled" });
    expect(await cancelDispatch(operator, other?.id, {})).toMatchObject({ status: "cancelled" });
    await expect(cancelDispatches(operator, { status: "failed" }, {})).rejects.toThrow(
      "[invalid_arguments] filter.status",
    );
  });

  test("refuses one that has ended, with its status", async () => {
    const [row] = await insert(1, { status: "complete", at: hourAgo });
    await expect(cancelDispatch(operatorOn(database), row?.id, {})).rejects.toThrow(
      `[conflict] dispatch ${row?.id} is already complete`,
    );
  });
});

describe("replayEvents", () => {
  test("leaves what was emitted in SQL to the hub's cron until that has routed it", async () => {
    await database.query('select eventhub.emit(\'{"to": "SCRIPTED"}\')');
    await insert(1, { status: "complete", payload: { to: "SCRIPTED" } });
    const operator = operatorOn(database);
    const replayed = { examined: 1, affected: 1 };
    expect(await replayEvents(operator, {}, { routing: "current", dryRun: true })).toMatchObject({ events: 1 });
    expect(await replayEvents(operator, {}, { routing: "current", limit: 1 })).toMatchObject(replayed);
    expect(await tick(operator)).toMatchObject({ routed: 1 });
    const each = "select count(*)::int as n from eventhub.dispatches group by event_id order by 1";
    expect(await database.query(each)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(await replayEvents(operator, {}, { routing: "current" })).toMatchObject({ examined: 2, affected: 2 });
  });

  test("says per destination what it would create and how the routings differ, and creates it with its lineage", async () => {
    // Was routed to OLD; now the tests' configuration routes it to SCRIPTED and SINGLE.
    await insert(250, { status: "complete", destination: "OLD", payload: { to: "both" }, at: hourAgo });
    await insert(3, { status: "failed", destination: "SCRIPTED", payload: { to: "SCRIPTED" }, at: hourAgo });
    await insert(2, { status: "failed", destination: "SCRIPTED", payload: null, at: hourAgo });
    const operator = operatorOn(database);
    const dry = (await replayEvents(operator, {}, { routing: "current", dryRun: true })) as ReplayDryRun;
    expect(dry).toMatchObject({
      exact: true,
      events: 255,
      skipped: 2,
      dispatches: 503,
      destinations: [
        { destination: "OLD", dispatches: 0, same: 250, current: 0 },
        { destination: "SCRIPTED", dispatches: 253, same: 3, current: 253 },
        { destination: "SINGLE", dispatches: 250, same: 0, current: 250 },
      ],
      differing: 250,
    });
    expect(dry.examples).toHaveLength(10);
    const filter = { payload: { path: "$.to", equals: "both" } };
    const done = (await replayEvents(operator, filter, { routing: "current" })) as Operation;
    expect(done).toMatchObject({ state: "finished", examined: 250, affected: 500, arguments: { routing: "current" } });
    expect(
      await database.query(
        `select d.destination, d.route, d.status, count(*)::int as n, count(distinct d.event_id)::int as events from eventhub.dispatches d
         where d.operation_id = $1 group by 1, 2, 3 order by 1`,
        [done.id],
      ),
    ).toEqual([
      { destination: "SCRIPTED", route: "fan-out a", status: "ongoing", n: 250, events: 250 },
      { destination: "SINGLE", route: "fan-out b", status: "ongoing", n: 250, events: 250 },
    ]);
    expect(operator.enqueued).toHaveLength(500);
    // The same routing is that of the first dispatches, not that of the replay.
    expect(await replayEvents(operator, filter, { routing: "same" })).toMatchObject({ affected: 250 });
  });

  test("killed half-way is finished by the hub's cron, each event once", async () => {
    await insert(350, { status: "complete", payload: { to: "SCRIPTED" }, at: hourAgo });
    const operator = operatorOn(database);
    const mortal = { ...operator, database: dyingDatabase(operator.database, { at: 9, after: true }) };
    await expect(replayEvents(mortal, {}, { routing: "same" })).rejects.toThrow("the Worker has died");
    await abandon();
    await tick(operator);
    const [operation] = await listOperations(operator);
    expect(await getOperation(operator, operation?.id)).toMatchObject({ state: "finished", affected: 350 });
    expect(
      await database.query(
        "select count(*)::int as n, count(distinct event_id)::int as events from eventhub.dispatches where operation_id is not null",
      ),
    ).toEqual([{ n: 350, events: 350 }]);
  });
});
