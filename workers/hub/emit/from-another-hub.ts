import {
  type EmitErrorCode,
  type EmitOptions,
  type EmitResult,
  type EventPayload,
  emitErrorCode,
  type HandleContext,
  type HandleOutcome,
} from "../../../schema/contract/index.ts";
import { causedIn } from "./ancestry.ts";

/** Emits with the word of the other hub on whether it is a CloudEvent. */
type Emit = (payload: EventPayload, options: EmitOptions, cloudEvents: boolean | undefined) => Promise<EmitResult>;

/** What would be refused again: an operator retries it, once the definition is mended. */
const FINAL: ReadonlySet<EmitErrorCode | undefined> = new Set(["loop", "invalid_options", "invalid_event"] as const);

/** Takes an event from another hub, whose destination this one is: complete once it is saved here, once for each dispatch there. */
export async function takeFromAnotherHub(
  payload: EventPayload,
  context: HandleContext,
  emit: Emit,
): Promise<HandleOutcome> {
  try {
    // Here it must be there: without it nothing would end a circle of hubs.
    causedIn(context);
    const { idempotencyKey, traceparent, cloudEvent } = context;
    const options: EmitOptions = { idempotencyKey: `handle:${idempotencyKey}`, context };
    if (traceparent !== undefined) options.traceparent = traceparent;
    const { events } = await emit(payload, options, typeof cloudEvent === "boolean" ? cloudEvent : undefined);
    return { result: "complete", reason: `event ${events[0]?.id}` };
  } catch (error) {
    const code = emitErrorCode(error);
    if (!(error instanceof Error) || !FINAL.has(code)) throw error;
    // The same call would be refused again; an executor of any version understands this answer.
    return { result: "failed", retry: false, reason: error.message };
  }
}
