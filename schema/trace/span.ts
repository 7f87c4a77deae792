import type { SpanContext } from "./traceparent.ts";

/** The version of OpenTelemetry's semantic conventions that our names and attributes follow: the newest with `messaging.system`. */
export const SEMANTIC_CONVENTIONS_VERSION = "1.44.0";

/** The attributes of the conventions that our spans have. */
export const ATTRIBUTES = {
  system: "messaging.system",
  operationName: "messaging.operation.name",
  operationType: "messaging.operation.type",
  destination: "messaging.destination.name",
  messageId: "messaging.message.id",
  bodySize: "messaging.message.body.size",
  batchCount: "messaging.batch.message_count",
  errorType: "error.type",
  serverAddress: "server.address",
} as const;

/** The hub's own attributes, in the namespace that the conventions leave to a system. */
export const OWN_ATTRIBUTES = {
  dispatches: "messaging.cf_eventhub.dispatch_count",
  duplicates: "messaging.cf_eventhub.duplicate_count",
  dispatchId: "messaging.cf_eventhub.dispatch.id",
  attempt: "messaging.cf_eventhub.dispatch.attempt",
  status: "messaging.cf_eventhub.dispatch.status",
  route: "messaging.cf_eventhub.route",
  kind: "messaging.cf_eventhub.destination.kind",
  result: "messaging.cf_eventhub.result",
  sinceEmit: "messaging.cf_eventhub.since_emit_ms",
  instanceId: "messaging.cf_eventhub.instance.id",
} as const;

/** The name of the system. */
export const SYSTEM = "cf_eventhub";

/** A kind of span, by its number in OTLP. */
export const SPAN_KIND = { client: 3, producer: 4, consumer: 5 } as const;

type AttributeName =
  | (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES]
  | (typeof OWN_ATTRIBUTES)[keyof typeof OWN_ATTRIBUTES];

/** Attributes by name; undefined ones are left out. */
export type Attributes = { readonly [Name in AttributeName]?: string | number | undefined };

/** A span that has ended. */
export interface Span extends SpanContext {
  name: string;
  kind: keyof typeof SPAN_KIND;
  /** `undefined` for the first span of a trace. */
  parentSpanId: string | undefined;
  tracestate?: string | undefined;
  /** Spans that it is related to, apart from its parent. */
  links: readonly SpanContext[];
  /** Milliseconds since 1970. */
  startMs: number;
  endMs: number;
  attributes: Attributes;
  /** The span has failed. The text is for people, and contains nothing of a payload. */
  error?: string | true | undefined;
}
