import type { DispatchesDryRun, Operation } from "../../../../schema/contract/operator.ts";
import { type DispatchStatus, UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";

/** Dispatches of an operation that are counted, in some ten milliseconds, since its page is refreshed every second or two; of more, only the newest are shown. */
export const COUNTED = 5_000;

/** What became of what an operation has made. */
export interface Outcome {
  statuses: Partial<Record<DispatchStatus, number>>;
  /** Of all made, those that have a retry already, or are gone. */
  again: number;
  unhappy: number;
}

/** How many of an operation's dispatches have each status; `undefined` if they could not be counted to the end, or there are none. */
export function outcomeOf(
  { affected }: Operation,
  ended: DispatchesDryRun | Operation | undefined,
  ongoing: DispatchesDryRun | Operation | undefined,
): Outcome | undefined {
  const statuses: Outcome["statuses"] = {};
  let found = 0;
  for (const run of [ended, ongoing]) {
    if (run === undefined || !("exact" in run) || !run.exact) return undefined;
    found += run.dispatches;
    for (const { status, dispatches } of run.groups) statuses[status] = (statuses[status] ?? 0) + dispatches;
  }
  if (found === 0) return undefined;
  const unhappy = UNHAPPY_STATUSES.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  // What has been made since the operation was read is not negative.
  return { statuses, again: Math.max(0, affected - found), unhappy };
}
