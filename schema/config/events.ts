/** The structure of a configuration's events. Only the hub reads what their schemas contain. */

import * as v from "valibot";
import { isLonger, isStorable } from "../text/unicode.ts";
import {
  DEFAULT_EVENT_CHECK,
  DEFAULT_KIND_MEMBER,
  DEFAULT_UNKNOWN_CHECK,
  EVENT_CHECKS,
} from "../vocabulary/event-checks.ts";
import { hasOwnKind } from "../vocabulary/event-origins.ts";
import { MAX_EVENT_DESCRIPTION_LENGTH, MAX_EVENT_KIND_LENGTH, MAX_EVENT_KINDS } from "../vocabulary/limits.ts";
import { isRecord, show } from "./faults.ts";

const check = v.picklist(EVENT_CHECKS, ({ input }) => `must be one of ${EVENT_CHECKS.join(", ")}, got ${show(input)}`);

const text = (max: number) =>
  v.custom<string>(
    (input) => typeof input === "string" && input !== "" && isStorable(input) && !isLonger(input, max),
    ({ input }) => `must be a string of 1 to ${max} characters, got ${show(input)}`,
  );

const kindName = text(MAX_EVENT_KIND_LENGTH);

/** One kind of event. Reads own members only: an object made from JSON has no others. */
export const ConfiguredEventSchema = v.strictObject({
  /** The JSON Schema (draft 2020-12) of the whole payload. */
  schema: v.custom<boolean | Readonly<Record<string, unknown>>>(
    (input) => typeof input === "boolean" || isRecord(input),
    ({ input }) => `must be a JSON Schema (an object, true or false), got ${show(input)}`,
  ),
  description: v.exactOptional(text(MAX_EVENT_DESCRIPTION_LENGTH)),
  examples: v.exactOptional(
    v.array(
      v.custom<Readonly<Record<string, unknown>>>(
        isRecord,
        ({ input }) => `must be a payload (an object), got ${show(input)}`,
      ),
      ({ input }) => `must be an array of payloads, got ${show(input)}`,
    ),
  ),
  key: v.exactOptional(text(MAX_EVENT_DESCRIPTION_LENGTH)),
  version: v.exactOptional(text(MAX_EVENT_KIND_LENGTH)),
  check: v.exactOptional(check),
});

/** By kind. */
export const ConfiguredEvents = v.custom<Readonly<Record<string, unknown>>>(
  isRecord,
  ({ input }) => `must be an object of events by kind, got ${show(input)}`,
);

/** The settings for all kinds. */
export const EventSettings = v.strictObject({
  kind: v.optional(kindName, DEFAULT_KIND_MEMBER),
  check: v.optional(check, DEFAULT_EVENT_CHECK),
  unknown: v.optional(check, DEFAULT_UNKNOWN_CHECK),
});

/** One kind of event, as configured. */
export type ConfiguredEvent = v.InferOutput<typeof ConfiguredEventSchema>;

/** One kind of event, as written. */
export type ConfiguredEventInput = v.InferInput<typeof ConfiguredEventSchema>;

/** Settings for all kinds, with their defaults. */
export type EventSettings = v.InferOutput<typeof EventSettings>;

/** The fault of a kind's name, or `undefined`. */
export function kindFault(kind: string): string | undefined {
  if (hasOwnKind({ kind })) return "begins with eventhub., which is reserved for the hub";
  return v.is(kindName, kind) ? undefined : `must be a kind of 1 to ${MAX_EVENT_KIND_LENGTH} characters`;
}

/** The fault of the number of kinds, or `undefined`. */
export const countFault = (kinds: number): string | undefined =>
  kinds > MAX_EVENT_KINDS ? `must have at most ${MAX_EVENT_KINDS} kinds, got ${kinds}` : undefined;
