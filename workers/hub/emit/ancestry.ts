import { EmitError } from "../../../schema/contract/emit-error.ts";
import { describe, isPlainObject } from "../../../schema/payload/encode.ts";
import { MAX_HOPS } from "../../../schema/vocabulary/limits.ts";

/** The chain of events that an event belongs to. */
export interface Ancestry {
  /** The event that caused it, if known; it may belong to another hub. */
  causedBy: string | undefined;
  hops: number;
}

/** The ancestry of an event that begins a chain. */
export const FIRST: Ancestry = { causedBy: undefined, hops: 0 };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The ancestry of the events that a consumer emits, from the context that the consumer was given. The context must be a plain object, and may have
 * been stored, cut or made up.
 *
 * @throws EmitError `invalid_options`, or `loop` at the end of the chain
 */
export function causedIn(context: unknown): Ancestry {
  if (!isPlainObject(context)) throw invalid(`context must be the context of handle(), got ${describe(context)}`);
  const { eventId, hops } = context;
  if (typeof eventId !== "string" || !UUID.test(eventId)) {
    throw invalid(`context.eventId must be the id of an event (a UUID), got ${describe(eventId)}`);
  }
  if (!Number.isSafeInteger(hops) || Number(hops) < 0) {
    const got = typeof hops === "number" ? hops : describe(hops);
    throw invalid(`context.hops must be an integer of at least 0, got ${got}`);
  }
  if (Number(hops) >= MAX_HOPS) {
    throw new EmitError(
      "loop",
      `event ${eventId} has ${hops} hops behind it, and at most ${MAX_HOPS} are allowed: events cause each other in a circle`,
    );
  }
  return { causedBy: eventId.toLowerCase(), hops: Number(hops) + 1 };
}

const invalid = (message: string) => new EmitError("invalid_options", message);
