/** What JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * The payload of an event: a JSON object, at most {@link MAX_PAYLOAD_BYTES} as UTF-8 JSON with numbers written out (`1e300` has 301 digits).
 * It is kept as a value, not as text: the order of an object's members is not kept (Postgres' `jsonb` has its own), so whoever signs a body
 * has to sign text within the payload, or a form with an order of its own. A `kind` that begins with `eventhub.` is the hub's own, and refused.
 */
export type EventPayload = { readonly [key: string]: JsonValue };
