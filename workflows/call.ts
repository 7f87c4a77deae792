import type { BatchConsumer, Consumer, EventPayload, HandleContext } from "../schema/contract.ts";
import type { Destination } from "../schema/destinations.ts";
import { errorText } from "./log.ts";
import { complete, describe, failed, misconfigured, type Outcome, readOutcome } from "./outcome.ts";

/** What the executor's environment holds beside its own bindings: looked up by the destination's name only. */
type Bindings = Readonly<Record<string, unknown>>;

/** One dispatch that is to be called. */
export interface CallItem {
  payload: EventPayload;
  context: HandleContext;
  timeoutSeconds: number;
}

export interface Call {
  bindings: Bindings;
  /** The destination's name, and how it is configured: `undefined` if no route names it. */
  name: string;
  destination: Destination | undefined;
}

/**
 * Makes one attempt of each item and tells each outcome as it lands, one by one or for a whole batch. Never throws: whatever happens is an
 * outcome.
 */
export async function callDestination(
  call: Call,
  items: readonly CallItem[],
  tell: (index: number, outcome: Outcome) => void,
): Promise<void> {
  const target = resolveBinding(call);
  if ("outcome" in target) {
    for (const index of items.keys()) tell(index, target.outcome);
    return;
  }
  const { destination, binding } = target;
  if (destination.kind === "worker" && destination.batch) {
    const outcomes = await callBatch(binding as BatchConsumer, call.name, items);
    for (const [index, outcome] of outcomes.entries()) tell(index, outcome);
    return;
  }
  await Promise.all(items.map(async (item, index) => tell(index, await callOne(destination, binding, item))));
}

type Target = { outcome: Outcome } | { destination: Destination; binding: unknown };

function resolveBinding({ bindings, name, destination }: Call): Target {
  if (destination === undefined) {
    return { outcome: misconfigured(`the executor's configuration has no destination ${name}`) };
  }
  const binding = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
  if (binding === undefined) return { outcome: misconfigured(`the executor has no binding ${name}`) };
  const fault = bindingFault(destination.kind, binding);
  if (fault !== undefined) return { outcome: misconfigured(`the executor's binding ${name} ${fault}`) };
  return { destination, binding };
}

function callOne(destination: Destination, binding: unknown, item: CallItem): Promise<Outcome> {
  const { timeoutSeconds } = item;
  const name = item.context.destination;
  switch (destination.kind) {
    case "worker":
      return attempt(name, "handle", timeoutSeconds, async () =>
        readReturned(await (binding as Consumer).handle(item.payload, item.context), readOutcome),
      );
    case "r2":
      return attempt(name, "put", timeoutSeconds, () => putObject(binding as R2Bucket, destination.prefix, item));
  }
}

async function callBatch(consumer: BatchConsumer, name: string, items: readonly CallItem[]): Promise<Outcome[]> {
  const timeoutSeconds = Math.max(...items.map((item) => item.timeoutSeconds));
  const batch = items.map(({ payload, context }) => ({ payload, context }));
  const outcome = await attempt(name, "handleBatch", timeoutSeconds, async () => {
    return readReturned(await consumer.handleBatch(batch), (returned) => {
      if (Array.isArray(returned) && returned.length === items.length) return returned.map(readOutcome);
      const what = Array.isArray(returned) ? `${returned.length} results` : describe(returned);
      return failed(`handleBatch returned ${what} instead of ${items.length} results`);
    });
  });
  return Array.isArray(outcome) ? outcome : items.map(() => outcome);
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

/** Reads what a consumer returned, and lets go of it: an answer with stubs in it would keep the consumer's side alive. */
function readReturned<T>(returned: unknown, read: (returned: unknown) => T): T {
  const outcome = read(returned);
  if (typeof returned === "object" && returned !== null) (returned as Partial<Disposable>)[Symbol.dispose]?.();
  return outcome;
}

/** One call with its time limit; a throw is a failure. */
async function attempt<T>(
  name: string,
  method: string,
  timeoutSeconds: number,
  call: () => Promise<T>,
): Promise<T | Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(failed(`no answer within ${timeoutSeconds} s`)), timeoutSeconds * 1_000);
  });
  try {
    return await Promise.race([call(), timeout]);
  } catch (error) {
    const missing = error instanceof Error && error.message.includes(`does not implement the method "${method}"`);
    // The same words may come from deeper inside a healthy handler, so the retries are spent before it is believed.
    return missing
      ? { ...misconfigured(`${name} has no method ${method}()`), retry: "if-left" }
      : failed(errorText(error));
  } finally {
    if (timer !== undefined) clearTimeout(timer);
  }
}

/** Writes the payload under a key that sorts by the time of the event and names the dispatch; a repeat overwrites it with the same. */
async function putObject(bucket: R2Bucket, prefix: string, { payload, context }: CallItem): Promise<Outcome> {
  const { emittedAt, dispatchId, eventId, attempt } = context;
  const [date, time] = emittedAt.toISOString().split("T");
  const key = `${prefix}${date?.replaceAll("-", "/")}/${time}-${dispatchId}.json`;
  await bucket.put(key, JSON.stringify(payload), {
    httpMetadata: { contentType: "application/json" },
    customMetadata: { eventId, dispatchId, destination: context.destination, attempt: String(attempt) },
  });
  return complete;
}
