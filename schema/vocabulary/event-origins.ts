import type { EventPayload } from "../contract/index.ts";

/** Begins the `kind` of the hub's own events. No producer may use it, at no door. */
const OWN_KINDS = "eventhub.";

/** Where an event comes from: the hub itself, or whoever emits. */
export const EVENT_ORIGINS = ["hub", "producers"] as const;

export type EventOrigin = (typeof EVENT_ORIGINS)[number];

/** True for a payload whose `kind` is one of the hub's own. */
export const hasOwnKind = ({ kind }: EventPayload): boolean => typeof kind === "string" && kind.startsWith(OWN_KINDS);

/** Where an event with this payload would come from, since only the hub gives its own kinds. */
export const originOf = (payload: EventPayload): EventOrigin => (hasOwnKind(payload) ? "hub" : "producers");
