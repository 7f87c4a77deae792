import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EmitOptions } from "../../../schema/contract/index.ts";
import { describe, isPlainObject } from "../../../schema/payload/encode.ts";
import { codePoints, isLonger, isStorable } from "../../../schema/text/unicode.ts";
import type { TraceContext } from "../../../schema/trace/trace-context.ts";
import { ISO_TIME_RULE, isoDate } from "../../../schema/vocabulary/iso-time.ts";
import { MAX_DELAY_DAYS, MAX_DELAY_SECONDS, MAX_IDEMPOTENCY_KEY_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { type Ancestry, causedIn, FIRST } from "./ancestry.ts";
import { checkTrace } from "./check-options-trace.ts";

/** The options of a call, checked. */
export interface CheckedOptions {
  idempotencyKey: string | undefined;
  delaySeconds: number | undefined;
  deliverAt: Date | undefined;
  /** The caller's trace context; invalid parts are left out. */
  trace: TraceContext;
  cloudEvents: boolean;
  ancestry: Ancestry;
}

const KNOWN: readonly string[] = [
  "idempotencyKey",
  "delaySeconds",
  "deliverAt",
  "traceparent",
  "tracestate",
  "baggage",
  "cloudEvents",
  "context",
] satisfies (keyof EmitOptions)[];

/** @throws EmitError `invalid_options` with the option's name, what it must be and what it was. */
export function checkOptions(options: unknown, now: () => number = Date.now): CheckedOptions {
  if (options === undefined || options === null) return checkOptions({}, now);
  if (!isPlainObject(options)) throw invalid(`options must be an object, got ${describe(options)}`);
  const unknown = Object.keys(options).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined)
    throw invalid(`unknown option ${JSON.stringify(unknown.slice(0, 40))}; there are ${KNOWN.join(", ")}`);
  if (options.delaySeconds !== undefined && options.deliverAt !== undefined) {
    throw invalid("delaySeconds and deliverAt exclude each other");
  }
  return {
    idempotencyKey: checkKey(options.idempotencyKey),
    delaySeconds: checkDelay(options.delaySeconds),
    deliverAt: checkMoment(options.deliverAt, now),
    trace: checkTrace(options),
    cloudEvents: checkFlag(options.cloudEvents),
    ancestry: options.context === undefined ? FIRST : causedIn(options.context),
  };
}

function checkKey(key: unknown): string | undefined {
  if (key === undefined) return undefined;
  if (typeof key !== "string") throw invalid(`idempotencyKey must be a string, got ${describe(key)}`);
  if (key === "" || isLonger(key, MAX_IDEMPOTENCY_KEY_LENGTH)) {
    throw invalid(`idempotencyKey must have 1 to ${MAX_IDEMPOTENCY_KEY_LENGTH} characters, got ${codePoints(key)}`);
  }
  if (!isStorable(key))
    throw invalid("idempotencyKey contains what Postgres cannot store (U+0000 or half a surrogate pair)");
  return key;
}

function checkDelay(seconds: unknown): number | undefined {
  if (seconds === undefined) return undefined;
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds <= MAX_DELAY_SECONDS)) {
    const got = typeof seconds === "number" ? seconds : describe(seconds);
    throw invalid(`delaySeconds must be a number from 0 to ${MAX_DELAY_SECONDS} (${MAX_DELAY_DAYS} days), got ${got}`);
  }
  return seconds;
}

function checkMoment(moment: unknown, now: () => number): Date | undefined {
  if (moment === undefined) return undefined;
  const date = typeof moment === "string" ? isoDate(moment) : moment;
  if (!(date instanceof Date) || Number.isNaN(date.getTime()))
    throw invalid(`deliverAt must be a Date, ${ISO_TIME_RULE}, got ${describe(moment)}`);
  if (date.getTime() > now() + MAX_DELAY_SECONDS * 1_000)
    throw invalid(`deliverAt must be at most ${MAX_DELAY_DAYS} days ahead`);
  // A date in the past means now. A date before 1970 does not fit into a message.
  return new Date(Math.max(date.getTime(), 0));
}

function checkFlag(cloudEvents: unknown): boolean {
  if (cloudEvents === undefined || typeof cloudEvents === "boolean") return cloudEvents ?? false;
  throw invalid(`cloudEvents must be true or false, got ${describe(cloudEvents)}`);
}

const invalid = (message: string) => new EmitError("invalid_options", message);
