import type { EventCheck } from "../vocabulary/event-checks.ts";

/** One kind of event: defined, or only seen. */
export interface CatalogueKind {
  /** Null for events without one. */
  kind: string | null;
  /** As defined; `null` for a kind that is only seen. */
  definition: {
    check: EventCheck;
    description: string | null;
    key: string | null;
    version: string | null;
    /** JSON Schema; `null` where its library cannot say it. */
    schema: unknown;
    examples: readonly object[];
  } | null;
  /** The names of the routes that may take it, as far as its kind says. */
  routes: string[];
  /** Among the newest events. */
  seen: number;
  invalid: number;
  lastSeen: Date | null;
}

/** All kinds of events that are defined, and those that were seen of late. */
export interface EventCatalogue {
  /** What holds for all kinds; `null` if the hub's events are not defined. */
  defaults: { member: string; check: EventCheck; unknown: EventCheck } | null;
  kinds: CatalogueKind[];
  /** How many of the newest events were looked at, and the moment of the oldest of these. */
  looked: number;
  since: Date | null;
}
