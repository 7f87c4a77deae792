import { createRequire } from "node:module";

/** A message of OTLP's official definitions, as protobufjs compiles it. */
interface Message {
  verify(message: unknown): string | null;
  fromObject(object: unknown): unknown;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  toObject(message: unknown, options: object): unknown;
}

/** A file of OpenTelemetry's own exporters; later versions of the package do not have it. */
const DEFINITIONS = "@opentelemetry/otlp-transformer/build/src/generated/root.js";

const root = createRequire(import.meta.url)(DEFINITIONS) as {
  opentelemetry: {
    proto: {
      collector: {
        trace: { v1: { ExportTraceServiceRequest: Message } };
        metrics: { v1: { ExportMetricsServiceRequest: Message } };
      };
    };
  };
};
const { trace, metrics } = root.opentelemetry.proto.collector;

/** A span as it was received. */
export interface ReceivedSpan {
  service: string;
  resource: Record<string, string | number>;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  traceState?: string;
  flags: number;
  name: string;
  kind: "client" | "producer" | "consumer" | number;
  startMs: number;
  endMs: number;
  attributes: Record<string, string | number>;
  links: { traceId: string; spanId: string }[];
  status?: { code?: number; message?: string };
}

/** An attribute in JSON. */
export interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: string };
}

interface RawSpan
  extends Omit<ReceivedSpan, "service" | "resource" | "kind" | "attributes" | "links" | "startMs" | "endMs"> {
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  links?: { traceId: string; spanId: string }[];
}

interface Request {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: RawSpan[] }[] }[];
}

const KINDS: Readonly<Record<number, ReceivedSpan["kind"]>> = { 3: "client", 4: "producer", 5: "consumer" };

const IDS = ["traceId", "spanId", "parentSpanId"];

/**
 * Reads the body of a request for traces in JSON, like a collector.
 *
 * @throws Error for any other body.
 */
export function readOtlp(body: string): ReceivedSpan[] {
  const { resourceSpans } = throughOfficial<Request>(trace.v1.ExportTraceServiceRequest, body);
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = attributesOf(resource.attributes);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(span, attributes)));
  });
}

/** A value of a metric as it was received. */
export interface ReceivedPoint {
  attributes?: Attribute[];
  startTimeUnixNano?: string;
  timeUnixNano: string;
  asInt?: string;
  asDouble?: number;
  count?: string;
  sum?: number;
  bucketCounts?: string[];
  explicitBounds?: number[];
}

/** A metric as it was received; it has one of `sum`, `gauge` and `histogram`. */
export interface ReceivedMetric {
  name: string;
  description: string;
  unit?: string;
  /** Its temporality is 2 if each value counts from the start. */
  sum?: { dataPoints: ReceivedPoint[]; aggregationTemporality: number; isMonotonic?: boolean };
  gauge?: { dataPoints: ReceivedPoint[] };
  histogram?: { dataPoints: ReceivedPoint[]; aggregationTemporality: number };
}

interface MetricsRequest {
  resourceMetrics: { resource: { attributes: Attribute[] }; scopeMetrics: { metrics: ReceivedMetric[] }[] }[];
}

/**
 * The same for a request for metrics.
 *
 * @throws Error for any other body.
 */
export function readOtlpMetrics(body: string): {
  resource: Record<string, string | number>;
  metrics: ReceivedMetric[];
} {
  const { resourceMetrics } = throughOfficial<MetricsRequest>(metrics.v1.ExportMetricsServiceRequest, body);
  const [first] = resourceMetrics;
  if (first === undefined || resourceMetrics.length > 1) throw new Error("not the metrics of one resource");
  return {
    resource: attributesOf(first.resource.attributes),
    metrics: first.scopeMetrics.flatMap((scope) => scope.metrics),
  };
}

/**
 * Converts a body to the official protobuf messages and back. The result must equal the body. Otherwise some part of the body is not a field, has
 * another type, or is out of range.
 */
function throughOfficial<Body>(Official: Message, body: string): Body {
  const json = JSON.parse(body) as Body;
  const message = Official.fromObject(withIds(json, (hex) => Buffer.from(hex, "hex").toString("base64")));
  const fault = Official.verify(message);
  if (fault !== null) throw new Error(`no OTLP request: ${fault}`);
  const decoded = Official.decode(Official.encode(message).finish());
  const again = withIds(Official.toObject(decoded, { longs: String, bytes: String }) as Body, (base64) =>
    Buffer.from(base64, "base64").toString("hex"),
  );
  if (sorted(again) !== sorted(json)) throw new Error(`no OTLP request: ${sorted(json)}\nwas read as ${sorted(again)}`);
  return json;
}

function toSpan(span: RawSpan, resource: Record<string, string | number>): ReceivedSpan {
  const { kind, startTimeUnixNano, endTimeUnixNano, attributes, links = [], ...rest } = span;
  return {
    ...rest,
    service: String(resource["service.name"]),
    resource,
    kind: KINDS[kind] ?? kind,
    startMs: Number(BigInt(startTimeUnixNano) / 1_000_000n),
    endMs: Number(BigInt(endTimeUnixNano) / 1_000_000n),
    attributes: attributesOf(attributes),
    links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
  };
}

/** Attributes by name. */
export const attributesOf = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)] as const));

/** The same value with its ids written differently: JSON has them as hex, and protobufjs as base64. */
const withIds = <T>(value: T, write: (id: string) => string): T =>
  JSON.parse(JSON.stringify(value), (key, member) =>
    IDS.includes(key) && typeof member === "string" ? write(member) : member,
  ) as T;

/** A value as JSON, with its members in a fixed order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
