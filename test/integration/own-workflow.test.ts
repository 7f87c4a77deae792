import { afterAll, beforeAll, expect, test } from "vitest";
import type { Group } from "../../workflows/group.ts";
import { instanceIdOf } from "../../workflows/instance-id.ts";
import { insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** The parts of a Workflow's binding that the tests use. */
interface WorkflowBinding {
  create(options: { id: string; params: Group }): Promise<unknown>;
  get(id: string): Promise<{ status(): Promise<{ status: string }>; terminate(): Promise<void> }>;
}

const OWN = "EVENTHUB_WORKFLOW_OWN";
const HOUR = 3_600_000;

let system: System;
let bindings: Record<"DISPATCH" | typeof OWN | `EVENTHUB_WORKFLOW_${"" | "2_"}LARGE`, WorkflowBinding>;
beforeAll(async () => {
  system = await startSystem({ graceSeconds: 0 });
  bindings = await system.harness.getWorker<typeof bindings>("executor").getEnv();
});
afterAll(() => system?.stop());

const final = (id: string) =>
  eventually(async () => {
    const row = await readDispatch(system.database, id);
    return row.status === "ongoing" ? undefined : row;
  }, `dispatch ${id} is final`);

test("a destination with a Workflow of its own is delivered by that one, and the others by DISPATCH", async () => {
  const { events } = await system.emit([{ to: "OWN" }, { to: "SCRIPTED" }]);
  const [own] = await system.settled(events[0]?.id ?? "");
  const [shared] = await system.settled(events[1]?.id ?? "");
  expect(own).toMatchObject({ status: "complete", destination: "OWN", workflow: OWN });
  expect(shared).toMatchObject({ status: "complete", destination: "SCRIPTED", workflow: "DISPATCH" });
  const instance = await bindings[OWN].get(own?.instance_id ?? "");
  expect(await eventually(async () => complete(await instance.status()), "its instance is complete")).toBe(true);
  await expect(bindings.DISPATCH.get(own?.instance_id ?? "")).rejects.toThrow(/not_found/);
});

test("its retries stay in that Workflow", async () => {
  const { events } = await system.emit({ to: "OWN", script: [{ throw: "once" }, { return: "complete" }] });
  const [dispatch] = await system.settled(events[0]?.id ?? "");
  expect(dispatch).toMatchObject({ status: "complete", attempts: 2, workflow: OWN });
  const executions = await system.executions(dispatch?.id ?? "");
  expect(executions.map(({ instance_id }) => instance_id)).toEqual([dispatch?.instance_id, dispatch?.instance_id]);
});

test("reconciling asks that Workflow about its instances, and replaces what has ended there", async () => {
  const instanceId = "ended-in-its-own-workflow";
  await bindings[OWN].create({
    id: instanceId,
    params: { workflow: OWN, dueAt: 0, timeoutSeconds: 30, members: [] },
  });
  const instance = await bindings[OWN].get(instanceId);
  await eventually(async () => complete(await instance.status()), "the instance has ended");
  const id = await insertDispatch(system.database, {
    destination: "OWN",
    instance_id: instanceId,
    workflow: OWN,
    next_attempt_at: new Date(Date.now() - HOUR),
  });
  expect(await system.reconcile()).toMatchObject({ replaced: 1, missing: 0 });
  expect(await final(id)).toMatchObject({ status: "complete", generation: 1, workflow: OWN });
});

test("what nobody has claimed, because its instance there has ended, goes to the next generation", async () => {
  const id = await insertDispatch(system.database, { destination: "OWN", enqueued_at: new Date(Date.now() - HOUR) });
  const members = [{ id, generation: 0 }];
  const instanceId = await instanceIdOf({ members } as Group);
  await bindings[OWN].create({
    id: instanceId,
    params: { workflow: OWN, dueAt: Date.now() + HOUR, timeoutSeconds: 30, members },
  });
  const asleep = await bindings[OWN].get(instanceId);
  await eventually(async () => {
    const { status } = await asleep.status();
    return status === "running" || status === "waiting" ? status : undefined;
  }, "the instance sleeps");
  await asleep.terminate();
  expect(await system.reconcile()).toMatchObject({ requeued: 1 });
  expect(await final(id)).toMatchObject({ status: "complete", generation: 1, workflow: OWN });
});

test("a destination with several Workflows is delivered by all of them, also where it has limits", async () => {
  const { events } = await system.emit(Array.from({ length: 32 }, () => ({ to: "LARGE" })));
  const rows = await Promise.all(events.map(({ id }) => system.settled(id)));
  const large = ["EVENTHUB_WORKFLOW_2_LARGE", "EVENTHUB_WORKFLOW_LARGE"];
  expect([...new Set(rows.map(([row]) => `${row?.status} by ${row?.workflow}`))].sort()).toEqual(
    large.map((name) => `complete by ${name}`),
  );
  for (const [row] of rows) {
    const { workflow, instance_id: instance } = row ?? {};
    const { status } = await bindings[workflow as keyof typeof bindings].get(instance ?? "");
    expect(status).toBeDefined();
  }

  const rated = await system.emit(Array.from({ length: 8 }, () => ({ to: "LARGE_RATED" })));
  for (const { id } of rated.events) {
    const [row] = await system.settled(id);
    expect(row?.status).toBe("complete");
    expect(large).toContain(row?.workflow);
  }
});

test("without its Workflow's binding a destination waits, and does not go through another one's limit", async () => {
  const { events } = await system.emit([{ to: "UNBOUND" }, { to: "SCRIPTED" }]);
  const [unbound] = await eventually(async () => {
    const logs = JSON.stringify(system.harness.getLogs());
    return logs.includes("EVENTHUB_WORKFLOW_UNBOUND") ? system.dispatches(events[0]?.id ?? "") : undefined;
  }, "the executor has said that the binding is missing");
  expect(unbound).toMatchObject({ status: "ongoing", instance_id: null, generation: 0, attempts: 0 });
  const [other] = await system.settled(events[1]?.id ?? "");
  expect(other?.status).toBe("complete");
});

const complete = ({ status }: { status: string }) => (status === "complete" ? true : undefined);
