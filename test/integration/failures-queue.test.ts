import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { MAX_TRIES } from "../../schema/database/connection.ts";
import { findUnclaimed } from "../../schema/queries/dispatches/find-unclaimed.ts";
import type { Group } from "../../workflows/group.ts";
import { instanceIdOf } from "../../workflows/instance-id.ts";
import { insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

interface Bindings {
  DISPATCH: {
    create(options: { id: string; params: Group }): Promise<unknown>;
    get(id: string): Promise<{ status(): Promise<{ status: string }>; terminate(): Promise<void> }>;
  };
  EVENTHUB_QUEUE: { send(body: unknown): Promise<void> };
}

let system: System;
let bindings: Bindings;
beforeAll(async () => {
  system = await startSystem({ faulty: true, queueRetries: 1 });
  bindings = await system.harness.getWorker<Bindings>("executor").getEnv();
});
afterAll(() => system?.stop());
afterEach(async () => {
  await system.faults.clear();
  await system.database.query(
    "update eventhub.dispatches set status = 'cancelled', resulted_at = now() where status = 'ongoing'",
  );
});

const HOUR = 3_600_000;
const overdue = (values = {}) =>
  insertDispatch(system.database, { enqueued_at: new Date(Date.now() - HOUR), ...values });
const final = (id: string) =>
  eventually(async () => {
    const row = await readDispatch(system.database, id);
    return row.status === "ongoing" ? undefined : row;
  }, `dispatch ${id} is final`);
const callsOf = async (dispatchId: string) =>
  (await system.calls()).filter(({ context }) => context.dispatchId === dispatchId).length;

async function emitOne() {
  const { events } = await system.emit({ to: "SCRIPTED" });
  return events[0]?.dispatches[0]?.id ?? "";
}

describe("messages", () => {
  test.each(["twice at once", "die before the acks"])("that are handled %s: one call", async (fault) => {
    await system.faults.plan({ place: "queue.consume", fault });
    const id = await emitOne();
    expect(await final(id)).toMatchObject({ status: "complete", attempts: 1, generation: 0 });
    await system.faults.happened(fault);
    expect(await callsOf(id)).toBe(1);
  });

  test("whose retries are exhausted are found by reconciling", async () => {
    await system.faults.plan({ place: "queue.consume", fault: "die at once", times: 2 });
    const id = await emitOne();
    await system.faults.happened("die at once", 2);
    expect(await system.reconcile()).toMatchObject({ requeued: 1 });
    expect(await final(id)).toMatchObject({ status: "complete", attempts: 1 });
  });

  test("that are all gone are found by reconciling", async () => {
    await system.faults.plan({ place: "queue.send", fault: "drop", times: 3 });
    const ids: string[] = [];
    // One after the other: emits that follow closely share a message.
    for (let sent = 1; sent <= 3; sent++) {
      ids.push(await emitOne());
      await system.faults.happened("drop", sent);
    }
    expect(await system.reconcile()).toMatchObject({ requeued: 3 });
    for (const id of ids) expect(await final(id)).toMatchObject({ status: "complete", attempts: 1 });
  });

  test("that come twice and after one that cannot be read: one call", async () => {
    await system.faults.plan({ place: "queue.send", fault: "garble" }, { place: "queue.send", fault: "double" });
    const ids = await Promise.all([emitOne(), emitOne()]);
    for (const id of ids) {
      await final(id);
      expect(await callsOf(id)).toBe(1);
    }
  });
});

describe("messages that were enqueued again", () => {
  const send = (id: string, notice: object) =>
    bindings.EVENTHUB_QUEUE.send({
      v: 1,
      dispatches: [
        { id, destination: "SINGLE", generation: 0, dueAt: Date.now(), bytes: 2, timeoutSeconds: 30, ...notice },
      ],
    });
  const instanceOf = async (id: string, generation = 0) =>
    bindings.DISPATCH.get(
      await instanceIdOf({ workflow: "DISPATCH", dueAt: 0, timeoutSeconds: 30, members: [{ id, generation }] }),
    );
  const single = (values = {}) => insertDispatch(system.database, { destination: "SINGLE", ...values });

  test("make no instances for dispatches that are already claimed, final or of a newer generation", async () => {
    const claimed = await single({ instance_id: "somebody", workflow: "DISPATCH" });
    const ended = await single({ status: "complete", resulted_at: new Date(), attempts: 1 });
    const newer = await single({ generation: 1 });
    const unclaimed = await single();
    for (const id of [claimed, ended, newer, unclaimed]) await send(id, { enqueues: 2 });
    expect(await final(unclaimed)).toMatchObject({ status: "complete", attempts: 1 });
    for (const id of [claimed, ended, newer]) await expect(instanceOf(id)).rejects.toThrow("instance.not_found");
  });

  test("are not held up by a database that cannot be asked: the claims find it out", async () => {
    const unclaimed = await single();
    await system.faults.plan({
      place: "database",
      fault: "refuse",
      times: MAX_TRIES,
      statement: findUnclaimed([]),
      about: unclaimed,
    });
    await send(unclaimed, { enqueues: 2 });
    await system.faults.happened("refuse", MAX_TRIES);
    expect(await final(unclaimed)).toMatchObject({ status: "complete", attempts: 1 });
  });
});

describe("a creation", () => {
  test.each(["429", "empty", "late"])(
    "that is refused or of which nobody knows (%s) is made again by its message",
    async (fault) => {
      await system.faults.plan({ place: "instances.create", fault });
      const id = await emitOne();
      await system.faults.happened(fault);
      expect(await final(id)).toMatchObject({ status: "complete", attempts: 1, generation: 0 });
      expect(await callsOf(id)).toBe(1);
    },
  );

  test("that is claimed and did not happen is made by reconciling", async () => {
    await system.faults.plan({ place: "instances.create", fault: "false success" });
    const id = await emitOne();
    await system.faults.happened("false success");
    expect(await system.reconcile()).toMatchObject({ requeued: 1 });
    expect(await final(id)).toMatchObject({ status: "complete", attempts: 1, generation: 0 });
  });

  test("of many with one that the engine will not take: the others are made", async () => {
    await system.faults.plan({ place: "instances.create", fault: "one invalid", times: 100 });
    const poison = await insertDispatch(system.database, { destination: "SINGLE", generation: 666 });
    const healthy = await Promise.all(
      Array.from({ length: 49 }, () => insertDispatch(system.database, { destination: "SINGLE" })),
    );
    const notice = (id: string, generation: number) => {
      return { id, destination: "SINGLE", generation, dueAt: Date.now(), bytes: 2, timeoutSeconds: 30 };
    };
    const dispatches = [...healthy.map((id) => notice(id, 0)), notice(poison, 666)];
    await bindings.EVENTHUB_QUEUE.send({ v: 1, dispatches: dispatches.sort((a, b) => (a.id < b.id ? -1 : 1)) });
    for (const id of healthy) expect(await final(id)).toMatchObject({ status: "complete", attempts: 1 });
    expect(await readDispatch(system.database, poison)).toMatchObject({ status: "ongoing", attempts: 0 });
  });
});

describe("an instance that is there already for a dispatch that nobody has claimed", () => {
  /** An instance that would claim it, but sleeps for an hour. */
  async function asleep(id: string): Promise<void> {
    const group: Group = {
      workflow: "DISPATCH",
      dueAt: Date.now() + HOUR,
      timeoutSeconds: 30,
      members: [{ id, generation: 0 }],
    };
    const instanceId = await instanceIdOf(group);
    await bindings.DISPATCH.create({ id: instanceId, params: group });
    await eventually(async () => {
      const { status } = await (await bindings.DISPATCH.get(instanceId)).status();
      return status === "running" || status === "waiting" ? true : undefined;
    }, "the instance runs");
  }

  test.each(["errored", "complete", "terminated", "not found"])(
    "and is %s: the dispatch goes to the next generation",
    async (state) => {
      const id = await overdue();
      await asleep(id);
      await system.faults.plan({ place: "instances.get", fault: state === "not found" ? state : `status ${state}` });
      await system.reconcile();
      expect(await final(id)).toMatchObject({ status: "complete", attempts: 1, generation: 1 });
    },
  );

  test.each(["queued", "paused", "unknown"])("and is %s: the dispatch is left to it", async (state) => {
    const id = await overdue({ enqueues: 20 });
    await asleep(id);
    await system.faults.plan({ place: "instances.get", fault: `status ${state}`, times: 2 });
    await system.reconcile();
    await system.faults.happened(`status ${state}`);
    expect(await readDispatch(system.database, id)).toMatchObject({ status: "ongoing", generation: 0, enqueues: 21 });
  });

  test("and seems to run: it is woken, and after five times in vain the dispatch goes on without it", async () => {
    const patient = await overdue({ enqueues: 4, destination: "SINGLE" });
    const impatient = await overdue({ enqueues: 5, destination: "SINGLE" });
    await Promise.all([asleep(patient), asleep(impatient)]);
    await system.reconcile();
    expect(await final(impatient)).toMatchObject({ status: "complete", attempts: 1, generation: 1 });
    expect(await readDispatch(system.database, patient)).toMatchObject({
      status: "ongoing",
      generation: 0,
      enqueues: 5,
    });
  });
});
