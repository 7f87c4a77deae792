/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The payload of an event: a JSON object of at most {@link MAX_PAYLOAD_BYTES} bytes as UTF-8 JSON, with numbers written out (`1e300` has 301 digits).
 * It is kept as a value, not as text. The order of an object's members is not kept (Postgres' `jsonb` has its own). So if you sign a body, sign a
 * text within the payload, or a form with a defined order. A `kind` that begins with `eventhub.` is reserved for the hub, and refused.
 */
export type EventPayload = { readonly [key: string]: JsonValue };

/** Types that JSON has no form for. */
type NoJson =
  | ((...args: never) => unknown)
  | bigint
  | symbol
  | Date
  | RegExp
  | ArrayBufferView
  | ArrayBufferLike
  | Set<never>
  | Map<never, never>;

/**
 * The payload type for a type. A type that JSON can hold stays as it is, an `interface` too. A type that JSON cannot hold becomes a text that says
 * so. A member may be `undefined`; it is left out.
 */
export type AsJson<Type> = Type extends EventPayload | JsonValue | undefined
  ? Type
  : Type extends NoJson
    ? "JSON cannot hold this: give it as text, or as a number"
    : { readonly [Member in keyof Type]: AsJson<Type[Member]> };
