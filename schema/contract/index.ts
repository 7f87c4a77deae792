/**
 * The contract: what producers call, and what consumers implement.
 *
 * @example A producer
 * ```ts
 * import type { EventHub } from "cf-eventhub-workflows";
 * interface Env { EVENTHUB: EventHub }
 * await env.EVENTHUB.emit({ kind: "order.paid", id: 17 }, { idempotencyKey: "order-17-paid" });
 * ```
 *
 * @example A consumer
 * ```ts
 * import { WorkerEntrypoint } from "cloudflare:workers";
 * import type { Consumer, EventPayload, HandleContext } from "cf-eventhub-workflows";
 * export default class extends WorkerEntrypoint implements Consumer {
 *   async handle(payload: EventPayload, context: HandleContext) {
 *     return "complete" as const;
 *   }
 * }
 * ```
 */

export type { EventOf, Events, KindOf } from "../events/types.ts";
export { MAX_DELAY_SECONDS, MAX_HOPS, MAX_PAYLOAD_BYTES } from "../vocabulary/limits.ts";
export type * from "./cloud-event.ts";
export type * from "./consumer.ts";
export { type EmitErrorCode, emitErrorCode } from "./emit-error.ts";
export type * from "./payload.ts";
export type * from "./producer.ts";
