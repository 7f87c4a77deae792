import type { DispatchFilter, EventFilter } from "../../../../schema/contract/operator.ts";
import { parseIsoTime } from "../../../../schema/vocabulary/iso-time.ts";
import { FINAL_STATUSES, isUnhappy, UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { dispatchFilter, eventFilter, isStatus, type Search } from "../../forms/filters.ts";

/** The filter for a retry of a search's dispatches: those that ended by `asOf`, the moment of the preview, and no later ones. */
export function retryFilter(search: Search, asOf: Date): DispatchFilter {
  const { overdue: _, ...filter } = dispatchFilter({ ...search, overdue: "" }, asOf);
  // Unknown statuses are passed on, so that the hub refuses them.
  const chosen = search.status.filter((one) => one !== "ongoing" || !isStatus(one));
  return {
    ...filter,
    status: (chosen.length === 0 ? defaultStatuses(filter) : chosen) as NonNullable<DispatchFilter["status"]>,
    resultedUntil: earlier(filter.resultedUntil, asOf),
  };
}

/** The statuses of a retry if the search names none. If dispatches are chosen by id, all final ones are meant. */
const defaultStatuses = ({ ids }: DispatchFilter) =>
  ids === undefined
    ? [...UNHAPPY_STATUSES]
    : [...UNHAPPY_STATUSES, ...FINAL_STATUSES.filter((status) => !isUnhappy(status))];

/** The filter for a cancel of a search's dispatches: the ongoing ones created by `asOf`. */
export function cancelFilter(search: Search, asOf: Date): DispatchFilter {
  const filter = dispatchFilter(search, asOf);
  return { ...filter, status: "ongoing", until: earlier(filter.until, asOf) };
}

/** The filter for a replay of a search's events: those emitted by `asOf`. */
export function replayFilter(search: Search, asOf: Date): EventFilter {
  const filter = eventFilter(search, asOf);
  return { ...filter, until: earlier(filter.until, asOf) };
}

function earlier(one: Date | string | undefined, other: Date): Date | string {
  if (one === undefined) return other;
  const time = typeof one === "string" ? parseIsoTime(one) : one.getTime();
  // A text that is no moment is passed on, so that the hub refuses it.
  return time === undefined || !(time >= other.getTime()) ? one : other;
}
