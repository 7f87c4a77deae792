import { describe, expect, test } from "vitest";
import { handleContext } from "../../infra/testing/index.ts";
import type { EventPayload, HandleContext } from "../../schema/contract/index.ts";
import { hub } from "../../workflows/kinds/hub.ts";
import { queue } from "../../workflows/kinds/queue.ts";
import { r2 } from "../../workflows/kinds/r2.ts";
import { workflow } from "../../workflows/kinds/workflow.ts";

/** What each kind gives to the platform's binding, which is replaced by one that remembers its calls. */

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const EVENT = "01890a5d-ac96-774b-bcce-b302099a8056";
const EMITTED_AT = new Date("2026-11-24T08:30:00.250Z");
const PAYLOAD = { total: 7 };
const { signal } = new AbortController();

const itemOf = (payload: EventPayload, context: Partial<HandleContext> = {}) => ({
  payload,
  context: { ...handleContext({ eventId: EVENT, dispatchId: ID, emittedAt: EMITTED_AT, attempt: 2 }), ...context },
  timeoutSeconds: 30,
});

/** Calls a kind, and returns the outcome and what the binding was given. */
async function called(
  kind: typeof r2 | typeof queue | typeof workflow | typeof hub,
  declared: object,
  item = itemOf(PAYLOAD),
) {
  const given: unknown[] = [];
  const note = async (...values: unknown[]) => {
    given.push(...values);
  };
  const binding = { put: note, send: note, create: note };
  const destination = { groupSize: 1, ...declared } as never;
  const outcome = await kind.call({ destination, binding, bindings: {} }, item, signal);
  return { outcome, given };
}

describe("a bucket", () => {
  test.each([
    [undefined, "application/json"],
    ["cloudevents", "application/cloudevents+json"],
  ])(
    "gets an object whose key begins with the day and the time of the event (format %s)",
    async (format, contentType) => {
      const { outcome, given } = await called(r2, { kind: "r2", prefix: "events/", format });
      const [key, text, options] = given;
      expect(outcome.result).toBe("complete");
      expect([key, text]).toEqual([`events/2026/11/24/08:30:00.250Z-${ID}.json`, '{"total":7}']);
      expect(options).toMatchObject({
        httpMetadata: { contentType },
        customMetadata: { dispatchId: ID, attempt: "2" },
      });
    },
  );

  test("gets the trace of the event, if it has one", async () => {
    const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
    const metadataOf = async (context: Partial<HandleContext>) => {
      const { given } = await called(r2, { kind: "r2", prefix: "" }, itemOf(PAYLOAD, context));
      return (given[2] as { customMetadata: object }).customMetadata;
    };
    expect(await metadataOf({ traceparent })).toHaveProperty("traceparent", traceparent);
    expect(await metadataOf({})).not.toHaveProperty("traceparent");
  });
});

describe("a queue and a Workflow", () => {
  test("get the payload, or with the format context also what a Worker gets beside it", async () => {
    const context = { ...itemOf(PAYLOAD).context, emittedAt: "2026-11-24T08:30:00.250Z" };
    const json = { contentType: "json" };
    for (const format of [undefined, "cloudevents"]) {
      expect((await called(queue, { kind: "queue", format })).given).toEqual([PAYLOAD, json]);
    }
    const full = { payload: PAYLOAD, context };
    expect((await called(queue, { kind: "queue", format: "context" })).given).toEqual([full, json]);
    expect((await called(workflow, { kind: "workflow", format: "context" })).given).toEqual([{ id: ID, params: full }]);
    expect((await called(workflow, { kind: "workflow" })).given).toEqual([{ id: ID, params: PAYLOAD }]);
  });

  test("refuse what is too large, and say what it is", async () => {
    const large = itemOf({ a: "x".repeat(2_000_000) });
    const reasonOf = async (kind: typeof queue | typeof workflow, format?: string) =>
      (await called(kind, { format }, large)).outcome.reason;
    expect(await reasonOf(queue)).toMatch(/^the payload has \d+ bytes, but a Queue takes messages of 127000$/);
    expect(await reasonOf(queue, "context")).toMatch(/^the message has \d+ bytes, but a Queue/);
    expect(await reasonOf(workflow)).toMatch(/^the payload has \d+ bytes, but a Workflow takes parameters of 1048576$/);
    expect(await reasonOf(workflow, "context")).toMatch(/^the message has \d+ bytes, but a Workflow/);
  });
});

describe("a Workflow whose instance exists already", () => {
  const create = (message: string) => {
    const binding = { create: () => Promise.reject(new Error(message)) };
    return workflow.call({ destination: { groupSize: 1 } as never, binding, bindings: {} }, itemOf(PAYLOAD), signal);
  };

  test("has got the event, and any other refusal is tried again", async () => {
    expect(await create("(instance.already_exists) Instance already exists")).toMatchObject({
      result: "complete",
      reason: "the instance existed already",
    });
    await expect(create("workflow is away")).rejects.toThrow("workflow is away");
  });
});

describe("another hub", () => {
  const refused = (message: string) => {
    const binding = { handle: () => Promise.reject(new Error(message)) };
    return hub.call({ destination: { groupSize: 1 } as never, binding, bindings: {} }, itemOf(PAYLOAD), signal);
  };

  test.each([
    ["[misconfigured] DATABASE_URL is not set", "misconfigured", "retryable"],
    ["[invalid_payload] event: too deep", "failed", "terminal"],
  ])("that refuses with %s: %s, %s", async (message, result, retry) => {
    expect(await refused(message)).toMatchObject({ result, retry, reason: expect.stringContaining(message) });
  });

  test.each(["[unavailable] no answer in time", "Network connection lost."])(
    "that refuses with %s is asked again",
    (message) => expect(refused(message)).rejects.toThrow(message),
  );
});
