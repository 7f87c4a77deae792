import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_CALLS_IN_FLIGHT } from "../../schema/vocabulary/limits.ts";
import { PLATFORM_WORDS } from "../../workflows/platform-refusals.ts";
import { insertDispatch } from "../support/dispatch-rows.ts";
import { type DispatchRow, eventually, type System, startSystem } from "../support/system.ts";
import type { Act } from "../workers/call.ts";

/** Groups as large as the platform supports: refused calls, slow calls, and calls in which an executor dies. */

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const HOUR = 3_600_000;
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Emits a payload with each script in one call, and waits until all are final. */
async function deliver(to: string, scripts: readonly Act[][]): Promise<DispatchRow[]> {
  const { events } = await system.emit(scripts.map((script) => ({ to, script })));
  return (await system.settledEach(events)).flat();
}

const story = async (id: string) => (await system.executions(id)).map(({ result, reason }) => [result, reason]);
const callsOf = async (id: string) => (await system.calls()).filter(({ context }) => context.dispatchId === id).length;
/** How many dispatches each instance ended with. */
const sizes = (rows: readonly DispatchRow[]) =>
  [...Map.groupBy(rows, ({ instance_id }) => instance_id).values()].map(({ length }) => length).sort((a, b) => b - a);
const limitOf = async (name: string) =>
  (
    await system.database.query("select group_limit, group_limited_by from eventhub.destinations where name = $1", [
      name,
    ])
  )[0];

const refusals = PLATFORM_WORDS.filter(({ means }) => means === "refused").map(({ words }) => words);
const endings = PLATFORM_WORDS.filter(({ means }) => means === "unknown").map(({ words }) => words);
const REFUSED = "Too many subrequests by single Worker invocation.";

test("a hundred dispatches share an instance, and are called in waves of sixteen", async () => {
  const { events } = await system.emit(numbers(100).map((n) => ({ to: "both", n })));
  const all = (await system.settledEach(events)).flat();
  const shared = all.filter(({ destination }) => destination === "SCRIPTED");
  expect(sizes(shared)).toEqual([100]);
  expect(shared.every(({ status, attempts, claims }) => status === "complete" && attempts === 1 && claims === 0)).toBe(
    true,
  );
  expect(sizes(all.filter(({ destination }) => destination === "SINGLE"))).toEqual(Array(100).fill(1));
});

test("a call that hangs in a group of forty delays no other: they are final before it, and called once", async () => {
  const rows = await deliver(
    "patient",
    numbers(40).map((n) => (n === 7 ? [{ hang: true }, { return: "complete" }] : [])),
  );
  expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(
    numbers(40).map((n) => ["complete", n === 7 ? 2 : 1]),
  );
  const [hung] = await system.executions(rows[7]?.id ?? "");
  for (const [n, row] of rows.entries())
    if (n !== 7) expect(row.resulted_at?.getTime()).toBeLessThan(hung?.finished_at.getTime() ?? 0);
});

test("calls that are refused in a group of twelve, and again in one of ten, are made alone and count as first attempts", async () => {
  const rows = await deliver("no retries", Array(12).fill([{ throw: REFUSED, times: 2 }]));
  expect(rows.map((row) => [row.status, row.attempts, row.claims, row.group_limit, row.generation])).toEqual(
    Array(12).fill(["complete", 1, 0, null, 2]),
  );
  expect(sizes(rows)).toEqual(Array(12).fill(1));
  for (const { id } of rows) expect([await story(id), await callsOf(id)]).toEqual([[["complete", null]], 3]);
});

describe.each(["throw", "nested"] as const)("the platform's word, by a consumer's own %s,", (how) => {
  test.each(refusals)('"%s": refused once, it uses up no retry and leaves no execution', async (words) => {
    const rows = await deliver("no retries", [[], [], [{ [how]: `${words}. More of it.`, times: 1 } as Act]]);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(3).fill(["complete", 1]));
    const id = rows[2]?.id ?? "";
    expect(await story(id)).toEqual([["complete", null]]);
    expect(await callsOf(id)).toBe(2);
  });

  test.each(refusals)('"%s": alone in its instance it is the consumer\'s failure', async (words) => {
    const [row] = await deliver("no retries", [[{ [how]: `${words}.` } as Act]]);
    expect(row).toMatchObject({ status: "failed", attempts: 1 });
    expect(await story(row?.id ?? "")).toEqual([["failed", `Error: ${words}. (refused by the platform)`]]);
    expect(await callsOf(row?.id ?? "")).toBe(1);
  });

  test.each(endings)('"%s": it may have begun, and is an attempt that says so', async (words) => {
    const rows = await deliver("SCRIPTED", [[], [{ [how]: `${words}.` } as Act, { return: "complete" }]]);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["complete", 1],
      ["complete", 2],
    ]);
    expect(await story(rows[1]?.id ?? "")).toEqual([
      ["failed", `Error: ${words}. (by the platform: the call may have begun)`],
      ["complete", null],
    ]);
  });
});

test("a consumer that always throws the platform's message fails by it, and its neighbours do not", async () => {
  const rows = await deliver(
    "SCRIPTED",
    numbers(30).map((n) => (n % 10 === 3 ? [{ throw: REFUSED }] : [])),
  );
  for (const [n, { id, status, attempts }] of rows.entries()) {
    if (n % 10 !== 3) expect([n, status, attempts]).toEqual([n, "complete", 1]);
    else {
      expect([n, status, attempts]).toEqual([n, "failed", 4]);
      expect(await story(id)).toEqual(Array(4).fill(["failed", `Error: ${REFUSED} (refused by the platform)`]));
    }
  }
});

test("a batch that is refused goes in smaller ones, down to one, and no attempt is counted", async () => {
  const batch = { throw: REFUSED };
  const { events } = await system.emit(numbers(12).map((n) => ({ to: "BATCH", ...(n === 0 ? { batch } : {}) })));
  const rows = (await system.settledEach(events)).flat();
  expect(rows.slice(1).map(({ status, attempts }) => [status, attempts])).toEqual(Array(11).fill(["complete", 1]));
  expect(rows[0]).toMatchObject({ status: "failed", attempts: 4 });
});

describe("how large a group a destination bears", () => {
  test("is learned from a refusal, shown to operators, and holds for the next groups", async () => {
    const first = await deliver(
      "OWN",
      numbers(60).map((n) => (n === 20 ? [{ throw: REFUSED, times: 1 }] : [])),
    );
    expect(first.map(({ status, attempts }) => [status, attempts])).toEqual(Array(60).fill(["complete", 1]));
    const limit = (await limitOf("OWN")) as { group_limit: number; group_limited_by: string };
    expect(limit).toEqual({ group_limit: expect.any(Number), group_limited_by: "Too many subrequests" });
    expect(limit.group_limit).toBeGreaterThanOrEqual(10);
    expect(limit.group_limit).toBeLessThan(60);
    const next = await deliver("OWN", Array(60).fill([]));
    expect(Math.max(...sizes(next))).toBe(limit.group_limit);
  });

  test("is learned from slow calls: what has no place goes to others, which are as large as all at once", async () => {
    const slow = Array(40).fill([{ wait: 3_500, return: "complete" }]) as Act[][];
    const rows = await deliver("BREAKER", slow);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(40).fill(["complete", 1]));
    expect(sizes(rows)).toEqual([16, 16, 8]);
    const called = Map.groupBy(await system.calls(), ({ context }) => context.dispatchId);
    expect(rows.map(({ id }) => called.get(id)?.length)).toEqual(Array(40).fill(1));
    expect(await limitOf("BREAKER")).toEqual({ group_limit: MAX_CALLS_IN_FLIGHT, group_limited_by: "slow" });
  });
});

describe("what an executor has died with", () => {
  const due = new Date();
  const insertMany = (count: number, values: object) =>
    Promise.all(
      numbers(count).map(() =>
        insertDispatch(system.database, {
          destination: "ALERTING",
          max_retries: 0,
          next_attempt_at: due,
          enqueued_at: new Date(Date.now() - HOUR),
          ...values,
        }),
      ),
    );
  const final = (ids: readonly string[]) =>
    eventually(async () => {
      const rows = await system.database.query<DispatchRow>(
        "select * from eventhub.dispatches where id = any ($1) and status <> 'ongoing'",
        [ids],
      );
      return rows.length === ids.length ? rows : undefined;
    }, "all are final");

  test("once goes to instances of ten at most, at once, and loses no attempt", async () => {
    const ids = await insertMany(35, { claims: 1 });
    await system.reconcile();
    const rows = await final(ids);
    expect(rows.map(({ status, attempts, generation }) => [status, attempts, generation])).toEqual(
      Array(35).fill(["complete", 1, 1]),
    );
    expect(Math.max(...sizes(rows))).toBeLessThanOrEqual(10);
  });

  test("twice goes to instances of their own; who was beside the guilty one loses nothing", async () => {
    const ids = await insertMany(9, { claims: 2 });
    const [guilty = ""] = await insertMany(1, { claims: 5 });
    await system.reconcile();
    const rows = await final([...ids, guilty]);
    expect(sizes(rows)).toEqual(Array(10).fill(1));
    for (const { id, status, attempts } of rows)
      expect([status, attempts]).toEqual(id === guilty ? ["failed", 1] : ["complete", 1]);
    expect(await story(guilty)).toEqual([["failed", "the executor died during the call (5 claims without a record)"]]);
  });
});
