/** The content of a `traceparent`: the trace, the span in it that is the parent of what follows, and whether the trace is recorded. */
export interface SpanContext {
  /** 32 hex digits, not all 0. */
  traceId: string;
  /** 16 hex digits, not all 0. */
  spanId: string;
  /** Whether the one that started the trace records it. */
  sampled: boolean;
}

/** The rule that a valid `traceparent` follows. */
export const TRACEPARENT_RULE =
  "must be a W3C traceparent (00-<32 hex digits>-<16 hex digits>-<2 hex digits>, in lower case, no id of zeros only)";

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** The flags `sampled`, and `random` (of level 2). Other flags have no meaning in version 00, and are not passed on. */
const KNOWN_FLAGS = 0b11;
const SAMPLED = 0b01;

/**
 * Reads a `traceparent` into the form that is passed on: version 00, with the flags that we know. For a later version, it reads the part that version
 * 00 has. `undefined` if it is invalid.
 *
 * @see https://www.w3.org/TR/trace-context/#versioning-of-traceparent
 */
export function readTraceparent(text: string): string | undefined {
  const [, version, traceId = "", spanId = "", flags = "", more] = TRACEPARENT.exec(text) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  const known = Number.parseInt(flags, 16) & KNOWN_FLAGS;
  return `00-${traceId}-${spanId}-${known.toString(16).padStart(2, "0")}`;
}

/** The content of a `traceparent` that {@link readTraceparent} returned, or that a row has; `undefined` if it is invalid. */
export function spanContextOf(traceparent: string): SpanContext | undefined {
  const [, traceId = "", spanId = "", flags = ""] = readTraceparent(traceparent)?.split("-") ?? [];
  if (traceId === "") return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The `traceparent` of a span, for what follows it to name it as the parent. */
export const traceparentOf = ({ traceId, spanId, sampled }: SpanContext): string =>
  `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;

/** The trace's id in a `traceparent` that {@link readTraceparent} gave, or that a row holds; `undefined` without one. */
export const traceIdOf = (traceparent: string | null | undefined): string | undefined => traceparent?.slice(3, 35);

const isZero = (id: string) => /^0+$/.test(id);
