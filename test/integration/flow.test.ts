import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, type System, startSystem } from "../support/system.ts";
import type { Call } from "../workers/call.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ graceSeconds: 1 });
});
afterAll(() => system?.stop());

/** Emits in one call and waits until everything is final. The statuses are in the order of the payloads. */
async function delivered(
  payloads: readonly object[],
): Promise<{ began: number; ids: string[]; statuses: string[]; calls: Call[] }> {
  const began = Date.now();
  const { events } = await system.emit(payloads);
  const ids = events.map(({ id }) => id);
  const statuses = await eventually(async () => {
    const rows = await system.database.query<{ event_id: string; status: string }>(
      "select event_id, status from eventhub.dispatches where event_id = any($1) and status <> 'ongoing'",
      [ids],
    );
    const byEvent = new Map(rows.map(({ event_id, status }) => [event_id, status]));
    return rows.length >= ids.length ? ids.map((id) => byEvent.get(id) ?? "") : undefined;
  }, "everything is final");
  const calls = (await system.calls()).filter(({ context }) => ids.includes(context.eventId));
  return { began, ids, statuses, calls: calls.toSorted((one, other) => one.at - other.at) };
}

/**
 * How many calls, at most, were ahead of the rate: more had begun than the rate allows since the emit. A machine that stands still makes calls late,
 * and then some of them come together, so calls in a window of a second prove nothing.
 */
const mostAhead = (calls: readonly Call[], began: number, perSecond: number): number =>
  Math.max(...calls.map(({ at }, index) => index + 1 - (perSecond * (at - began)) / 1_000));

test("a destination is called no faster than its rate, and everything is delivered", async () => {
  const { began, statuses, calls } = await delivered(Array.from({ length: 40 }, (_, n) => ({ to: "RATED", n })));
  expect(new Set(statuses)).toEqual(new Set(["complete"]));
  expect(calls).toHaveLength(40);
  // 20 per second after a burst of 2.
  expect(mostAhead(calls, began, 20)).toBeLessThanOrEqual(2);
});

test("batches count each dispatch", async () => {
  const { began, statuses, calls } = await delivered(Array.from({ length: 120 }, (_, n) => ({ to: "RATED_BATCH", n })));
  expect(new Set(statuses)).toEqual(new Set(["complete"]));
  expect(Math.max(...calls.map(({ batch = 1 }) => batch))).toBeGreaterThan(1);
  // 50 per second after a burst of 1. A batch of 10 begins with its first.
  expect(mostAhead(calls, began, 50)).toBeLessThanOrEqual(1 + 9);
});

test("one call at a time for each key, beside other keys", async () => {
  const payloads = Array.from({ length: 12 }, (_, n) => ({
    to: "KEYED",
    customer: n % 3,
    script: [{ wait: 30, return: "complete" }],
  }));
  const { statuses, calls } = await delivered(payloads);
  expect(new Set(statuses)).toEqual(new Set(["complete"]));
  for (const customer of [0, 1, 2]) {
    const own = calls.filter(({ payload }) => payload.customer === customer).map(({ at }) => at);
    expect(own).toHaveLength(4);
    const between = own.slice(1).map((at, index) => at - (own[index] ?? 0));
    for (const ms of between) expect(ms).toBeGreaterThanOrEqual(29);
  }
});

test("in order within a key, also when the first of it is retried, with positions that rise", async () => {
  const payloads = Array.from({ length: 20 }, (_, n) => ({
    to: "ORDERED",
    order: `o-${n % 2}`,
    n,
    script: n === 2 ? [{ throw: "once" }, { return: "complete" }] : [{ return: "complete" }],
  }));
  const { statuses, calls } = await delivered(payloads);
  expect(new Set(statuses)).toEqual(new Set(["complete"]));
  for (const order of ["o-0", "o-1"]) {
    const own = calls.filter(({ payload }) => payload.order === order);
    const numbers = own.map(({ payload }) => payload.n as number);
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    expect(new Set(numbers).size).toBe(10);
    const positions = own.map(({ context }) => context.position ?? 0);
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
  }
  expect(calls).toHaveLength(21);
});

test("a failure for good holds its key, and no other, until it is retried", async () => {
  const { events } = await system.emit([
    { to: "HELD", order: "a", n: 0, script: [{ return: { result: "failed", retry: false } }] },
    { to: "HELD", order: "a", n: 1 },
    { to: "HELD", order: "b", n: 2 },
  ]);
  const [first, second, other] = events.map(({ dispatches }) => dispatches[0]?.id ?? "");
  const statusOf = async (id: string | undefined) =>
    (await system.database.query<{ status: string }>("select status from eventhub.dispatches where id = $1", [id]))[0]
      ?.status;
  await eventually(
    async () => ((await statusOf(other)) === "complete" ? true : undefined),
    "the other key is delivered",
  );
  await eventually(async () => ((await statusOf(first)) === "failed" ? true : undefined), "the first has failed");
  await system.reconcile();
  expect(await statusOf(second)).toBe("ongoing");
  await system.database.query("update eventhub.events set payload = payload - 'script' where id = $1", [events[0]?.id]);
  await system.operate("retryDispatch", first, { actor: "test" });
  await eventually(
    async () => ((await statusOf(second)) === "complete" ? true : undefined),
    "what it held is delivered",
  );
  const calls = (await system.calls()).filter(({ payload }) => payload.to === "HELD" && payload.order === "a");
  expect(calls.map(({ payload }) => payload.n)).toEqual([0, 0, 1]);
});

/** Waits until the tests' Workflow has requested this step, and an instance of it is at work. */
const stepped = (step: string) =>
  eventually(
    async () => (linesOf("test.step").some((line) => line.includes(`"step":"${step}"`)) ? true : undefined),
    `an instance has come to "${step}"`,
  );
const linesOf = (event: string) =>
  system.harness.getLogs().flatMap(({ message }) => (message.includes(event) ? [message] : []));

test("an instance that is started for something later sleeps until then, and calls it in time", async () => {
  system.harness.clearLogs();
  const { events } = await system.emit({ to: "RATED", late: true }, { delaySeconds: 2 });
  await stepped("sleep due");
  const [row] = await system.settled(events[0]?.id ?? "");
  const [call] = await system.calls(events[0]?.id);
  expect(row).toMatchObject({ status: "complete", attempts: 1 });
  // By two clocks: workerd's, and Postgres'.
  expect((call?.at ?? 0) - (row?.next_attempt_at.getTime() ?? 0)).toBeGreaterThanOrEqual(-5);
  expect(linesOf("instance.gave_up")).toEqual([]);
});

test("a result that the database cannot record is kept, and when it can, the order goes on; nobody is called again", async () => {
  const introspector = await system.harness.getWorker("executor").introspectWorkflow("DISPATCH");
  await introspector.modifyAll((modifier) => modifier.disableRetryDelays());
  await system.database.query("alter table eventhub.executions rename to executions_away");
  const payloads = [0, 1].map((n) => ({ to: "ORDERED", order: "kept", n }));
  const { events } = await system.emit(payloads);
  await stepped("do record");
  const [first] = await system.dispatches(events[0]?.id ?? "");
  expect(first).toMatchObject({ status: "ongoing", attempts: 0 });
  await system.database.query("alter table eventhub.executions_away rename to executions");
  const rows = (await system.settledEach(events)).flat();
  expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(2).fill(["complete", 1]));
  const calls = (await system.calls()).filter(({ payload }) => payload.order === "kept");
  expect(calls.map(({ payload }) => payload.n)).toEqual([0, 1]);
  await introspector.dispose();
});

test("an instance that can take nothing is spent after fifty attempts, and another continues", async () => {
  const introspector = await system.harness.getWorker("executor").introspectWorkflow("DISPATCH");
  await introspector.modifyAll((modifier) => modifier.disableRetryDelays());
  await system.database.query("alter function eventhub.flow_take rename to flow_take_away");
  const { events } = await system.emit({ to: "ORDERED", order: "untaken" });
  // For a second after its start, an instance counts as one that is about to look. Its fifty attempts may take less here.
  const age = () =>
    system.database.query(
      "update eventhub.flow_destinations set started_at = started_at - interval '1 second' where destination = 'ORDERED'",
    );
  await eventually(async () => {
    await age();
    return linesOf("instance.spent").length > 0 ? true : undefined;
  }, "an instance is spent");
  await system.database.query("alter function eventhub.flow_take_away rename to flow_take");
  const [row] = await eventually(async () => {
    await age();
    const rows = await system.dispatches(events[0]?.id ?? "");
    return rows[0]?.status === "ongoing" ? undefined : rows;
  }, "another instance has delivered it");
  expect(row).toMatchObject({ status: "complete", attempts: 1 });
  const spent = linesOf("instance.spent").map((line) => JSON.parse(line) as { instanceId: string; attempts: number });
  expect(spent.map(({ attempts }) => attempts)).toEqual(spent.map(() => 50));
  // One ends before the next begins.
  expect(new Set(spent.map(({ instanceId }) => instanceId)).size).toBe(spent.length);
  await introspector.dispose();
});

test("a call that the platform refuses is no attempt, and is made again in its order; alone, the same words are the consumer's failure", async () => {
  const REFUSED = "Too many subrequests by single Worker invocation.";
  const scripts = new Map([
    [4, [{ throw: REFUSED, times: 1 }]],
    [7, [{ throw: REFUSED, times: 2 }]],
  ]);
  const payloads = Array.from({ length: 24 }, (_, n) => ({
    to: "ORDERED",
    order: `refused-${n % 3}`,
    n,
    script: [...(scripts.get(n) ?? []), { return: "complete" }],
  }));
  const { ids, statuses, calls } = await delivered(payloads);
  expect(new Set(statuses)).toEqual(new Set(["complete"]));
  const results = await system.database.query<{ event_id: string; results: string[] }>(
    `select d.event_id, array_agg(x.result order by x.attempt) as results from eventhub.dispatches d
     join eventhub.executions x on x.dispatch_id = d.id where d.event_id = any($1) group by d.event_id`,
    [ids],
  );
  const byEvent = new Map(results.map((row) => [row.event_id, row.results]));
  expect(ids.map((id) => byEvent.get(id))).toEqual(
    ids.map((_, n) => (n === 7 ? ["failed", "complete"] : ["complete"])),
  );
  for (const key of [0, 1, 2]) {
    const numbers = calls.flatMap(({ payload }) => (payload.order === `refused-${key}` ? [payload.n as number] : []));
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  }
  expect(await system.database.query("select 1 from eventhub.flights")).toEqual([]);
});
