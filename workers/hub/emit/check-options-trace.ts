import { EmitError } from "../../../schema/contract/emit-error.ts";
import { describe, isPlainObject } from "../../../schema/payload/encode.ts";
import { log } from "../../../schema/text/log.ts";
import { type ReadTrace, readTrace, TRACE_FIELDS, type TraceContext } from "../../../schema/trace/trace-context.ts";

/**
 * The trace context of a call's options, or otherwise that of the calling consumer's context. A header's value may come from anybody, and W3C
 * requires that an invalid one is ignored, so a bad header loses no event; it is logged. A value that is not a string is the producer's mistake.
 *
 * @throws EmitError `invalid_options` for a value that is not a string
 */
export function checkTrace(options: Readonly<Record<string, unknown>>): TraceContext {
  const caused = isPlainObject(options.context) ? readTrace(textsOf(options.context)).trace : {};
  const given = TRACE_FIELDS.filter((name) => options[name] !== undefined && options[name] !== null);
  if (given.length === 0) return caused;
  const odd = given.find((name) => typeof options[name] !== "string");
  if (odd !== undefined)
    throw new EmitError("invalid_options", `${odd} must be a string, got ${describe(options[odd])}`);
  return join(readTrace(textsOf(options)), caused);
}

/** Joins the two contexts. A `tracestate` belongs to its own `traceparent`. */
function join({ trace, ignored }: ReadTrace, caused: TraceContext): TraceContext {
  if (ignored.length > 0) log("warn", "trace.ignored", { faults: ignored });
  const baggage = trace.baggage ?? caused.baggage;
  const { traceparent, tracestate } = trace.traceparent === undefined ? caused : trace;
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(baggage === undefined ? {} : { baggage }),
  };
}

/** The parts that are strings. */
const textsOf = (given: Readonly<Record<string, unknown>>): TraceContext =>
  Object.fromEntries(TRACE_FIELDS.flatMap((name) => (typeof given[name] === "string" ? [[name, given[name]]] : [])));
