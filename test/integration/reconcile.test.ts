import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import { findToRescue } from "../../schema/queries/dispatches/find-to-rescue.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { MAX_ENGINE_ATTEMPTS, MAX_ROUNDS_IN_STEP } from "../../workflows/deliver.ts";
import type { Group } from "../../workflows/group.ts";
import { instanceIdOf } from "../../workflows/instance-id.ts";
import { type DispatchValues, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** The parts of the Workflow's and the queue's bindings that the tests use. */
interface ExecutorBindings {
  DISPATCH: {
    create(options: { id: string; params: Group }): Promise<unknown>;
    get(id: string): Promise<Instance>;
  };
  EVENTHUB_QUEUE: { send(body: unknown): Promise<void> };
}
interface Instance {
  status(): Promise<{ status: string }>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  terminate(): Promise<void>;
}

/** How often one instance attempts one dispatch that fails and is due at once. */
const attemptsOfOne = MAX_ENGINE_ATTEMPTS * MAX_ROUNDS_IN_STEP;
const HOUR = 3_600_000;

let system: System;
let bindings: ExecutorBindings;
beforeAll(async () => {
  system = await startSystem({ graceSeconds: 0 });
  bindings = await system.harness.getWorker<ExecutorBindings>("executor").getEnv();
});
afterAll(() => system?.stop());
// The runs of the next test would find what a test leaves ongoing.
afterEach(() =>
  system.database.query(
    "update eventhub.dispatches set status = 'cancelled', resulted_at = now() where status = 'ongoing'",
  ),
);

const insert = (values: DispatchValues = {}, payload: object = {}) => insertDispatch(system.database, values, payload);
const read = (id: string) => readDispatch(system.database, id);
const final = (id: string) =>
  eventually(async () => {
    const row = await read(id);
    return row.status === "ongoing" ? undefined : row;
  }, `dispatch ${id} is final`);

/** Starts an instance that owns the given dispatches, and ends at once or sleeps for an hour. */
async function startInstance(
  kind: "ended" | "asleep",
  members: Group["members"] = [],
  id: string = randomUUID(),
): Promise<string> {
  const dueAt = kind === "ended" ? 0 : Date.now() + HOUR;
  await bindings.DISPATCH.create({ id, params: { workflow: "DISPATCH", dueAt, timeoutSeconds: 30, members } });
  await statusOf(id, kind === "ended" ? ["complete"] : ["running", "waiting"]);
  return id;
}

const statusOf = (id: string, wanted: string[]) =>
  eventually(
    async () => {
      const { status } = await (await bindings.DISPATCH.get(id)).status();
      return wanted.includes(status) ? status : undefined;
    },
    `instance ${id} is ${wanted.join(" or ")}`,
  );

describe("what nobody has claimed", () => {
  test("is enqueued again and delivered", async () => {
    const id = await insert({ enqueued_at: new Date(Date.now() - HOUR) });
    expect(await system.reconcile()).toMatchObject({ requeued: 1 });
    expect(await final(id)).toMatchObject({ status: "complete", generation: 0, fruitless_generations: 0 });
  });

  test("is enqueued once by runs that overlap", async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, () =>
        insert({ next_attempt_at: new Date(Date.now() - HOUR), enqueued_at: new Date(Date.now() - HOUR) }),
      ),
    );
    const database = openDatabase(system.database);
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() => database.run(requeueUnclaimed({ graceSeconds: 60, limit: 1_000 }))),
    );
    expect(
      runs
        .flat()
        .map((row) => row.id)
        .sort(),
    ).toEqual(ids.sort());
  });

  test("is left alone before its time, within the grace, and while the wait since the last time doubles", async () => {
    const database = openDatabase(system.database);
    const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
    const later = await insert({ next_attempt_at: new Date(Date.now() + HOUR), enqueued_at: secondsAgo(7_200) });
    const graced = await insert({ next_attempt_at: secondsAgo(50), enqueued_at: secondsAgo(7_200) });
    const waiting = await insert({ next_attempt_at: secondsAgo(7_200), enqueued_at: secondsAgo(230), enqueues: 3 });
    const ready = await insert({ next_attempt_at: secondsAgo(7_200), enqueued_at: secondsAgo(250), enqueues: 3 });
    const hourly = await insert({ next_attempt_at: secondsAgo(90_000), enqueued_at: secondsAgo(3_610), enqueues: 50 });
    const rows = await database.run(requeueUnclaimed({ graceSeconds: 60, limit: 1_000 }));
    expect(rows.map((row) => row.id).sort()).toEqual([ready, hourly].sort());
    for (const id of [later, graced, waiting]) expect((await read(id)).enqueues).not.toBe(2);
  });

  test("comes oldest first, as many as the limit says", async () => {
    const database = openDatabase(system.database);
    const ages = [2, 5, 3, 4];
    const ids = await Promise.all(
      ages.map((hours) =>
        insert({ next_attempt_at: new Date(Date.now() - hours * HOUR), enqueued_at: new Date(Date.now() - HOUR) }),
      ),
    );
    const rows = await database.run(requeueUnclaimed({ graceSeconds: 60, limit: 2 }));
    expect(rows.map((row) => row.id).sort()).toEqual([ids[1] ?? "", ids[3] ?? ""].sort());
  });

  test("stays where it is while its destination is paused, and is delivered when that is over", async () => {
    await system.database.query("insert into eventhub.destinations (name, paused_at) values ('SCRIPTED', now())");
    const { events } = await system.emit({ to: "SCRIPTED" });
    const id = events[0]?.dispatches[0]?.id ?? "";
    const held = await eventually(async () => {
      const row = await read(id);
      return row.generation === 1 ? row : undefined;
    }, "the claim was refused");
    expect(held).toMatchObject({ status: "ongoing", instance_id: null, attempts: 0, claims: 0 });
    expect(await system.reconcile()).toMatchObject({ requeued: 0 });
    await system.database.query("delete from eventhub.destinations");
    expect(await system.reconcile()).toMatchObject({ requeued: 1 });
    expect(await final(id)).toMatchObject({ status: "complete", attempts: 1 });
  });

  test("whose instance ended before it claimed goes to the next generation", async () => {
    const id = await insert({ enqueued_at: new Date(Date.now() - HOUR) });
    const members = [{ id, generation: 0 }];
    const instanceId = await instanceIdOf({ members } as Group);
    await startInstance("asleep", members, instanceId);
    await (await bindings.DISPATCH.get(instanceId)).terminate();
    await system.reconcile();
    expect(await final(id)).toMatchObject({ status: "complete", generation: 1 });
  });
});

describe("what an instance owns", () => {
  const owned = (instance_id: string, values: DispatchValues = {}) =>
    insert({ instance_id, workflow: "DISPATCH", ...values });

  test.each(["complete", "terminated"])("goes to the next generation, alone, when that is %s", async (how) => {
    const instance = await startInstance(how === "complete" ? "ended" : "asleep");
    if (how === "terminated") await (await bindings.DISPATCH.get(instance)).terminate();
    const ids = [await owned(instance), await owned(instance)];
    expect(await system.reconcile()).toMatchObject({ replaced: 2, lost: 0 });
    const rows = await Promise.all(ids.map(final));
    expect(rows).toMatchObject([
      { status: "complete", generation: 1, fruitless_generations: 0 },
      { status: "complete", generation: 1, fruitless_generations: 0 },
    ]);
    expect(rows[0]?.instance_id).not.toBe(rows[1]?.instance_id);
  });

  test("is nudged while that lives, and after five nudges without progress ended and replaced", async () => {
    const instance = await startInstance("asleep");
    const id = await owned(instance);
    for (let nudges = 1; nudges <= 5; nudges++) {
      expect(await system.reconcile()).toMatchObject({ nudged: 1, replaced: 0 });
      expect(await read(id)).toMatchObject({ nudges, generation: 0, instance_id: instance });
    }
    expect(await system.reconcile()).toMatchObject({ nudged: 0, replaced: 1 });
    expect(await statusOf(instance, ["terminated"])).toBe("terminated");
    expect(await final(id)).toMatchObject({ status: "complete", generation: 1, nudges: 0 });
  });

  test("is left when an operator has paused the instance", async () => {
    const instance = await startInstance("asleep");
    await (await bindings.DISPATCH.get(instance)).pause();
    await statusOf(instance, ["paused", "waitingForPause"]);
    const id = await owned(instance);
    for (let run = 0; run < 7; run++)
      expect(await system.reconcile()).toMatchObject({ paused: 1, nudged: 0, replaced: 0 });
    expect(await read(id)).toMatchObject({ generation: 0, instance_id: instance, nudges: 0 });
  });

  test("is replaced only when the engine has not known the instance twice, a grace apart", async () => {
    const id = await owned(randomUUID());
    expect(await system.reconcile()).toMatchObject({ missing: 1, replaced: 0 });
    expect(await read(id)).toMatchObject({ generation: 0, missing_since: expect.any(Date) });
    expect(await system.reconcile()).toMatchObject({ missing: 0, replaced: 1 });
    expect(await final(id)).toMatchObject({ status: "complete", generation: 1 });
  });

  test("is replaced likewise when the executor has no binding for its Workflow any more", async () => {
    const id = await owned("somewhere", { workflow: "EVENTHUB_WORKFLOW_REMOVED" });
    expect(await system.reconcile()).toMatchObject({ missing: 1, replaced: 0 });
    expect(await system.reconcile()).toMatchObject({ missing: 0, replaced: 1 });
    expect(await final(id)).toMatchObject({ status: "complete", generation: 1, workflow: "DISPATCH" });
  });

  test("is left alone before it is due and while its lease runs", async () => {
    const instance = await startInstance("ended");
    const later = await owned(instance, { next_attempt_at: new Date(Date.now() + HOUR) });
    const leased = await owned(instance, { lease_until: new Date(Date.now() + HOUR) });
    const before = [await read(later), await read(leased)];
    await system.reconcile();
    expect([await read(later), await read(leased)]).toEqual(before);
  });

  test("waits longer with each fruitless generation", async () => {
    const database = openDatabase(system.database);
    const since = (seconds: number, fruitless_generations: number) =>
      owned("x", {
        next_attempt_at: new Date(Date.now() - HOUR),
        lease_until: new Date(Date.now() - seconds * 1_000),
        fruitless_generations,
      });
    const first = await since(70, 0);
    const third = await since(70, 2);
    const rows = await database.run(findToRescue({ graceSeconds: 60, limit: 10 }));
    expect(rows.map((row) => row.id)).toEqual([first]);
    expect((await read(third)).generation).toBe(0);
  });

  test("is lost after five fruitless generations, long overdue; its sibling that is not goes on", async () => {
    const instance = await startInstance("ended");
    const doomed = { next_attempt_at: new Date(Date.now() - 2 * HOUR), fruitless_generations: 4, group_limit: 1 };
    const lost = await owned(instance, doomed);
    const young = await owned(instance, { ...doomed, next_attempt_at: new Date(Date.now() - 60_000) });
    expect(await system.reconcile()).toMatchObject({ replaced: 1, lost: 1 });
    expect(await read(lost)).toMatchObject({ status: "lost", instance_id: instance });
    expect(await final(young)).toMatchObject({ status: "complete" });
  });
});

test("an attempt that was claimed five times without a record counts as failed, and the next one is made", async () => {
  const id = await insert({ claims: 5, enqueued_at: new Date(Date.now() - HOUR) });
  await system.reconcile();
  expect(await final(id)).toMatchObject({ status: "complete", attempts: 2 });
  expect((await system.executions(id)).map(({ result, reason }) => [result, reason])).toEqual([
    ["failed", "the executor died during the call (5 claims without a record)"],
    ["complete", null],
  ]);
});

test("a dispatch with very many retries is handed over from instance to instance", async () => {
  const script = [...Array(attemptsOfOne + 4).fill({ return: "failed" }), { return: "complete" }];
  const { events } = await system.emit({ to: "for ever", script });
  const [row] = await system.settled(events[0]?.id ?? "");
  expect(row).toMatchObject({ status: "complete", attempts: attemptsOfOne + 5, generation: 1 });
  expect(row).toMatchObject({ claims: 0, fruitless_generations: 0, group_limit: null });
  const executions = await system.executions(row?.id ?? "");
  expect(executions.map(({ attempt }) => attempt)).toEqual(Array.from({ length: attemptsOfOne + 5 }, (_, n) => n + 1));
  const byInstance = Map.groupBy(executions, ({ instance_id }) => instance_id);
  expect([...byInstance.values()].map(({ length }) => length)).toEqual([attemptsOfOne, 5]);
});

test("a known result survives a database that cannot record it; the consumer is not called again", async () => {
  const introspector = await system.harness.getWorker("executor").introspectWorkflow("DISPATCH");
  await introspector.modifyAll((modifier) => modifier.disableRetryDelays());
  await system.database.query("alter table eventhub.executions rename to executions_away");
  const { events } = await system.emit([
    { to: "SCRIPTED" },
    { to: "SCRIPTED", script: [{ return: "failed" }, { return: "complete" }] },
  ]);
  await eventually(async () => {
    const logs = system.harness.getLogs().map(({ message }) => message);
    return logs.some((message) => message.includes("test.step") && message.includes("do record")) ? true : undefined;
  }, "the results are in the Workflow's hands");
  expect((await system.dispatches(events[0]?.id ?? ""))[0]).toMatchObject({ status: "ongoing", attempts: 0 });
  await system.database.query("alter table eventhub.executions_away rename to executions");
  const rows = await system.settledEach(events);
  expect(rows.map(([row]) => [row?.status, row?.attempts, row?.generation])).toEqual([
    ["complete", 1, 0],
    ["complete", 2, 1],
  ]);
  expect((await Promise.all(events.map(({ id }) => system.calls(id)))).map(({ length }) => length)).toEqual([1, 2]);
  await introspector.dispose();
});

describe("an instance", () => {
  const logged = (event: string) => system.harness.getLogs().filter(({ message }) => message.includes(event)).length;

  test("whose parameters cannot be read ends complete, and says so: nothing that we know of may end it otherwise", async () => {
    const id = randomUUID();
    await bindings.DISPATCH.create({ id, params: { workflow: "DISPATCH" } as Group });
    await statusOf(id, ["complete", "errored"]);
    expect(await (await bindings.DISPATCH.get(id)).status()).toMatchObject({ status: "complete" });
    expect(logged("instance.gave_up")).toBe(1);
  });

  test("that wakes when its date has passed, which the engine refuses, delivers at once", async () => {
    const gaveUp = logged("instance.gave_up");
    const [member, instance] = [await insert(), randomUUID()];
    const dueAt = Date.now() + 10_000;
    const members = [{ id: member, generation: 0 }];
    await bindings.DISPATCH.create({
      id: instance,
      params: { workflow: "DISPATCH", dueAt, timeoutSeconds: 30, members },
    });
    await (await bindings.DISPATCH.get(instance)).pause();
    await statusOf(instance, ["paused"]);
    await eventually(async () => (Date.now() > dueAt ? true : undefined), "its date has passed");
    await (await bindings.DISPATCH.get(instance)).resume();
    expect(await final(member)).toMatchObject({ status: "complete", generation: 0, instance_id: instance });
    await statusOf(instance, ["complete"]);
    expect(logged("instance.gave_up")).toBe(gaveUp);
    expect(logged("sleep.refused")).toBe(1);
  });
});

describe("the queue is a hint", () => {
  test("a message that cannot be read is dropped, and those beside it are served", async () => {
    const id = await insert();
    for (const body of [null, "text", { v: 2 }, { v: 1, dispatches: [{ id: "x" }] }])
      await bindings.EVENTHUB_QUEUE.send(body);
    await bindings.EVENTHUB_QUEUE.send(message(id));
    expect(await final(id)).toMatchObject({ status: "complete", attempts: 1 });
  });

  test("a message that comes many times calls the consumer once", async () => {
    const id = await insert({}, { n: 1 });
    await Promise.all(Array.from({ length: 10 }, () => bindings.EVENTHUB_QUEUE.send(message(id))));
    const row = await final(id);
    const calls = await system.calls();
    expect(calls.filter(({ context }) => context.dispatchId === row.id)).toHaveLength(1);
  });

  test("a message of an old generation, of a final or an unknown dispatch changes nothing", async () => {
    const old = await insert({ generation: 3, next_attempt_at: new Date(Date.now() + HOUR) });
    const done = await insert({ status: "failed", resulted_at: new Date() });
    const before = [await read(old), await read(done)];
    const instances = await Promise.all(
      [old, done, randomUUID()].map(async (id) => {
        await bindings.EVENTHUB_QUEUE.send(message(id));
        return instanceIdOf({ members: [{ id, generation: 0 }] } as Group);
      }),
    );
    for (const instance of instances) {
      await eventually(async () => {
        try {
          return (await (await bindings.DISPATCH.get(instance)).status()).status === "complete" ? true : undefined;
        } catch {
          return undefined;
        }
      }, `instance ${instance} has ended`);
    }
    expect([await read(old), await read(done)]).toEqual(before);
  });

  const message = (id: string) => ({
    v: 1,
    dispatches: [{ id, destination: "SINGLE", generation: 0, dueAt: Date.now(), bytes: 2, timeoutSeconds: 30 }],
  });
});
