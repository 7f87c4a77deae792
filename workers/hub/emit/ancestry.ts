import { EmitError } from "../../../schema/contract/emit-error.ts";
import { describe, isPlainObject } from "../../../schema/payload/encode.ts";
import { MAX_HOPS } from "../../../schema/vocabulary/limits.ts";

/** Where an event comes from. */
export interface Ancestry {
  /** The event that caused it, if that is known; another hub's, if it came from there. */
  causedBy: string | undefined;
  hops: number;
}

/** That of an event which begins a chain. */
export const FIRST: Ancestry = { causedBy: undefined, hops: 0 };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The ancestry of what is caused by an event, of the context that its consumer was given: a plain object that may have been stored, cut or made up.
 * @throws EmitError `invalid_options`, or `loop` where the chain ends
 */
export function causedIn(context: unknown): Ancestry {
  if (!isPlainObject(context)) throw invalid(`context must be what handle() was given, got ${describe(context)}`);
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
      `event ${eventId} has ${hops} hops behind it, and no more than ${MAX_HOPS} are taken: events that cause each other in a circle`,
    );
  }
  return { causedBy: eventId.toLowerCase(), hops: Number(hops) + 1 };
}

const invalid = (message: string) => new EmitError("invalid_options", message);
