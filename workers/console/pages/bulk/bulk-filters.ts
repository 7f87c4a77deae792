import type { DispatchFilter, EventFilter } from "../../../../schema/contract/operator.ts";
import { parseIsoTime } from "../../../../schema/vocabulary/iso-time.ts";
import { FINAL_STATUSES, isUnhappy, UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { dispatchFilter, eventFilter, isStatus, type Search } from "../../forms/filters.ts";

/**
 * What a retry of a search's dispatches takes: what has ended by `asOf`, the moment of the preview, and nothing that came after it.
 */
export function retryFilter(search: Search, asOf: Date): DispatchFilter {
  const { overdue: _, ...filter } = dispatchFilter({ ...search, overdue: "" }, asOf);
  // What is not a status goes on, to be refused.
  const chosen = search.status.filter((one) => one !== "ongoing" || !isStatus(one));
  return {
    ...filter,
    status: (chosen.length === 0 ? defaultStatuses(filter) : chosen) as NonNullable<DispatchFilter["status"]>,
    resultedUntil: earlier(filter.resultedUntil, asOf),
  };
}

/** What a retry takes where the search names no status; chosen by id, everything final is meant. */
const defaultStatuses = ({ ids }: DispatchFilter) =>
  ids === undefined
    ? [...UNHAPPY_STATUSES]
    : [...UNHAPPY_STATUSES, ...FINAL_STATUSES.filter((status) => !isUnhappy(status))];

/** What a cancel of a search's dispatches takes: what is ongoing and was created by `asOf`. */
export function cancelFilter(search: Search, asOf: Date): DispatchFilter {
  const filter = dispatchFilter(search, asOf);
  return { ...filter, status: "ongoing", until: earlier(filter.until, asOf) };
}

/** What a replay of a search's events takes: what was emitted by `asOf`. */
export function replayFilter(search: Search, asOf: Date): EventFilter {
  const filter = eventFilter(search, asOf);
  return { ...filter, until: earlier(filter.until, asOf) };
}

function earlier(one: Date | string | undefined, other: Date): Date | string {
  if (one === undefined) return other;
  const time = typeof one === "string" ? parseIsoTime(one) : one.getTime();
  // What is no moment goes on, to be refused.
  return time === undefined || !(time >= other.getTime()) ? one : other;
}
