import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { MAX_TRIES, openDatabase } from "../../schema/database/connection.ts";
import { closeBreakers } from "../../schema/queries/destinations/decide-breakers.ts";
import { findToRescue } from "../../schema/queries/dispatches/find-to-rescue.ts";
import { noteSighting } from "../../schema/queries/dispatches/note-sighting.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { replaceInstance } from "../../schema/queries/dispatches/replace-or-lose.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { MAX_LATE_LOOKED_AT } from "../../schema/queries/fragments/late-dispatches.ts";
import { MAX_INSTANCES } from "../../workers/executor/asking-limits.ts";
import type { Group } from "../../workflows/group.ts";
import { claim } from "../support/claims.ts";
import { completed, type DispatchValues, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

interface Bindings {
  DISPATCH: {
    create(options: { id: string; params: Group }): Promise<unknown>;
    get(id: string): Promise<{ status(): Promise<{ status: string }> }>;
  };
}

let system: System;
let bindings: Bindings;
beforeAll(async () => {
  system = await startSystem({ faulty: true });
  bindings = await system.harness.getWorker<Bindings>("executor").getEnv();
});
afterAll(() => system?.stop());
afterEach(async () => {
  await system.faults.clear();
  await system.database.clear();
});

const HOUR = 3_600_000;
const open = () => openDatabase(system.database);
const read = (id: string) => readDispatch(system.database, id);
const owned = (instance_id: string, values: DispatchValues = {}) =>
  insertDispatch(system.database, { instance_id, workflow: "DISPATCH", ...values });
const final = (id: string) =>
  eventually(async () => {
    const row = await read(id);
    return row.status === "ongoing" ? undefined : row;
  }, `dispatch ${id} is final`);

/** An instance that has nothing to do and has ended. */
async function ended(): Promise<string> {
  const id = randomUUID();
  await bindings.DISPATCH.create({ id, params: { workflow: "DISPATCH", dueAt: 0, timeoutSeconds: 30, members: [] } });
  await eventually(async () => {
    return (await (await bindings.DISPATCH.get(id)).status()).status === "complete" ? true : undefined;
  }, `instance ${id} has ended`);
  return id;
}

test("two runs at once replace an instance once", async () => {
  const instance = await ended();
  const ids = await Promise.all(Array.from({ length: 10 }, () => owned(instance)));
  const runs = await Promise.all([system.reconcile(), system.reconcile(), system.reconcile()]);
  expect(runs.reduce((sum, { replaced = 0 }) => sum + replaced, 0)).toBe(10);
  for (const id of ids) expect(await final(id)).toMatchObject({ status: "complete", generation: 1, attempts: 1 });
});

test("a run that cannot write one instance's rows continues with the others; the next run returns to it", async () => {
  const [broken, sound] = [await ended(), await ended()];
  const first = await owned(broken, { next_attempt_at: new Date(Date.now() - HOUR) });
  const second = await owned(sound);
  await system.faults.plan({ place: "database", fault: "refuse", times: MAX_TRIES, about: broken });
  expect(await system.reconcile()).toMatchObject({ replaced: 1 });
  expect(await final(second)).toMatchObject({ status: "complete" });
  expect(await read(first)).toMatchObject({ generation: 0, instance_id: broken });
  expect(await system.reconcile()).toMatchObject({ replaced: 1 });
  expect(await final(first)).toMatchObject({ status: "complete" });
});

test("a run that died after its write and before its message: the next one enqueues", async () => {
  const id = await owned(await ended());
  await system.faults.plan({ place: "queue.send", fault: "refuse" });
  expect(await system.reconcile()).toMatchObject({ replaced: 1 });
  expect(await read(id)).toMatchObject({ generation: 1, instance_id: null });
  expect(await system.reconcile()).toMatchObject({ requeued: 1 });
  expect(await final(id)).toMatchObject({ status: "complete", generation: 1 });
});

test("a failed part of a run does not prevent the others, and the run reports it", async () => {
  const id = await insertDispatch(system.database, {});
  await system.faults.plan({ place: "database", fault: "refuse", times: MAX_TRIES, statement: closeBreakers() });
  await expect(system.reconcile()).rejects.toThrow();
  await system.faults.happened("refuse", MAX_TRIES);
  expect(await final(id)).toMatchObject({ status: "complete" });
});

test("a dispatch that the queue refuses does not wait longer for that", async () => {
  const [id, other] = await Promise.all([2, 3].map((enqueues) => insertDispatch(system.database, { enqueues })));
  await system.faults.plan({ place: "queue.send", fault: "refuse", times: 2 });
  for (let run = 1; run <= 2; run++) {
    expect(await system.reconcile()).toMatchObject({ requeued: 0 });
    expect(await read(id ?? "")).toMatchObject({ instance_id: null, enqueues: 2 });
    expect(await read(other ?? "")).toMatchObject({ instance_id: null, enqueues: 3 });
  }
  expect(await system.reconcile()).toMatchObject({ requeued: 2 });
  expect(await final(id ?? "")).toMatchObject({ status: "complete" });
});

test("a dispatch that completes between the look and the write is left as it is", async () => {
  const id = await owned("one");
  const [row] = await open().run(findToRescue({ graceSeconds: 0, limit: 10 }));
  expect(row?.id).toBe(id);
  const { token } = await claim(open(), id);
  await open().run(recordExecutions([completed(id, token)], "one"));
  const before = await read(id);
  expect(
    await open().run(replaceInstance([{ id, generation: 0 }], { instanceId: "one", lostAfterSeconds: 0 })),
  ).toEqual([]);
  expect(await read(id)).toEqual(before);
});

test("a dispatch whose owner wakes and claims it between the look and the write is left to it", async () => {
  const id = await owned("one");
  const rows = await open().run(findToRescue({ graceSeconds: 0, limit: 10 }));
  expect(await claim(open(), id)).toMatchObject({ answer: "mine" });
  const before = await read(id);
  expect(
    await open().run(replaceInstance([{ id, generation: 0 }], { instanceId: "one", lostAfterSeconds: 0 })),
  ).toEqual([]);
  for (const sighting of ["nudged", "waiting", "missing"] as const)
    expect(await open().run(noteSighting(rows, sighting))).toEqual([]);
  expect(await read(id)).toEqual(before);
});

test.each([
  ["cannot be asked", "error"],
  ["does not say", "status unknown"],
])("while the engine %s nothing is decided, however long", async (_, fault) => {
  const doomed = { fruitless_generations: 50, group_limit: 1, next_attempt_at: new Date(Date.now() - 1_000 * HOUR) };
  const id = await owned(await ended(), doomed);
  const { lease_until, ...before } = await read(id);
  await system.faults.plan({ place: "instances.get", fault, times: 3 });
  for (let run = 0; run < 3; run++) expect(await system.reconcile()).toMatchObject({ replaced: 0, lost: 0, nudged: 0 });
  expect(await read(id)).toMatchObject(before);
  await system.faults.happened(fault, 3);
});

test("an instance that is queued behind a concurrency limit is waited for: never nudged to death, never lost", async () => {
  const doomed = { fruitless_generations: 50, group_limit: 1, next_attempt_at: new Date(Date.now() - 1_000 * HOUR) };
  const instance = await ended();
  const id = await owned(instance, doomed);
  // Each run asks twice: for the instance's state, and for the instance to wake it.
  await system.faults.plan({ place: "instances.get", fault: "status queued", times: 14 });
  for (let run = 0; run < 7; run++) {
    await system.database.query("update eventhub.dispatches set lease_until = null");
    expect(await system.reconcile()).toMatchObject({ waiting: 1, nudged: 0, replaced: 0, lost: 0 });
  }
  expect(await read(id)).toMatchObject({ status: "ongoing", instance_id: instance, nudges: 0, generation: 0 });
});

test("a run asks about no more instances than it has subrequests for, and the next one begins with the others", async () => {
  await overdue(MAX_INSTANCES + 1, "nobody", "DISPATCH");
  await system.database.query("update eventhub.dispatches set instance_id = id");
  await system.faults.plan({ place: "instances.get", fault: "error", times: MAX_INSTANCES + 1 });
  await system.reconcile();
  const [row] = await system.database.query<{ asked: number }>(
    "select count(lease_until)::int as asked from eventhub.dispatches",
  );
  expect(row?.asked).toBe(MAX_INSTANCES);
  const [next] = await open().run(findToRescue({ graceSeconds: 0, limit: 1 }));
  expect(await read(next?.id ?? "")).toMatchObject({ lease_until: null });
});

test("overdue dispatches that cannot be helped never hide others, although a run looks at only a part of them", async () => {
  const count = 4 * MAX_LATE_LOOKED_AT;
  await overdue(count, "somewhere", "DISPATCH");
  // Nothing that is read is written, as when the engine cannot be asked.
  const seen = new Set<string>();
  for (const turn of [0, 0.03, 0.06, 0.09]) {
    const rows = await open().run(findToRescue({ graceSeconds: 60, limit: count, turn }));
    expect(rows.length).toBeLessThanOrEqual(2 * MAX_LATE_LOOKED_AT);
    for (const { id } of rows) seen.add(id);
  }
  expect(seen.size).toBe(count);
});

test("of 100,000 overdue the oldest are enqueued first, a thousand a statement; what is emitted then does not wait for them", async () => {
  await overdue(100_000);
  for (let batch = 0; batch < 10; batch++)
    expect(await open().run(requeueUnclaimed({ graceSeconds: 60, limit: 1_000 }))).toHaveLength(1_000);
  const enqueued = await system.database.query(
    "select route, count(*)::int as n from eventhub.dispatches where enqueues = 2 group by 1",
  );
  expect(enqueued).toEqual([{ route: "first", n: 10_000 }]);
  const { events } = await system.emit({ to: "SCRIPTED" });
  expect(await system.settled(events[0]?.id ?? "")).toMatchObject([{ status: "complete", attempts: 1 }]);
  const [left] = await system.database.query(
    "select count(*)::int as n from eventhub.dispatches where status = 'ongoing'",
  );
  expect(left).toEqual({ n: 100_000 });
}, 240_000);

/** Inserts dispatches to nowhere that have been overdue for hours, the first 10,000 longest. */
async function overdue(count: number, owner: string | null = null, workflow: string | null = null): Promise<void> {
  await system.database.query(
    `with event as (insert into eventhub.events (id, payload, payload_bytes) values (gen_random_uuid(), '{}', 2) returning id)
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at,
       enqueued_at, instance_id, workflow)
     select gen_random_uuid(), event.id, 'MISSING', case when n <= 10000 then 'first' else 'later' end, 0,
       '{"type":"constant","interval":0}', 30, now() - interval '9 hours' + n * interval '0.1 seconds', now() - interval '9 hours', $2, $3
     from event, generate_series(1, $1) n order by random()`,
    [count, owner, workflow],
  );
}
