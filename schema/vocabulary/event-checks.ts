/** What becomes of an event that its schema refuses: the call is refused, it is stored and marked, or nobody looks. */
export const EVENT_CHECKS = ["reject", "warn", "off"] as const;

/** What becomes of an event that its schema refuses. */
export type EventCheck = (typeof EVENT_CHECKS)[number];

/** The member that names an event's kind, unless a definition says otherwise. */
export const DEFAULT_KIND_MEMBER = "kind";

/** The member that names the kind of a CloudEvent. */
export const CLOUD_EVENT_KIND_MEMBER = "type";

/** What becomes of events whose schema refuses them. */
export const DEFAULT_EVENT_CHECK: EventCheck = "reject";

/** What becomes of events of a kind that is not defined: seen, but not refused, since definitions are seldom complete on the first day. */
export const DEFAULT_UNKNOWN_CHECK: EventCheck = "warn";
