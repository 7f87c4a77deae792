/**
 * Events with types: one definition for producers, consumers and the hub. It adds nothing of the hub to a bundle.
 *
 * @example
 * ```ts
 * import { defineEvents } from "cf-eventhub-workflows/events";
 * import * as v from "valibot";
 * export const events = defineEvents({ "order.paid": v.object({ id: v.string(), total: v.number() }) });
 * ```
 */

export { type DefineOptions, defineEvents } from "./define.ts";
export { type EveryHandler, type HandleByKind, on, onEvery } from "./on.ts";
export type { EventKind, EventKinds, EventOf, Events, KindOf, PathOf } from "./types.ts";
