import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitAndSettle } from "../support/deliver.ts";
import { type ExecutionRow, eventually, type System, startSystem } from "../support/system.ts";
import type { Act } from "../workers/call.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

/** Emits one event to one route with a script for its consumer, and waits until it is final. */
const deliver = (to: string, script: Act[] = []) => emitAndSettle(system, { to, script });

/** The parts of an R2 bucket that the test reads. */
interface Bucket {
  list(options: { prefix: string }): Promise<{ objects: { key: string }[] }>;
  get(key: string): Promise<{ json(): Promise<unknown>; customMetadata: Record<string, string> } | null>;
}

const story = (executions: ExecutionRow[]) =>
  executions.map(({ attempt, result, reason }) => [attempt, result, reason]);

test("an event goes from emit() to the consumer's handle() and into the record", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const { events } = await system.emit({ to: "SCRIPTED", n: 1 }, { traceparent });
  const [event] = events;
  expect(event).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    duplicate: false,
    dispatches: [{ id: expect.any(String), destination: "SCRIPTED" }],
  });

  const [dispatch] = await system.settled(event?.id ?? "");
  expect(dispatch).toMatchObject({
    id: event?.dispatches[0]?.id,
    status: "complete",
    route: "scripted",
    attempts: 1,
    claim: null,
    claims: 0,
    lease_until: null,
    reason: null,
  });
  const executions = await system.executions(dispatch?.id ?? "");
  expect(executions).toEqual([
    {
      attempt: 1,
      result: "complete",
      reason: null,
      instance_id: dispatch?.instance_id,
      started_at: expect.any(Date),
      finished_at: expect.any(Date),
    },
  ]);
  const [call, ...others] = await system.calls(event?.id);
  expect(others).toEqual([]);
  expect(call?.payload).toEqual({ to: "SCRIPTED", n: 1 });
  expect(call?.context).toMatchObject({
    eventId: event?.id,
    dispatchId: dispatch?.id,
    destination: "SCRIPTED",
    attempt: 1,
    maxAttempts: 4,
    idempotencyKey: dispatch?.id,
    traceparent,
    hops: 0,
  });
});

describe("a consumer's word", () => {
  test("ignored is final, with the consumer's reason", async () => {
    const { dispatch, executions } = await deliver("SCRIPTED", [{ return: { result: "ignored", reason: "not mine" } }]);
    expect(dispatch).toMatchObject({ status: "ignored", attempts: 1, reason: "not mine" });
    expect(story(executions)).toEqual([[1, "ignored", "not mine"]]);
  });

  test("failed is retried until the retries are spent, and each attempt is recorded", async () => {
    const { dispatch, executions } = await deliver("SCRIPTED", [
      { return: "failed" },
      { throw: "no database" },
      { return: { result: "failed", reason: "still no database" } },
    ]);
    expect(dispatch).toMatchObject({ status: "failed", attempts: 4, reason: "still no database" });
    expect(story(executions)).toEqual([
      [1, "failed", null],
      [2, "failed", "Error: no database"],
      [3, "failed", "still no database"],
      [4, "failed", "still no database"],
    ]);
  });

  test("what was thrown is recorded readably, whatever it was", async () => {
    const { executions } = await deliver("SCRIPTED", [
      { throwValue: { code: 42, detail: ["busy"] } },
      { throwValue: "only text" },
      { throwValue: null },
      { return: "complete" },
    ]);
    expect(story(executions)).toEqual([
      [1, "failed", '{"code":42,"detail":["busy"]}'],
      [2, "failed", "Error: only text"],
      [3, "failed", "Error: null"],
      [4, "complete", null],
    ]);
  });

  test("a retry that succeeds makes the dispatch complete", async () => {
    const { eventId, dispatch, executions } = await deliver("SCRIPTED", [{ throw: "once" }, { return: "complete" }]);
    expect(dispatch).toMatchObject({ status: "complete", attempts: 2, reason: null });
    expect(story(executions).map(([, result]) => result)).toEqual(["failed", "complete"]);
    expect((await system.calls(eventId)).map(({ context }) => context.attempt)).toEqual([1, 2]);
  });

  test("retry: false makes a failure final at once", async () => {
    const { dispatch } = await deliver("SCRIPTED", [{ return: { result: "failed", retry: false, reason: "never" } }]);
    expect(dispatch).toMatchObject({ status: "failed", attempts: 1, reason: "never" });
  });

  test("maxRetries 0 means one attempt", async () => {
    const { dispatch } = await deliver("no retries", [{ return: "failed" }]);
    expect(dispatch).toMatchObject({ status: "failed", attempts: 1 });
  });

  test("retryAfterSeconds applies if the route's delay is shorter, and is promised before the wait", async () => {
    const { events } = await system.emit({
      to: "SCRIPTED",
      script: [{ return: { result: "failed", retryAfterSeconds: 1.5 } }, { return: "complete" }],
    });
    const eventId = events[0]?.id ?? "";
    const [dispatch] = await system.settled(eventId);
    expect(dispatch?.status).toBe("complete");
    const [first, second] = await system.executions(dispatch?.id ?? "");
    const calls = await system.calls(eventId);
    expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_500);
    expect(second?.started_at.getTime()).toBeGreaterThanOrEqual(dispatch?.next_attempt_at.getTime() ?? Infinity);
    expect(first?.result).toBe("failed");
  });

  test.each<[string, unknown, string]>([
    ["another word", "done", 'handle returned "done" instead of "complete", "ignored" or "failed"'],
    ["nothing", null, 'handle returned null instead of "complete", "ignored" or "failed"'],
    [
      "a status that is ours",
      { result: "lost" },
      'handle returned an object with result "lost" instead of "complete", "ignored" or "failed"',
    ],
    ["a number", 200, 'handle returned a number instead of "complete", "ignored" or "failed"'],
  ])("%s counts as failed, and the reason says what came", async (_, value, reason) => {
    const { dispatch } = await deliver("no retries", [{ return: value }]);
    expect(dispatch).toMatchObject({ status: "failed", attempts: 1, reason });
  });

  test("a call that outlasts the route's timeoutSeconds is a failed attempt", async () => {
    const { dispatch, executions } = await deliver("impatient", [{ hang: true }, { return: "complete" }]);
    expect(dispatch).toMatchObject({ status: "complete", attempts: 2 });
    expect(story(executions)[0]).toEqual([1, "failed", "no answer within 1 s"]);
  });
});

describe("a destination that is not there", () => {
  test("a missing binding is misconfigured at once", async () => {
    const { dispatch, executions } = await deliver("MISSING");
    expect(dispatch).toMatchObject({
      status: "misconfigured",
      attempts: 1,
      reason: "the executor has no binding MISSING",
    });
    expect(story(executions)).toEqual([[1, "misconfigured", "the executor has no binding MISSING"]]);
    const line = await eventually(async () => {
      const lines = system.harness.getLogs().map(({ message }) => message);
      return lines.find((text) => text.includes("dispatch.attempted") && text.includes(dispatch.id));
    }, "the attempt is in the log");
    expect(JSON.parse(line)).toEqual({
      event: "dispatch.attempted",
      instanceId: dispatch.instance_id,
      dispatches: [
        {
          dispatchId: dispatch.id,
          eventId: dispatch.event_id,
          attempt: 1,
          result: "misconfigured",
          status: "misconfigured",
        },
      ],
      causes: ["the executor has no binding MISSING"],
    });
  });

  test("a missing handle() spends the retries first", async () => {
    const { dispatch, executions } = await deliver("MUTE");
    expect(dispatch).toMatchObject({
      status: "misconfigured",
      attempts: 2,
      reason:
        'MUTE has no method handle(); bind the Worker that implements it, with its "entrypoint" unless it is the default export; it must be a class that extends WorkerEntrypoint',
    });
    expect(executions.map(({ result }) => result)).toEqual(["misconfigured", "misconfigured"]);
  });

  test.each([
    ["BUCKET_AS_WORKER", "the executor's binding BUCKET_AS_WORKER is an R2 bucket, not a Worker"],
    ["WORKER_AS_BUCKET", "the executor's binding WORKER_AS_BUCKET is a Worker, not an R2 bucket"],
  ])("a binding of another kind is misconfigured: %s", async (to, reason) => {
    const { dispatch } = await deliver(to);
    expect(dispatch).toMatchObject({ status: "misconfigured", reason });
  });

  test("failed_dispatches answers what failed, and why", async () => {
    const { eventId, dispatch } = await deliver("MISSING");
    expect(
      await system.database.query("select * from eventhub.failed_dispatches where event_id = $1", [eventId]),
    ).toEqual([
      {
        resulted_at: dispatch.resulted_at,
        status: "misconfigured",
        destination: "MISSING",
        route: "missing",
        attempts: 1,
        reason: "the executor has no binding MISSING",
        dispatch_id: dispatch.id,
        event_id: eventId,
        emitted_at: expect.any(Date),
        payload: { to: "MISSING", script: [] },
        workflow: "DISPATCH",
        instance_id: dispatch.instance_id,
        trace_id: null,
      },
    ]);
  });
});

describe("an R2 bucket", () => {
  test("gets the payload as a JSON object, under a key that sorts by time and names the dispatch", async () => {
    const { eventId, dispatch } = await deliver("ARCHIVE");
    expect(dispatch).toMatchObject({ status: "complete", attempts: 1 });
    const { ARCHIVE } = await system.harness.getWorker<{ ARCHIVE: Bucket }>("executor").getEnv();
    const { objects } = await ARCHIVE.list({ prefix: "archive/" });
    const key = objects.map((object) => object.key).find((name) => name.includes(dispatch.id));
    const [event] = await system.database.query<{ created_at: Date }>(
      "select created_at from eventhub.events where id = $1",
      [eventId],
    );
    const [date, time] = event?.created_at.toISOString().split("T") ?? [];
    expect(key).toBe(`archive/${date?.replaceAll("-", "/")}/${time}-${dispatch.id}.json`);
    const object = await ARCHIVE.get(key ?? "");
    expect(await object?.json()).toEqual({ to: "ARCHIVE", script: [] });
    expect(object?.customMetadata).toEqual({ eventId, dispatchId: dispatch.id, destination: "ARCHIVE", attempt: "1" });
  });
});

describe("delays", () => {
  test("a dispatch waits for its route's delaySeconds, and for retryDelay between attempts", async () => {
    const { eventId, dispatch } = await deliver("waits a second", [{ return: "failed" }, { return: "complete" }]);
    expect(dispatch).toMatchObject({ status: "complete", attempts: 2 });
    const calls = await system.calls(eventId);
    expect((calls[0]?.at ?? 0) - dispatch.created_at.getTime()).toBeGreaterThanOrEqual(1_000);
    expect((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test("delaySeconds of emit() replaces the route's, zero too", async () => {
    const { events } = await system.emit({ to: "waits a second" }, { delaySeconds: 0 });
    const [dispatch] = await system.settled(events[0]?.id ?? "");
    expect(dispatch?.next_attempt_at).toEqual(dispatch?.created_at);
  });

  test("nothing is called before the moment deliverAt", async () => {
    const deliverAt = new Date(Date.now() + 1_500);
    const { events } = await system.emit({ to: "SCRIPTED" }, { deliverAt: deliverAt.toISOString() });
    const [dispatch] = await system.settled(events[0]?.id ?? "");
    expect(dispatch?.next_attempt_at).toEqual(deliverAt);
    const [call] = await system.calls(events[0]?.id);
    expect(call?.at).toBeGreaterThanOrEqual(deliverAt.getTime());
  });

  test("a long sleep lives in the Workflow: with sleeps disabled the dispatch is still not called before its time", async () => {
    const executor = system.harness.getWorker("executor");
    const introspector = await executor.introspectWorkflow("DISPATCH");
    await introspector.modifyAll((modifier) => modifier.disableSleeps());
    const { events } = await system.emit({ to: "SCRIPTED" }, { delaySeconds: 2 });
    const [dispatch] = await system.settled(events[0]?.id ?? "");
    const [call] = await system.calls(events[0]?.id);
    expect(call?.at).toBeGreaterThanOrEqual(dispatch?.next_attempt_at.getTime() ?? Infinity);
    await introspector.dispose();
  });
});

describe("groups", () => {
  test("dispatches of one call to one destination share an instance, up to 100; groupSize 1 gives each its own", async () => {
    const { events } = await system.emit(Array.from({ length: 40 }, (_, n) => ({ to: "both", n })));
    const rows = (await system.settledEach(events)).flat();
    expect(rows.map(({ status }) => status)).toEqual(Array(80).fill("complete"));
    const instances = (destination: string) =>
      Object.values(
        Object.groupBy(
          rows.filter((row) => row.destination === destination),
          (row) => row.instance_id ?? "",
        ),
      ).map((members) => members?.length);
    expect(instances("SCRIPTED").sort()).toEqual([40]);
    expect(instances("SINGLE")).toEqual(Array(40).fill(1));
  });

  test("members that fail are retried without calling the others again", async () => {
    const { events } = await system.emit(
      Array.from({ length: 6 }, (_, n) => ({
        to: "SCRIPTED",
        script: n % 2 === 0 ? [{ return: "failed" }, { return: "complete" }] : [],
      })),
    );
    const rows = (await system.settledEach(events)).flat();
    expect(rows.map(({ attempts }) => attempts)).toEqual([2, 1, 2, 1, 2, 1]);
    expect(new Set(rows.map(({ instance_id }) => instance_id)).size).toBe(1);
    const calls = await Promise.all(events.map(({ id }) => system.calls(id)));
    expect(calls.map(({ length }) => length)).toEqual([2, 1, 2, 1, 2, 1]);
  });

  test("a slow call does not hold back its siblings' records", async () => {
    const { events } = await system.emit([
      { to: "patient", script: [{ hang: true }, { return: "complete" }] },
      { to: "patient", script: [] },
    ]);
    const [slow, quick] = await system.settledEach(events);
    expect(quick?.[0]).toMatchObject({ status: "complete", instance_id: slow?.[0]?.instance_id });
    const [hung] = await system.executions(slow?.[0]?.id ?? "");
    // Recorded while the other call was still hanging.
    expect(quick?.[0]?.resulted_at?.getTime()).toBeLessThan(hung?.finished_at.getTime() ?? 0);
  });
});

describe("a destination that takes batches", () => {
  const emitBatch = async (payloads: object[]) => {
    const { events } = await system.emit(payloads.map((payload) => ({ to: "BATCH", ...payload })));
    const rows = (await system.settledEach(events)).flat();
    const ids = new Set(events.map(({ id }) => id));
    return { rows, calls: (await system.calls()).filter(({ context }) => ids.has(context.eventId)) };
  };

  test("gets up to 100 dispatches in one call of handleBatch, and answers for each", async () => {
    const { rows, calls } = await emitBatch(
      Array.from({ length: 120 }, (_, n) => ({ script: [{ return: n % 2 === 0 ? "complete" : "ignored" }] })),
    );
    expect(rows.map(({ status }) => status)).toEqual(
      Array.from({ length: 120 }, (_, n) => (n % 2 === 0 ? "complete" : "ignored")),
    );
    expect(
      Object.entries(Object.groupBy(calls, ({ batch }) => String(batch))).map(([size, of]) => [size, of?.length]),
    ).toEqual([
      ["20", 20],
      ["100", 100],
    ]);
  });

  test("is called again only with those that failed", async () => {
    const { rows, calls } = await emitBatch([{}, { script: [{ return: "failed" }, { return: "complete" }] }, {}]);
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual([
      ["complete", 1],
      ["complete", 2],
      ["complete", 1],
    ]);
    expect(calls.map(({ batch }) => batch).sort()).toEqual([1, 3, 3, 3]);
  });

  test.each<[string, Act, string]>([
    ["throws", { throw: "no" }, "Error: no"],
    ["hangs", { hang: true }, "no answer within 2 s"],
    ["answers for too few", { return: ["complete"] }, "handleBatch returned 1 results instead of 2 results"],
    ["answers with one word", { return: "complete" }, 'handleBatch returned "complete" instead of 2 results'],
  ])("has failed for all when it %s", async (_, batch, reason) => {
    const { events } = await system.emit([
      { to: "BATCH", batch },
      { to: "BATCH", batch },
    ]);
    const executions = await eventually(async () => {
      const ids = events.flatMap(({ dispatches }) => dispatches.map(({ id }) => id));
      const first = (await Promise.all(ids.map((id) => system.executions(id)))).map(([execution]) => execution);
      return first.every((execution) => execution !== undefined) ? first : undefined;
    }, "both have had their first attempt");
    expect(executions.map(({ result, reason }) => [result, reason])).toEqual([
      ["failed", reason],
      ["failed", reason],
    ]);
  });
});

test("the Workflow's own history tells the story that Postgres mirrors", async () => {
  const { dispatch, executions } = await deliver("SCRIPTED", [{ return: "complete" }]);
  const executor = system.harness.getWorker("executor");
  const instance = await executor.introspectWorkflowInstance("DISPATCH", dispatch.instance_id ?? "");
  expect(await instance.waitForStepResult({ name: "deliver" })).toEqual({
    records: [
      {
        id: dispatch.id,
        attempt: 1,
        result: "complete",
        startedAt: executions[0]?.started_at.toISOString(),
        finishedAt: executions[0]?.finished_at.toISOString(),
      },
    ],
    unrecorded: [],
    remaining: [],
  });
});

test("a retry that is due at once is made in the same step, whose result tells both attempts", async () => {
  const { dispatch, executions } = await deliver("SCRIPTED", [{ throw: "once" }, { return: "complete" }]);
  const executor = system.harness.getWorker("executor");
  const instance = await executor.introspectWorkflowInstance("DISPATCH", dispatch.instance_id ?? "");
  const result = (await instance.waitForStepResult({ name: "deliver" })) as { records: object[] };
  expect(result.records).toEqual(
    executions.map(({ attempt, result, reason, started_at, finished_at }) => ({
      id: dispatch.id,
      attempt,
      result,
      ...(reason === null ? {} : { reason }),
      startedAt: started_at.toISOString(),
      finishedAt: finished_at.toISOString(),
    })),
  );
  expect(result.records).toHaveLength(2);
});

test("a hub accepts nothing from a caller that does not say where it comes from", async () => {
  expect(await system.callHub("handle")).toEqual({
    result: "failed",
    retry: false,
    reason: "[invalid_options] context.eventId must be the id of an event (a UUID), got undefined",
  });
});

test("a hub is a destination of another, and a loop of hubs ends", async () => {
  // This hub is its own destination: each round makes an event with one more hop.
  const { events } = await system.emit({ to: "HUB" });
  const rows = await system.settled(events[0]?.id ?? "");
  expect(rows[0]).toMatchObject({ status: "complete", reason: expect.stringMatching(/^event [0-9a-f-]{36}$/) });
  const last = await eventually(async () => {
    const [row] = await system.database.query(
      `select e.hops, d.status, d.attempts, d.reason from eventhub.events e join eventhub.dispatches d on d.event_id = e.id
       where d.destination = 'HUB' and d.status = 'failed'`,
    );
    return row;
  }, "the loop is broken");
  expect(last).toEqual({
    hops: 8,
    status: "failed",
    attempts: 1,
    reason: expect.stringMatching(/^\[loop\] event [0-9a-f-]{36} has 8 hops behind it, /),
  });
});
