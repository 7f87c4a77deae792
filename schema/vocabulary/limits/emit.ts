/** Limits of payloads and of calls of `emit`. */

/**
 * The largest payload of one event, in bytes of UTF-8 JSON. Ours, well below the 32 MiB of an RPC call.
 *
 * @beyond `emit` refuses the call: `[too_large]`.
 */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/**
 * The deepest nesting of a payload, in levels. Ours: far below the limits of Postgres' JSON parser and of a recursion in JavaScript.
 *
 * @beyond `emit` refuses the call: `[invalid_payload]`, with the place.
 */
export const MAX_PAYLOAD_DEPTH = 500;

/** The most events in one call. Ours: one transaction and one round trip hold them. @beyond `emit` refuses the call: `[too_large]`. */
export const MAX_EVENTS_PER_CALL = 1_000;

/** The most dispatches that the events of one call may make. @beyond `emit` refuses the call: `[too_large]`. */
export const MAX_DISPATCHES_PER_CALL = 10_000;

/**
 * The most JSON in one call, in bytes: it is held several times in the 128 MB of an isolate, and the database takes 64 MB per request.
 *
 * @beyond `emit` refuses the call: `[too_large]`.
 */
export const MAX_CALL_BYTES = 16 * 1024 * 1024;

/**
 * The most values in one call: members of objects and elements of arrays. Ours: Postgres takes about a microsecond for each, whatever its size, so 16
 * MiB of `[1,1,...]` would take longer than a call may last. With 8 bytes per value, 16 MiB hold this many.
 *
 * @beyond `emit` refuses the call: `[too_large]`.
 */
export const MAX_CALL_VALUES = 2_000_000;

/**
 * The longest idempotency key, in code points, as Postgres counts: its index entry holds 2.7 kB.
 *
 * @beyond `emit` refuses the call: `[invalid_options]`.
 */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/**
 * The most hops behind an event: one limit for hubs and for consumers that emit. A longer chain is taken for a cycle. The limit is low, since in a
 * cycle of two routes each hop doubles the events. A process that needs more hops, and knows better, begins a new chain.
 *
 * @beyond `emit` refuses the call: `[loop]`.
 */
export const MAX_HOPS = 8;
