import { emitErrorCode } from "../../../schema/contract/emit-error.ts";
import { ATTRIBUTES, type Attributes, OWN_ATTRIBUTES, SYSTEM } from "../../../schema/trace/span.ts";
import { newSpanId, newTraceId } from "../../../schema/trace/span-ids.ts";
import type { TraceContext } from "../../../schema/trace/trace-context.ts";
import { type SpanContext, spanContextOf, traceparentOf } from "../../../schema/trace/traceparent.ts";
import type { Tracing } from "../../../schema/trace/tracing.ts";
import type { Prepared } from "./prepare.ts";

/** The destination of emitted events in the terms of the conventions: the hub. */
const DESTINATION = "eventhub";

/** The most links of one span. If more events bring a trace of their own, the first ones are linked. */
const MAX_LINKS = 32;

/** The outcome of a call. */
export interface Emitted {
  events: readonly Prepared[];
  duplicates: number;
  dispatches: number;
}

/** The attributes of a call's span. */
export function attributesOf({ events, duplicates, dispatches }: Emitted): Attributes {
  const [first] = events;
  const one = events.length === 1 ? first : undefined;
  return {
    [ATTRIBUTES.messageId]: one?.id,
    [ATTRIBUTES.bodySize]: one?.payloadBytes,
    [ATTRIBUTES.batchCount]: one === undefined ? events.length : undefined,
    [OWN_ATTRIBUTES.dispatches]: dispatches,
    [OWN_ATTRIBUTES.duplicates]: duplicates,
  };
}

/** The trace context of one call of `emit`, and its span if the trace is recorded. */
export class EmitTrace {
  readonly #tracing: Tracing;
  readonly #active: SpanContext | undefined;
  readonly #startMs = Date.now();
  #span: (SpanContext & { tracestate: string | undefined; parent: SpanContext | undefined }) | undefined;

  /** @param active The platform's own span of this call, if it traces. */
  constructor(tracing: Tracing, active: SpanContext | undefined) {
    this.#tracing = tracing;
    this.#active = active;
  }

  /**
   * The trace context that the call's events are stored with: that of the call's own span, if there is one, and otherwise the caller's. If nobody has
   * begun a trace, it begins here, if the rate selects the call.
   */
  begin(caller: TraceContext): TraceContext {
    const trace = caller.traceparent !== undefined ? caller : { ...caller, ...activeOf(this.#active) };
    const parent = trace.traceparent === undefined ? undefined : spanContextOf(trace.traceparent);
    if (!(parent?.sampled ?? Math.random() < this.#tracing.sampleRate)) return trace;
    const own = { traceId: parent?.traceId ?? newTraceId(), spanId: newSpanId(), sampled: true };
    this.#span = { ...own, tracestate: trace.tracestate, parent };
    return { ...trace, traceparent: traceparentOf(own) };
  }

  /** Call this when the call has been answered. */
  ended(events: readonly Prepared[], attributes: Attributes): void {
    this.#end(events, attributes);
  }

  /** Call this when the call was refused. */
  failed(error: unknown): void {
    const code = emitErrorCode(error) ?? "_OTHER";
    this.#end([], { [ATTRIBUTES.errorType]: code }, true);
  }

  #end(events: readonly Prepared[], attributes: Attributes, error?: true): void {
    if (this.#span === undefined) return;
    const { parent, ...span } = this.#span;
    this.#span = undefined;
    this.#tracing.exporter.add({
      ...span,
      name: `emit ${DESTINATION}`,
      kind: "producer",
      parentSpanId: parent?.spanId,
      links: linksOf(events, span),
      startMs: this.#startMs,
      endMs: Date.now(),
      attributes: {
        [ATTRIBUTES.system]: SYSTEM,
        [ATTRIBUTES.operationName]: "emit",
        [ATTRIBUTES.operationType]: "send",
        [ATTRIBUTES.destination]: DESTINATION,
        ...attributes,
      },
      error,
    });
  }
}

/** If a call gives no trace, the platform's span counts as its caller. */
const activeOf = (active: SpanContext | undefined): TraceContext =>
  active === undefined ? {} : { traceparent: traceparentOf(active) };

/** The contexts that events brought themselves, as CloudEvents may. Such events keep them. */
function linksOf(events: readonly Prepared[], { spanId }: SpanContext): SpanContext[] {
  const traceparents = new Set(events.flatMap(({ traceparent }) => traceparent ?? []));
  return [...traceparents]
    .slice(0, MAX_LINKS)
    .flatMap((traceparent) => spanContextOf(traceparent) ?? [])
    .filter((link) => link.spanId !== spanId);
}
