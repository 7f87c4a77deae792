/**
 * Parts of an OTLP request in the protocol's JSON form, which writes 64-bit numbers as text.
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/v1.5.0/docs/specification.md#json-protobuf-encoding
 */

/** Attributes of the sender of all spans or metrics, such as `service.name`. */
export type Resource = Readonly<Record<string, string>>;

/** The part of the sender that makes them. */
export const SCOPE = { name: "cf-eventhub" } as const;

/** A time, from milliseconds since 1970. */
export const nanoseconds = (ms: number) => `${Math.trunc(ms)}000000`;

/** Attributes; undefined ones are left out. */
export const attributesOf = (attributes: Readonly<Record<string, string | number | undefined>>) =>
  Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: anyValue(value) }]));

const anyValue = (value: string | number) =>
  typeof value === "string" ? { stringValue: value } : { intValue: String(Math.trunc(value)) };
