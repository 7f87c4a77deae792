import type { EventPayload } from "../contract/index.ts";

/** The beginning of the `kind` of the hub's own events. No producer may use it, whichever way it emits. */
const OWN_KINDS = "eventhub.";

/** Where an event comes from: the hub itself, or a producer. */
export const EVENT_ORIGINS = ["hub", "producers"] as const;

export type EventOrigin = (typeof EVENT_ORIGINS)[number];

/** True for a payload with a `kind` that is reserved for the hub. */
export const hasOwnKind = ({ kind }: EventPayload): boolean => typeof kind === "string" && kind.startsWith(OWN_KINDS);

/** Where an event with this payload would come from: only the hub uses its own kinds. */
export const originOf = (payload: EventPayload): EventOrigin => (hasOwnKind(payload) ? "hub" : "producers");
