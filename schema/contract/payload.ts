/** What JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The payload of an event: a JSON object, at most {@link MAX_PAYLOAD_BYTES} as UTF-8 JSON with numbers written out (`1e300` has 301 digits).
 * It is kept as a value, not as text: the order of an object's members is not kept (Postgres' `jsonb` has its own), so whoever signs a body
 * has to sign text within the payload, or a form with an order of its own. A `kind` that begins with `eventhub.` is the hub's own, and refused.
 */
export type EventPayload = { readonly [key: string]: JsonValue };

/** What JSON has no form for, though it has a type. */
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
 * A type as a payload's: itself where JSON can hold it, an `interface` too; what JSON cannot hold is a text that says so. A member may be
 * `undefined`: it is left out.
 */
export type AsJson<Type> = Type extends EventPayload | JsonValue | undefined
  ? Type
  : Type extends NoJson
    ? "JSON cannot hold this: give it as text, or as a number"
    : { readonly [Member in keyof Type]: AsJson<Type[Member]> };
