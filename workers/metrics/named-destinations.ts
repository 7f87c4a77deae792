import { MAX_METRIC_DESTINATIONS, OTHER } from "../../schema/vocabulary/metrics.ts";
import type { Reading } from "./read-metrics.ts";

/** The destinations of a reading. Only a limited number have samples of their own. */
export interface KnownDestinations {
  /** The number of destinations. */
  count: number;
  /** The names that have samples of their own, and {@link OTHER} if there are more. */
  labels: readonly string[];
  /** The label for the values of a destination. */
  labelOf(destination: string): string;
}

/**
 * The first {@link MAX_METRIC_DESTINATIONS} destinations that were counted keep their names. So a new destination never takes the place of another,
 * and no counter goes back.
 */
export function destinationsOf({ counts, gauges, states, overdue, lost }: Reading): KnownDestinations {
  const since = new Map<string, number>();
  for (const { destination, since: from } of counts) {
    if (destination !== "") since.set(destination, Math.min(since.get(destination) ?? Infinity, from.getTime()));
  }
  for (const { destination } of [...gauges, ...states, ...overdue, ...lost]) {
    if (destination !== "" && !since.has(destination)) since.set(destination, Infinity);
  }
  const names = [...since].sort(([one, from], [other, otherFrom]) => {
    return from === otherFrom ? (one < other ? -1 : 1) : from - otherFrom;
  });
  const named = new Set(names.slice(0, MAX_METRIC_DESTINATIONS).map(([name]) => name));
  return {
    count: names.length,
    labels: [...named].sort().concat(names.length > named.size ? [OTHER] : []),
    labelOf: (destination) => (named.has(destination) ? destination : OTHER),
  };
}
