/**
 * What happens to an event that its schema refuses: the call is refused (`reject`), the event is stored and marked (`warn`), or nothing is checked
 * (`off`).
 */
export const EVENT_CHECKS = ["reject", "warn", "off"] as const;

/** What happens to an event that its schema refuses. */
export type EventCheck = (typeof EVENT_CHECKS)[number];

/** The member that names an event's kind, unless a definition says otherwise. */
export const DEFAULT_KIND_MEMBER = "kind";

/** The member that names the kind of a CloudEvent. */
export const CLOUD_EVENT_KIND_MEMBER = "type";

/** What happens to events that their schema refuses. */
export const DEFAULT_EVENT_CHECK: EventCheck = "reject";

/** What happens to events whose kind is not defined. They are noted, but not refused, since definitions are seldom complete on the first day. */
export const DEFAULT_UNKNOWN_CHECK: EventCheck = "warn";
