import { describe, expect, test } from "vitest";
import { type EventPayload, MAX_PAYLOAD_BYTES } from "../../schema/contract.ts";
import { DEFAULT_DESTINATION, type Destination } from "../../schema/destinations.ts";
import { callDestination } from "../../workflows/call.ts";
import { MAX_QUEUE_MESSAGE_BYTES } from "../../workflows/kinds/queue.ts";
import { MAX_WORKFLOW_PARAMETER_BYTES } from "../../workflows/kinds/workflow.ts";
import type { Outcome } from "../../workflows/outcome.ts";

/** The kinds against bindings of the classes that workerd has, where the platform itself would not play along. */

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

async function call(destination: Destination, binding: object, payload: EventPayload): Promise<Outcome | undefined> {
  let told: Outcome | undefined;
  const context = {
    eventId: "e1",
    dispatchId: "d1",
    destination: "A",
    attempt: 1,
    maxAttempts: 3,
    emittedAt: new Date(0),
    idempotencyKey: "d1",
    hops: 0,
  };
  await callDestination(
    { bindings: { A: binding }, name: "A", destination },
    [{ payload, context, timeoutSeconds: 5 }],
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
  test("that refuses is asked again while retries are left", async () => {
    const binding = Object.assign(new WorkerQueue(), {
      refusal: new Error("Queue sendBatch failed: Too Many Requests"),
    });
    expect(await call(queue, binding, {})).toMatchObject({
      result: "failed",
      retry: "if-left",
      reason: expect.stringContaining("Too Many Requests"),
    });
  });

  test("takes messages of n bytes, and not of n + 1", async () => {
    const binding = new WorkerQueue();
    expect(await call(queue, binding, bytes(MAX_QUEUE_MESSAGE_BYTES))).toMatchObject({ result: "complete" });
    expect(await call(queue, binding, bytes(MAX_QUEUE_MESSAGE_BYTES + 1))).toMatchObject({
      result: "failed",
      retry: "never",
    });
    expect(binding.sent).toHaveLength(1);
  });
});

test("a Workflow takes parameters of n bytes, and not of n + 1", async () => {
  const binding = new WorkflowImpl();
  expect(MAX_WORKFLOW_PARAMETER_BYTES).toBe(MAX_PAYLOAD_BYTES);
  expect(await call(workflow, binding, bytes(MAX_WORKFLOW_PARAMETER_BYTES))).toMatchObject({ result: "complete" });
  expect(await call(workflow, binding, bytes(MAX_WORKFLOW_PARAMETER_BYTES + 1))).toMatchObject({
    result: "failed",
    retry: "never",
    reason: "the payload has 1048577 bytes, and a Workflow takes parameters of 1048576",
  });
  expect(binding.created).toHaveLength(1);
});

test("a binding of another class is misconfigured without a call", async () => {
  expect(await call(queue, new WorkflowImpl(), {})).toMatchObject({ result: "misconfigured", retry: "never" });
  expect(await call(DEFAULT_DESTINATION, new WorkerQueue(), {})).toMatchObject({
    result: "misconfigured",
    reason: "the executor's binding A is a Queue, not a Worker",
  });
});
