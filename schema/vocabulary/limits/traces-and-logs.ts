/** Limits of trace context, of log lines and of the export of spans. */

/** The number of hex digits of a trace id. @beyond A `traceparent` with another length is ignored. */
export const TRACE_ID_LENGTH = 32;

/**
 * The longest `tracestate`, in characters: W3C requires everybody to propagate this much. A longer one loses whole members.
 *
 * @beyond Whole members are left out.
 */
export const MAX_TRACESTATE_LENGTH = 512;

/**
 * The most members of a `tracestate`; one with more is ignored.
 *
 * @beyond The whole `tracestate` is ignored.
 * @see https://www.w3.org/TR/trace-context/#tracestate-header-field-values
 */
export const MAX_TRACESTATE_MEMBERS = 32;

/**
 * The longest `baggage`, in characters (all ASCII): W3C requires everybody to propagate this much. A longer one loses its last members.
 *
 * @beyond The last members are left out.
 */
export const MAX_BAGGAGE_LENGTH = 8_192;

/** The most members of a `baggage`. @beyond The last members are left out. @see https://www.w3.org/TR/baggage/#limits */
export const MAX_BAGGAGE_MEMBERS = 64;

/** The most events or dispatches that one log line lists with their ids. @beyond The line counts the rest, without their ids. */
export const MAX_LOGGED_IDS = 20;

/** The most spans in one request to the collector. @beyond The rest goes with the next request. */
export const MAX_SPANS_PER_EXPORT = 512;

/**
 * The most spans that an isolate keeps for the collector; further ones are dropped.
 *
 * @beyond Further spans are dropped, and counted in the log line `trace.spans_dropped`.
 */
export const MAX_WAITING_SPANS = 2_048;

/**
 * The longest wait for the collector's answer, in milliseconds.
 *
 * @beyond The request's spans are dropped, with the log line `trace.spans_dropped`. Deliveries go on.
 */
export const EXPORT_TIMEOUT_MS = 5_000;

/**
 * For how long a collector that has failed gets nothing, in milliseconds. The spans of that time are dropped.
 *
 * @beyond The collector is asked again.
 */
export const EXPORT_PAUSE_MS = 30_000;
