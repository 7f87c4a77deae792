import { BAGGAGE_RULE, readBaggage } from "./baggage.ts";
import { readTraceparent, TRACEPARENT_RULE } from "./traceparent.ts";
import { readTracestate, TRACESTATE_RULE } from "./tracestate.ts";

/** The context that travels with an event: W3C trace context and baggage, each in the form of its HTTP header. */
export interface TraceContext {
  traceparent?: string;
  tracestate?: string;
  baggage?: string;
}

/** The names of its parts, the same everywhere. */
export const TRACE_FIELDS = ["traceparent", "tracestate", "baggage"] as const satisfies readonly (keyof TraceContext)[];

/** The result of reading a trace context. `ignored` has the name of each part that was ignored, and what it should have been. */
export interface ReadTrace {
  trace: TraceContext;
  ignored: string[];
}

/** Reads a trace context that may come from anybody. It ignores invalid parts, as W3C requires, and a `tracestate` without its `traceparent`. */
export function readTrace(given: TraceContext): ReadTrace {
  const ignored: string[] = [];
  const part = (name: keyof TraceContext, read: (text: string) => string | undefined, rule: string) => {
    const text = given[name];
    if (text === undefined || text === "") return {};
    const value = read(text);
    if (value === undefined) ignored.push(`${name} ${rule}`);
    return value === undefined ? {} : { [name]: value };
  };
  const parent = part("traceparent", readTraceparent, TRACEPARENT_RULE);
  const state = "traceparent" in parent ? part("tracestate", readTracestate, TRACESTATE_RULE) : {};
  return { trace: { ...parent, ...state, ...part("baggage", readBaggage, BAGGAGE_RULE) }, ignored };
}
