import { afterEach, describe, expect, test, vi } from "vitest";
import { handleContext } from "../../infra/testing/index.ts";
import { DEFAULT_DESTINATION, type Destination } from "../../schema/config/destinations/index.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { MAX_HOPS, MAX_PAYLOAD_BYTES } from "../../schema/vocabulary/limits.ts";
import { MAX_QUEUE_MESSAGE_BYTES, MAX_WORKFLOW_PARAMETER_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { callDestination } from "../../workflows/call.ts";
import { toCloudEvent } from "../../workflows/cloud-event.ts";
import type { Outcome } from "../../workflows/outcome.ts";

/** The kinds with bindings of workerd's classes, for limits that the platform itself would not let us reach. */

const TIMEOUT_SECONDS = 5;

class WorkerQueue {
  readonly sent: unknown[] = [];
  refusal: Error | undefined;
  async send(message: unknown): Promise<void> {
    if (this.refusal !== undefined) throw this.refusal;
    this.sent.push(message);
  }
}

class WorkflowImpl {
  readonly created: unknown[] = [];
  async create(options: unknown): Promise<void> {
    this.created.push(options);
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function call(
  destination: Destination,
  binding: unknown,
  payload: EventPayload,
  hops = 0,
): Promise<Outcome | undefined> {
  let told: Outcome | undefined;
  await callDestination(
    { bindings: { A: binding }, name: "A", destination },
    [{ payload, context: handleContext({ hops }), timeoutSeconds: TIMEOUT_SECONDS }],
    (_, outcome) => {
      told = outcome;
    },
  );
  return told;
}

const queue: Destination = { kind: "queue", groupSize: 16 };
const workflow: Destination = { kind: "workflow", groupSize: 16 };
const bytes = (count: number): EventPayload => ({ a: "x".repeat(count - '{"a":""}'.length) });

describe("a Queue", () => {
  test("that refuses a message is called again while retries are left", async () => {
    const binding = Object.assign(new WorkerQueue(), {
      refusal: new Error("Queue sendBatch failed: Too Many Requests"),
    });
    expect(await call(queue, binding, {})).toMatchObject({
      result: "failed",
      retry: "retryable",
      reason: expect.stringContaining("Too Many Requests"),
    });
  });

  test("accepts messages of n bytes, and not of n + 1", async () => {
    const binding = new WorkerQueue();
    expect(await call(queue, binding, bytes(MAX_QUEUE_MESSAGE_BYTES))).toMatchObject({ result: "complete" });
    expect(await call(queue, binding, bytes(MAX_QUEUE_MESSAGE_BYTES + 1))).toMatchObject({
      result: "failed",
      retry: "terminal",
    });
    expect(binding.sent).toHaveLength(1);
  });
});

test("a Workflow accepts parameters of n bytes, and not of n + 1", async () => {
  const binding = new WorkflowImpl();
  expect(MAX_WORKFLOW_PARAMETER_BYTES).toBe(MAX_PAYLOAD_BYTES);
  expect(await call(workflow, binding, bytes(MAX_WORKFLOW_PARAMETER_BYTES))).toMatchObject({ result: "complete" });
  expect(await call(workflow, binding, bytes(MAX_WORKFLOW_PARAMETER_BYTES + 1))).toMatchObject({
    result: "failed",
    retry: "terminal",
    reason: "the payload has 1048577 bytes, but a Workflow takes parameters of 1048576",
  });
  expect(binding.created).toHaveLength(1);
});

test("a webhook gets the largest accepted payload, even within a CloudEvent", async () => {
  const bodies: string[] = [];
  vi.stubGlobal("fetch", async (_: string, { body }: { body: string }) => {
    bodies.push(body);
    return new Response();
  });
  const largest = bytes(MAX_PAYLOAD_BYTES);
  const facts = { event_id: "e1", emitted_at: new Date(0), traceparent: null, tracestate: null, cloud_event: false };
  const event = toCloudEvent(largest, largest, facts, { source: "/cf-eventhub", type: "cf-eventhub.event" });
  const webhook: Destination = {
    kind: "webhook",
    url: "https://example.com/",
    secrets: ["A"],
    headers: {},
    format: "cloudevents",
    groupSize: 16,
  };
  expect(await call(webhook, "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==", event)).toMatchObject({
    result: "complete",
  });
  expect(bodies.map((body) => body === JSON.stringify(event))).toEqual([true]);
});

describe("a consumer that lets pass what the hub refused as a loop", () => {
  class Fetcher {
    async handle(): Promise<never> {
      throw new Error("[loop] no further");
    }
    async handleBatch(): Promise<never> {
      throw new Error("[loop] no further");
    }
  }

  test("fails for good at the end of a chain of events, and is retryable before it", async () => {
    const reason = "Error: [loop] no further";
    const binding = new Fetcher();
    expect(await call(DEFAULT_DESTINATION, binding, {}, MAX_HOPS)).toEqual({
      result: "failed",
      reason,
      retry: "terminal",
    });
    expect(await call(DEFAULT_DESTINATION, binding, {}, MAX_HOPS - 1)).toEqual({
      result: "failed",
      reason,
      retry: "retryable",
    });
  });

  test("fails for good only with the items of its batch that are at the end of their chains", async () => {
    const told = new Map<number, Outcome["retry"]>();
    const destination: Destination = { kind: "worker", batch: true, groupSize: 100 };
    const items = [0, MAX_HOPS, 3].map((hops) => ({
      payload: {},
      context: handleContext({ hops }),
      timeoutSeconds: TIMEOUT_SECONDS,
    }));
    await callDestination({ bindings: { A: new Fetcher() }, name: "A", destination }, items, (index, { retry }) => {
      told.set(index, retry);
    });
    expect([...told]).toEqual([
      [0, "retryable"],
      [1, "terminal"],
      [2, "retryable"],
    ]);
  });
});

describe("a consumer's answer", () => {
  /** The outcomes of this many dispatches in one call. */
  async function batchOf(count: number, handleBatch?: () => unknown): Promise<Outcome[]> {
    class Fetcher {
      handle(): void {}
      // As workerd's stubs do, which have every method.
      async handleBatch(): Promise<unknown> {
        if (handleBatch !== undefined) return handleBatch();
        throw new TypeError('The RPC receiver does not implement the method "handleBatch".');
      }
    }
    const outcomes: Outcome[] = [];
    const item = { payload: {}, context: handleContext({ destination: "A" }), timeoutSeconds: TIMEOUT_SECONDS };
    await callDestination(
      { bindings: { A: new Fetcher() }, name: "A", destination: { kind: "worker", batch: true, groupSize: 100 } },
      Array(count).fill(item),
      (_, outcome) => outcomes.push(outcome),
    );
    return outcomes;
  }
  const reasons = async (...call: Parameters<typeof batchOf>) => (await batchOf(...call)).map(({ reason }) => reason);

  test("to a batch has as many results as the batch has dispatches, and the reason counts what came", async () => {
    expect((await batchOf(2, () => ["complete", "ignored"])).map(({ result }) => result)).toEqual([
      "complete",
      "ignored",
    ]);
    expect(await reasons(2, () => ["complete"])).toEqual(
      Array(2).fill("handleBatch returned 1 results instead of 2 results"),
    );
    expect(await reasons(1, () => undefined)).toEqual(["handleBatch returned undefined instead of 1 results"]);
    expect(await reasons(1, () => null)).toEqual(["handleBatch returned null instead of 1 results"]);
  });

  test("is missing if it has no such method: the reason names it and its destination, for a batch of one as well", async () => {
    for (const count of [1, 2]) {
      const outcomes = await batchOf(count);
      expect(outcomes).toHaveLength(count);
      for (const { result, retry, reason } of outcomes) {
        expect([result, retry]).toEqual(["misconfigured", "retryable"]);
        expect(reason).toMatch(/^A has no method handleBatch\(\); /);
      }
    }
  });

  test("is disposed of when it has been read, so that no stub in it keeps the consumer alive", async () => {
    let disposed = 0;
    class Fetcher {
      handle = async () => ({ result: "ignored", [Symbol.dispose]: () => disposed++ });
    }
    expect(await call(DEFAULT_DESTINATION, new Fetcher(), {})).toMatchObject({ result: "ignored" });
    expect(disposed).toBe(1);
  });
});

test("a destination that the executor's configuration lacks is named, and waits a minute for a deployment", async () => {
  const outcomes: Outcome[] = [];
  const items = [{ payload: {}, context: handleContext(), timeoutSeconds: TIMEOUT_SECONDS }];
  await callDestination({ bindings: {}, name: "NEW", destination: undefined }, items, (_, outcome) =>
    outcomes.push(outcome),
  );
  expect(outcomes).toEqual([
    {
      result: "misconfigured",
      reason: "the executor's configuration has no destination NEW",
      retry: "retryable",
      retryAfterSeconds: 60,
      logged: true,
    },
  ]);
});

test("a Worker that cannot call others over RPC says which compatibility date it needs", async () => {
  class Fetcher {
    fetch = () => undefined;
  }
  const outcomes: Outcome[] = [];
  const items = [{ payload: {}, context: handleContext({ hops: 0 }), timeoutSeconds: TIMEOUT_SECONDS }];
  await callDestination(
    { bindings: { A: new Fetcher() }, name: "A", destination: { kind: "worker", batch: false, groupSize: 1 } },
    items,
    (_, outcome) => outcomes.push(outcome),
  );
  expect(outcomes).toMatchObject([
    {
      result: "misconfigured",
      retry: "terminal",
      reason:
        "this Worker's compatibility_date is older than 2024-04-03, so it cannot call other Workers over RPC; set a newer one in its wrangler configuration, such as 2026-10-30",
    },
  ]);
});

test("the request to a webhook that does not answer in time is aborted when the attempt fails", async () => {
  vi.useFakeTimers();
  const requests: AbortSignal[] = [];
  vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) => {
    requests.push(signal);
    return new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const webhook: Destination = {
    kind: "webhook",
    url: "https://example.com/",
    // The binding with the destination's own name is the secret here.
    secrets: ["A"],
    headers: {},
    groupSize: 16,
  };
  const called = call(webhook, "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==", {});
  await vi.advanceTimersByTimeAsync(TIMEOUT_SECONDS * 1_000 - 1);
  expect(requests.map(({ aborted }) => aborted)).toEqual([false]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await called).toMatchObject({ result: "failed", reason: "no answer within 5 s", retry: "retryable" });
  expect(requests.map(({ aborted }) => aborted)).toEqual([true]);
});

test("a binding of another class is misconfigured without a call", async () => {
  expect(await call(queue, new WorkflowImpl(), {})).toMatchObject({ result: "misconfigured", retry: "terminal" });
  expect(await call(DEFAULT_DESTINATION, new WorkerQueue(), {})).toMatchObject({
    result: "misconfigured",
    reason: "the executor's binding A is a Queue, not a Worker",
  });
});
