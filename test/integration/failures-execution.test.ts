import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { MAX_TRIES, openDatabase } from "../../schema/database/connection.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { replaceInstance } from "../../schema/queries/dispatches/replace-or-lose.ts";
import { claim, claimOf } from "../support/claims.ts";
import { emitAndSettle } from "../support/deliver.ts";
import { completed, type DispatchValues, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { eventually, type System, startSystem } from "../support/system.ts";
import type { Act } from "../workers/call.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ faulty: true });
});
afterAll(() => system?.stop());
afterEach(() => system.faults.clear());

const HOUR = 3_600_000;
const open = () => openDatabase(system.database);
const insert = (values: DispatchValues = {}) => insertDispatch(system.database, values);
const final = (id: string) =>
  eventually(async () => {
    const row = await readDispatch(system.database, id);
    return row.status === "ongoing" ? undefined : row;
  }, `dispatch ${id} is final`);
const story = async (id: string) => (await system.executions(id)).map(({ result, reason }) => [result, reason]);
const callsOf = async (id: string) => (await system.calls()).filter(({ context }) => context.dispatchId === id);

const deliver = async (to: string, script: Act[]) => (await emitAndSettle(system, { to, script })).dispatch;

describe("a consumer", () => {
  test("that answers after its timeout has failed that attempt; its late word does not count", async () => {
    const late = { result: "ignored", reason: "too late" };
    const { id, status, attempts } = await deliver("impatient", [
      { wait: 1_800, return: late },
      { wait: 900, return: "complete" },
    ]);
    expect({ status, attempts }).toEqual({ status: "complete", attempts: 2 });
    expect(await story(id)).toEqual([
      ["failed", "no answer within 1 s"],
      ["complete", null],
    ]);
  });

  test("that answers with 40 MB has failed, and the next attempt is made", async () => {
    const { id, attempts } = await deliver("SCRIPTED", [{ huge: 40 * 1024 * 1024 }, { return: "complete" }]);
    expect(attempts).toBe(2);
    expect((await story(id)).map(([result]) => result)).toEqual(["failed", "complete"]);
  });

  test("of a group of sixteen that hangs: the fifteen are final before it, and called once", async () => {
    const { events } = await system.emit(
      Array.from({ length: 16 }, (_, n) => ({
        to: "patient",
        script: n === 7 ? [{ hang: true }, { return: "complete" }] : [],
      })),
    );
    const rows = (await system.settledEach(events)).flat();
    expect(new Set(rows.map(({ instance_id }) => instance_id)).size).toBe(1);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(
      Array.from({ length: 16 }, (_, n) => ["complete", n === 7 ? 2 : 1]),
    );
    const [hung] = await system.executions(rows[7]?.id ?? "");
    for (const [n, row] of rows.entries())
      if (n !== 7) expect(row.resulted_at?.getTime()).toBeLessThan(hung?.finished_at.getTime() ?? 0);
  });
});

describe("trouble of our own uses up no retries", () => {
  test("a claim whose every answer is lost is one claim, and one call", async () => {
    await system.faults.plan({ place: "database", fault: "cut after", times: MAX_TRIES, statement: claimOf([]) });
    const { id, attempts } = await deliver("no retries", [{ return: "complete" }]);
    expect(attempts).toBe(1);
    expect(await callsOf(id)).toHaveLength(1);
  });

  test("a record whose answer is lost is there once", async () => {
    await system.faults.plan({ place: "database", fault: "cut after", statement: recordExecutions([], "") });
    const { id, attempts } = await deliver("SCRIPTED", [{ return: "failed" }, { return: "complete" }]);
    expect(attempts).toBe(2);
    expect(await story(id)).toEqual([
      ["failed", null],
      ["complete", null],
    ]);
    expect(await callsOf(id)).toHaveLength(2);
  });

  test("a dispatch that kills the executor which it shares is found: from the third claim each is alone, and the others lose nothing", async () => {
    const values = { claims: 2, max_retries: 0, enqueued_at: new Date(Date.now() - HOUR), next_attempt_at: new Date() };
    const ids = await Promise.all(Array.from({ length: 8 }, () => insert(values)));
    const poison = await insert({ ...values, claims: 5, max_retries: 1 });
    await system.reconcile();
    const rows = await Promise.all(ids.map(final));
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(8).fill(["complete", 1]));
    await final(poison);
    expect(await story(poison)).toEqual([
      ["failed", "the executor died during the call (5 claims without a record)"],
      ["complete", null],
    ]);
    expect(new Set([...rows, await final(poison)].map(({ instance_id }) => instance_id)).size).toBe(9);
  });
});

describe("a late result", () => {
  const retryable = { result: "failed", status: "ongoing", decisive: false, delaySeconds: 60 } as const;
  const spent = { result: "failed", status: "failed", decisive: false } as const;

  /** A dispatch that was claimed by an instance which is then replaced: its result comes from an older generation. */
  async function replaced() {
    const id = await insert();
    const { token } = await claim(open(), id, { instanceId: "old", leaseSeconds: 0 });
    await open().run(replaceInstance([{ id, generation: 0 }], { instanceId: "old", lostAfterSeconds: HOUR }));
    return { id, token };
  }

  test("of an older generation counts, if it is the consumer's final word", async () => {
    const { id, token } = await replaced();
    expect(await open().run(recordExecutions([completed(id, token)], "old"))).toHaveLength(1);
    expect(await readDispatch(system.database, id)).toMatchObject({ status: "complete", attempts: 1, generation: 1 });
    expect(await claim(open(), id, { generation: 1, instanceId: "new" })).toMatchObject({ answer: "gone" });
  });

  test.each([
    ["a failure to be retried", retryable],
    ["a failure without retries left", spent],
  ])("of an older generation does not count, if it is %s", async (_, values) => {
    const { id, token } = await replaced();
    expect(await open().run(recordExecutions([completed(id, token, values)], "old"))).toEqual([]);
    expect(await readDispatch(system.database, id)).toMatchObject({ status: "ongoing", attempts: 0, generation: 1 });
    expect(await system.executions(id)).toEqual([]);
  });
});

describe("a configuration that has changed between save and delivery", () => {
  test.each([
    ["whose route was removed", "REMOVED"],
    ["to the database URL", "DATABASE_URL"],
    ["to the queue", "EVENTHUB_QUEUE"],
    ["to the Workflow", "DISPATCH"],
    ["to a property of every object", "constructor"],
  ])("a dispatch %s is misconfigured when its retries are used up, and says so", async (_, destination) => {
    const id = await insert({ destination, max_retries: 0, enqueued_at: new Date(Date.now() - HOUR) });
    await system.reconcile();
    expect(await final(id)).toMatchObject({ status: "misconfigured", attempts: 1 });
    expect(await story(id)).toEqual([
      ["misconfigured", `the executor's configuration has no destination ${destination}`],
    ]);
  });

  test("a dispatch to a destination that the executor does not have yet waits a minute for its deployment", async () => {
    const id = await insert({ destination: "NEW", enqueued_at: new Date(Date.now() - HOUR) });
    await system.reconcile();
    const row = await eventually(async () => {
      const found = await readDispatch(system.database, id);
      return found.attempts === 1 ? found : undefined;
    }, "one attempt is recorded");
    expect(row).toMatchObject({
      status: "ongoing",
      reason: "the executor's configuration has no destination NEW",
    });
    const [execution] = await system.executions(id);
    const waits = (row.next_attempt_at?.getTime() ?? 0) - (execution?.finished_at.getTime() ?? 0);
    expect(Math.round(waits / 1_000)).toBe(60);
  });
});
