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

/** Emits an event. `cloudEvents` is the other hub's statement whether the payload is a CloudEvent. */
type Emit = (payload: EventPayload, options: EmitOptions, cloudEvents: boolean | undefined) => Promise<EmitResult>;

/** With these codes, the event would be refused again. An operator retries it once the cause is corrected. */
const FINAL: ReadonlySet<EmitErrorCode | undefined> = new Set(["loop", "invalid_options", "invalid_event"] as const);

/** Takes an event from another hub that has this one as a destination. It is complete once it is saved here, once for each dispatch there. */
export async function takeFromAnotherHub(
  payload: EventPayload,
  context: HandleContext,
  emit: Emit,
): Promise<HandleOutcome> {
  try {
    // The ancestry is required here: without it, a circle of hubs would never end.
    causedIn(context);
    const { idempotencyKey, cloudEvent } = context;
    const options: EmitOptions = { idempotencyKey: `handle:${idempotencyKey}`, context };
    const { events } = await emit(payload, options, typeof cloudEvent === "boolean" ? cloudEvent : undefined);
    return { result: "complete", reason: `event ${events[0]?.id}` };
  } catch (error) {
    const code = emitErrorCode(error);
    if (!(error instanceof Error) || !FINAL.has(code)) throw error;
    // The same call would be refused again. Executors of any version understand this answer.
    return { result: "failed", retry: false, reason: error.message };
  }
}
