import { WorkerEntrypoint, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import type { BatchItem, EventHub, EventPayload, HandleContext } from "../../schema/contract/index.ts";
import type { Act, Call, Emitting } from "./call.ts";

interface Env {
  EVENTHUB: EventHub;
  NESTED: { fail(text: string): Promise<never> };
}

const calls: Call[] = [];

/**
 * Does at its n-th attempt what `payload.script[n - 1]` says, and remembers the call. Further attempts repeat the last act; without a script it
 * answers `complete`.
 */
export class Scripted extends WorkerEntrypoint<Env> {
  async handle(payload: EventPayload, context: HandleContext): Promise<unknown> {
    calls.push({ payload, context, at: Date.now() });
    const script = (payload.script ?? []) as unknown as Act[];
    const act = script[Math.min(context.attempt, script.length) - 1] ?? { return: "complete" };
    if ("emit" in act) return emitFor(context, act, this.env);
    const called = calls.filter((call) => call.context.dispatchId === context.dispatchId).length;
    if ("times" in act && called > (act.times ?? 0)) return "complete";
    if ("nested" in act) return this.env.NESTED.fail(act.nested);
    return perform(act);
  }
}

/** A Worker that consumers call. */
export class Nested extends WorkerEntrypoint {
  fail(text: string): never {
    throw new Error(text);
  }
}

/** Emits for the event. An error of the hub is thrown. */
async function emitFor(context: HandleContext, { emit, silently }: Emitting, { EVENTHUB }: Env): Promise<"complete"> {
  await EVENTHUB.emit(emit, {
    idempotencyKey: `for ${context.idempotencyKey}`,
    ...(silently ? {} : { context }),
  });
  return "complete";
}

async function perform(act: Exclude<Act, Emitting | { nested: string }>): Promise<unknown> {
  if ("throw" in act) throw new Error(act.throw);
  if ("throwValue" in act) throw act.throwValue;
  if ("hang" in act) return new Promise(() => setInterval(() => undefined, 1_000));
  if ("huge" in act) return { result: "complete", reason: "x".repeat(act.huge) };
  if ("wait" in act) await new Promise((resolve) => setTimeout(resolve, act.wait));
  return act.return;
}

/** Takes batches: each item follows its script, or the whole call follows `batch` of the first item's payload. */
export class ScriptedBatch extends WorkerEntrypoint {
  async handleBatch(items: BatchItem[]): Promise<unknown> {
    const at = Date.now();
    for (const item of items) calls.push({ ...item, at, batch: items.length });
    const whole = items[0]?.payload.batch as Exclude<Act, Emitting | { nested: string }> | undefined;
    if (whole !== undefined) return perform(whole);
    return items.map(({ payload, context }) => {
      const script = (payload.script ?? []) as unknown as { return: unknown }[];
      return (script[Math.min(context.attempt, script.length) - 1] ?? { return: "complete" }).return;
    });
  }
}

/** A Worker that implements something else than a consumer. */
export class Mute extends WorkerEntrypoint {
  greet(): string {
    return "hello";
  }
}

/** Everything that did not arrive by a call: messages of a queue, runs of a Workflow. */
const arrivals: { way: string; id: string; body: unknown }[] = [];

/** A user's Workflow. */
export class Onboarding extends WorkflowEntrypoint {
  override async run(event: Readonly<WorkflowEvent<unknown>>, step: WorkflowStep): Promise<void> {
    await step.do("welcome", async () => {
      arrivals.push({ way: "workflow", id: event.instanceId, body: event.payload });
    });
  }
}

export default class extends WorkerEntrypoint {
  override fetch(request: Request): Response {
    return Response.json(request.url.endsWith("/arrivals") ? arrivals : calls);
  }

  override queue({ messages }: MessageBatch<unknown>): void {
    for (const { id, body } of messages) arrivals.push({ way: "queue", id, body });
  }
}
