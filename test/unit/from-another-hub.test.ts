import { expect, test } from "vitest";
import { handleContext } from "../../infra/testing/index.ts";
import { EmitError } from "../../schema/contract/emit-error.ts";
import type { HandleContext } from "../../schema/contract/index.ts";
import { takeFromAnotherHub } from "../../workers/hub/emit/from-another-hub.ts";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const PAYLOAD = { total: 7 };

/** What the other hub is answered, and what this one emitted. */
async function taken(more: Partial<HandleContext>, refusal?: unknown) {
  const emitted: unknown[][] = [];
  const context = { ...handleContext({ dispatchId: ID, idempotencyKey: ID }), ...more };
  const answer = await takeFromAnotherHub(PAYLOAD, context, async (...given) => {
    emitted.push(given);
    if (refusal !== undefined) throw refusal;
    return { events: [{ id: "saved", duplicate: false, dispatches: [] }] };
  });
  return { answer, emitted, context };
}

test("an event of another hub is complete once it is saved here, once for each dispatch there", async () => {
  const { answer, emitted, context } = await taken({});
  expect(answer).toEqual({ result: "complete", reason: "event saved" });
  expect(emitted).toEqual([[PAYLOAD, { idempotencyKey: `handle:${ID}`, context }, false]]);
});

test("whether it is a CloudEvent is what the other hub says, and unknown if that is older and says nothing", async () => {
  expect((await taken({ cloudEvent: true })).emitted[0]?.[2]).toBe(true);
  for (const cloudEvent of [undefined, "yes"]) {
    expect((await taken({ cloudEvent: cloudEvent as never })).emitted[0]?.[2]).toBeUndefined();
  }
});

test.each([
  new EmitError("loop", "at the end of the chain"),
  new EmitError("invalid_options", "no such option"),
  new EmitError("invalid_event", "event.id: is required"),
])("what would be refused again has failed for good: %s", async (refusal) => {
  expect((await taken({}, refusal)).answer).toEqual({ result: "failed", retry: false, reason: refusal.message });
});

test("an event without its ancestry, which ends a circle of hubs, is refused", async () => {
  const { answer, emitted } = await taken({ hops: undefined as never });
  expect(emitted).toEqual([]);
  expect(answer).toMatchObject({ result: "failed", retry: false, reason: expect.stringContaining("context.hops") });
});

test.each([new EmitError("unavailable", "no answer in time"), new Error("[loop"), "[loop] no error"])(
  "every other trouble is the caller's to try again: %s",
  async (trouble) => {
    await expect(taken({}, trouble)).rejects.toBe(trouble);
  },
);
