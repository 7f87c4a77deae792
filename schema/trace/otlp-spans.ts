import { attributesOf, nanoseconds, type Resource, SCOPE } from "../otlp/otlp-values.ts";
import { SEMANTIC_CONVENTIONS_VERSION, SPAN_KIND, type Span } from "./span.ts";

const SCHEMA_URL = `https://opentelemetry.io/schemas/${SEMANTIC_CONVENTIONS_VERSION}`;

const STATUS_ERROR = 2;

/** Two bits of a span's flags beside those of W3C: it is known whether the parent is in another process, and it is. */
const KNOWN_IF_REMOTE = 0x100;
const REMOTE = 0x200;

/** Spans as the body of an OTLP request; their ids are hex. */
export function otlpJson(resource: Resource, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: SCOPE, spans: spans.map(spanOf), schemaUrl: SCHEMA_URL }],
        schemaUrl: SCHEMA_URL,
      },
    ],
  });
}

function spanOf(span: Span) {
  const { traceId, spanId, parentSpanId, tracestate, name, kind, startMs, endMs, attributes, links, error } = span;
  return {
    traceId,
    spanId,
    ...(tracestate === undefined ? {} : { traceState: tracestate }),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    flags: flagsOf(span) | (parentSpanId === undefined ? 0 : REMOTE),
    name,
    kind: SPAN_KIND[kind],
    startTimeUnixNano: nanoseconds(startMs),
    // The times may come from two clocks, or from a clock that was set: no span may end before it starts.
    endTimeUnixNano: nanoseconds(Math.max(startMs, endMs)),
    attributes: attributesOf(attributes),
    ...(links.length === 0 ? {} : { links: links.map(linkOf) }),
    ...(error === undefined ? {} : { status: { code: STATUS_ERROR, ...(error === true ? {} : { message: error }) } }),
  };
}

const linkOf = (link: Span["links"][number]) => ({
  traceId: link.traceId,
  spanId: link.spanId,
  flags: flagsOf(link) | REMOTE,
});

const flagsOf = ({ sampled }: { sampled: boolean }) => KNOWN_IF_REMOTE | (sampled ? 1 : 0);
