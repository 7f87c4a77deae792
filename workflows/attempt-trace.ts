import type { TraceRow } from "../schema/queries/fragments/trace-columns.ts";
import { attemptSpanId, dispatchTraceId } from "../schema/trace/span-ids.ts";
import type { TraceContext } from "../schema/trace/trace-context.ts";
import { type SpanContext, spanContextOf, traceparentOf } from "../schema/trace/traceparent.ts";

/** The parts of a row that identify the trace of an attempt. */
export type TracedRow = Omit<TraceRow, "again"> & { id: string; attempts: number; again?: boolean | null };

/** The place of an attempt's span in its trace. */
export interface AttemptPlace {
  own: SpanContext;
  parent: SpanContext | undefined;
  /** The event's span, in which it was emitted. */
  creation: SpanContext;
  tracestate: string | undefined;
}

/**
 * The trace and parent of a claimed row's attempt span; `undefined` if its trace is not recorded. By the conventions, the context in which an event
 * was emitted may be the parent if a single event is processed, and is linked in any case. A delivery that an operator repeated, perhaps days later,
 * is a trace of its own, which starts with its first attempt.
 */
export function attemptPlace(row: TracedRow): AttemptPlace | undefined {
  const creation = row.traceparent === null ? undefined : spanContextOf(row.traceparent);
  if (creation?.sampled !== true) return undefined;
  const attempt = row.attempts + 1;
  const spanOf = (n: number, traceId: string) => ({ traceId, spanId: attemptSpanId(row.id, n), sampled: true });
  if (row.again === true) {
    const traceId = dispatchTraceId(row.id);
    const parent = attempt === 1 ? undefined : spanOf(1, traceId);
    return { own: spanOf(attempt, traceId), parent, creation, tracestate: undefined };
  }
  const own = spanOf(attempt, creation.traceId);
  return { own, parent: creation, creation, tracestate: row.tracestate ?? undefined };
}

/** The trace context that a destination gets: that of the attempt's own span if there is one, and otherwise the event's. */
export function traceContextOf(row: TracedRow, spans: boolean): TraceContext {
  const place = spans ? attemptPlace(row) : undefined;
  const told = place === undefined ? row : { traceparent: traceparentOf(place.own), tracestate: place.tracestate };
  const [traceparent, tracestate, baggage] = [told.traceparent, told.tracestate, row.baggage].map(
    (it) => it ?? undefined,
  );
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(baggage === undefined ? {} : { baggage }),
  };
}
