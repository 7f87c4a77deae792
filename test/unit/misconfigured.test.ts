import { expect, test } from "vitest";
import { MisconfiguredError } from "../../schema/vocabulary/misconfigured-error.ts";
import { refuseToEmit } from "../../schema/vocabulary/refuse-to-emit.ts";
import { requireBindings } from "../../schema/vocabulary/required-bindings.ts";

const fits = { EVENTHUB_QUEUE: { sendBatch: () => undefined }, DISPATCH: { createBatch: () => undefined } };

test("existing bindings are not reported", () => {
  expect(() => requireBindings(fits, "EVENTHUB_QUEUE", "DISPATCH")).not.toThrow();
});

test.each<[object, string]>([
  [
    { ...fits, DISPATCH: undefined },
    "DISPATCH is not bound: bind the Workflow of the class that extends DispatchWorkflow",
  ],
  [{ ...fits, DISPATCH: fits.EVENTHUB_QUEUE }, "DISPATCH is bound to something else: bind the Workflow of the class"],
  [{ ...fits, EVENTHUB_QUEUE: "jobs" }, "EVENTHUB_QUEUE is bound to something else: bind the queue that the executor"],
  [
    { QUEUE: fits.EVENTHUB_QUEUE },
    "EVENTHUB_QUEUE is not bound: bind the queue that the executor consumes to this Worker",
  ],
  [{ ...fits, EVENTHUB_QUEUE: null }, "EVENTHUB_QUEUE is bound to something else"],
])("a binding that is missing or of another type is named: %#", (env, message) => {
  expect(() => requireBindings(env, "EVENTHUB_QUEUE", "DISPATCH")).toThrow(`[misconfigured] ${message}`);
});

test("what a person must correct is an error of its own name, with the code that crosses RPC", () => {
  const cause = new Error("no such host");
  const error = new MisconfiguredError("it is not set", { cause });
  expect([error.name, error.message, error.cause]).toEqual([
    "MisconfiguredError",
    "[misconfigured] it is not set",
    cause,
  ]);
});

test("an entrypoint that takes no events says so to a producer that is bound to it, as a method of its class", async () => {
  class Entrypoint {}
  refuseToEmit(Entrypoint.prototype, "emit_at_executor");
  const bound = new Entrypoint() as unknown as { emit(payload: object): Promise<never> };
  await expect(bound.emit({})).rejects.toThrow(
    "[misconfigured] this binding leads to the executor, which takes no events; a producer binds the hub",
  );
  expect(Object.getOwnPropertyDescriptor(Entrypoint.prototype, "emit")).toMatchObject({
    writable: true,
    configurable: true,
    enumerable: false,
  });
});
