import type { Consumer, EventPayload, HandleContext } from "../schema/contract.ts";
import type { Destination } from "../schema/destinations.ts";
import { errorText } from "./log.ts";
import { complete, failed, misconfigured, type Outcome, readOutcome } from "./outcome.ts";

/** What the executor's environment holds beside its own bindings: looked up by the destination's name only. */
type Bindings = Readonly<Record<string, unknown>>;

export interface Call {
  bindings: Bindings;
  /** How the destination is configured; `undefined` if no route names it. */
  destination: Destination | undefined;
  payload: EventPayload;
  context: HandleContext;
  timeoutSeconds: number;
}

/** Makes one attempt. Never throws: whatever happens is an outcome. */
export async function callDestination(call: Call): Promise<Outcome> {
  const { destination, context } = call;
  if (destination === undefined) {
    return misconfigured(`the executor's configuration has no destination ${context.destination}`);
  }
  const binding = Object.hasOwn(call.bindings, context.destination) ? call.bindings[context.destination] : undefined;
  if (binding === undefined) return misconfigured(`the executor has no binding ${context.destination}`);
  const fault = bindingFault(destination.kind, binding);
  if (fault !== undefined) return misconfigured(`the executor's binding ${context.destination} ${fault}`);
  try {
    switch (destination.kind) {
      case "worker":
        return await withTimeout(call, () => callWorker(binding as Consumer, call));
      case "r2":
        return await withTimeout(call, () => putObject(binding as R2Bucket, destination.prefix, call));
    }
  } catch (error) {
    return failed(errorText(error));
  }
}

/**
 * Kinds of bindings by the name of their class in workerd. A Worker's stub answers to every name of a method, so that only its class tells it
 * from the others.
 */
const CLASSES = {
  Fetcher: "a Worker",
  R2Bucket: "an R2 bucket",
  WorkerQueue: "a Queue",
  WorkflowImpl: "a Workflow",
  KvNamespace: "a KV namespace",
};

function bindingFault(kind: Destination["kind"], binding: unknown): string | undefined {
  const wanted = { worker: "Fetcher", r2: "R2Bucket" }[kind];
  if (typeof binding !== "object" || binding === null)
    return `is a ${typeof binding}, not ${CLASSES[wanted as "Fetcher"]}`;
  const actual = (CLASSES as Record<string, string>)[binding.constructor.name];
  // A class that is not known here is let through: its call will tell.
  return actual === undefined || binding.constructor.name === wanted
    ? undefined
    : `is ${actual}, not ${CLASSES[wanted as "Fetcher"]}`;
}

async function callWorker(consumer: Consumer, { payload, context }: Call): Promise<Outcome> {
  try {
    const returned: unknown = await consumer.handle(payload, context);
    const outcome = readOutcome(returned);
    // An answer with stubs in it would keep the consumer's side alive.
    if (typeof returned === "object" && returned !== null) (returned as Partial<Disposable>)[Symbol.dispose]?.();
    return outcome;
  } catch (error) {
    const missing = error instanceof Error && error.message.includes('does not implement the method "handle"');
    // The same words may come from deeper inside a healthy handler, so the retries are spent before it is believed.
    return missing
      ? { ...misconfigured(`${context.destination} has no method handle()`), retry: "if-left" }
      : failed(errorText(error));
  }
}

/** Writes the payload under a key that sorts by the time of the event and names the dispatch; a repeat overwrites it with the same. */
async function putObject(bucket: R2Bucket, prefix: string, { payload, context }: Call): Promise<Outcome> {
  const { emittedAt, dispatchId, eventId, attempt } = context;
  const [date, time] = emittedAt.toISOString().split("T");
  const key = `${prefix}${date?.replaceAll("-", "/")}/${time}-${dispatchId}.json`;
  await bucket.put(key, JSON.stringify(payload), {
    httpMetadata: { contentType: "application/json" },
    customMetadata: { eventId, dispatchId, destination: context.destination, attempt: String(attempt) },
  });
  return complete;
}

async function withTimeout({ timeoutSeconds }: Call, attempt: () => Promise<Outcome>): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(failed(`no answer within ${timeoutSeconds} s`)), timeoutSeconds * 1_000);
  });
  try {
    return await Promise.race([attempt(), timeout]);
  } finally {
    if (timer !== undefined) clearTimeout(timer);
  }
}
