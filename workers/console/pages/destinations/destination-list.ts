import type { DestinationState } from "../../../../schema/contract/operator.ts";
import { DESTINATION_STATE_NAMES, DESTINATION_STATES } from "../../../../schema/vocabulary/destination-states.ts";
import { failuresOf } from "./count-results.ts";

/** The orders of a list of destinations. The first is the default. */
export const SORTS = {
  state: "State",
  name: "Destination",
  success: "Success, 1 h",
  p99: "p99, 24 h",
  failed: "Failed, 24 h",
  ongoing: "Ongoing",
} as const;

export type Sort = keyof typeof SORTS;

/** The filter and the order of the list of destinations, as they are in the URL. */
export interface DestinationSearch {
  /** A part of the name. */
  q: string;
  /** One state, or `""` for all. */
  state: string;
  sort: Sort;
  /** Whether to include destinations to which nothing has happened for a day. */
  idle: boolean;
}

export function readDestinationSearch(query: Record<string, string>): DestinationSearch {
  const { q = "", state = "", sort = "", idle = "" } = query;
  return {
    q: q.trim(),
    state: DESTINATION_STATE_NAMES.some((name) => name === state) ? state : "",
    sort: Object.hasOwn(SORTS, sort) ? (sort as Sort) : "state",
    idle: idle === "yes",
  };
}

/** The URL of a list with some changes. */
export function destinationsPath(search: DestinationSearch, changes: Partial<DestinationSearch> = {}): string {
  const { q, state, sort, idle } = { ...search, ...changes };
  const query = new URLSearchParams({
    ...(q === "" ? {} : { q }),
    ...(state === "" ? {} : { state }),
    ...(sort === "state" ? {} : { sort }),
    ...(idle ? { idle: "yes" } : {}),
  }).toString();
  return `/destinations${query === "" ? "" : `?${query}`}`;
}

/** Nothing has ended for a day, nothing is ongoing, and nobody has paused it. */
const isIdle = ({ state, day, ongoing }: DestinationState): boolean =>
  state === "idle" && ongoing === 0 && Object.values(day.statuses).every((n) => n === 0);

/** The values to sort by, the largest first. */
const BY: Readonly<Record<Sort, (one: DestinationState) => number>> = {
  state: ({ state }) => DESTINATION_STATES[state].rank,
  name: () => 0,
  success: ({ hour }) => -(hour.successRate ?? 2),
  p99: ({ day }) => day.p99Ms ?? -1,
  failed: ({ day }) => failuresOf(day.statuses),
  ongoing: ({ ongoing }) => ongoing,
};

/** The destinations to show, and the number of idle ones that are left out. */
export function listOf(
  destinations: readonly DestinationState[],
  search: DestinationSearch,
): { shown: DestinationState[]; idle: number } {
  const { q, state, sort } = search;
  const found = destinations.filter(
    (one) => one.name.toLowerCase().includes(q.toLowerCase()) && (state === "" || one.state === state),
  );
  const keepsIdle = search.idle || q !== "" || state === "idle";
  const kept = keepsIdle ? found : found.filter((one) => !isIdle(one));
  // Sorted by value, then the worst first, then by name. A list by name is sorted by name only.
  const values = sort === "name" ? [] : [BY[sort], BY.state, BY.failed];
  const shown = kept.sort((one, other) => {
    const value = values.find((of) => of(one) !== of(other));
    return value === undefined ? (one.name < other.name ? -1 : 1) : value(other) - value(one);
  });
  return { shown, idle: found.length - kept.length };
}
