import { type SQL, sql } from "drizzle-orm";

/** The trace context of a claimed dispatch's event. */
export interface TraceRow {
  traceparent: string | null;
  tracestate: string | null;
  baggage: string | null;
  /** Whether an operator had it delivered again: then it is not part of the event's own trace. */
  again: boolean | null;
}

/** The columns of {@link TraceRow}, from the event `e` of the dispatch `d`. */
export const traceColumns = (d: SQL): SQL =>
  sql`e.traceparent, e.tracestate, e.baggage, coalesce(${d}.retry_of, ${d}.operation_id) is not null as again`;
