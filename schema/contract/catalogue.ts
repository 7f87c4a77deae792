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
    /** JSON Schema; `null` if its library cannot export it. */
    schema: unknown;
    examples: readonly object[];
  } | null;
  /** The names of the routes that may take it, as far as its kind says. */
  routes: string[];
  /** How many of the events that were looked at. */
  seen: number;
  invalid: number;
  lastSeen: Date | null;
}

/** All kinds of events that are defined, and those that were seen recently. */
export interface EventCatalogue {
  /** Settings for all kinds; `null` if the hub's events are not defined. */
  defaults: { member: string; check: EventCheck; unknown: EventCheck } | null;
  kinds: CatalogueKind[];
  /** Which events were looked at. */
  sample: CatalogueSample;
  /** How many that were. */
  looked: number;
  /** The time of the oldest of them. */
  since: Date | null;
}

/**
 * Which events a catalogue looks at: a sample, so that it costs the same however many there are. The hub's own events are passed over; where they are
 * many times as many as those of producers, the sample has fewer events than these numbers say.
 */
export interface CatalogueSample {
  /** So many of the newest. */
  newest: number;
  /** Of so many days, also the last `perSlice` events of each slice of `sliceMinutes`. */
  days: number;
  sliceMinutes: number;
  perSlice: number;
  /** So many of the newest of those days that are marked as not as defined. With `unknown` at `warn`, events of kinds that are not defined are. */
  invalid: number;
}
