import type { DispatchesDryRun, Operation } from "../../../../schema/contract/operator.ts";
import type { DispatchStatus, OperationAction } from "../../../../schema/vocabulary/statuses.ts";
import { searchQuery } from "../../forms/filters.ts";

const WORDS: Readonly<Record<OperationAction, string>> = {
  retry_dispatch: "Retry of one dispatch",
  retry_dispatches: "Retry",
  replay_events: "Replay",
  cancel_dispatch: "Cancel of one dispatch",
  cancel_dispatches: "Cancel",
  pause_destination: "Pause",
  resume_destination: "Resume",
};

const DONE: Readonly<Record<OperationAction, string>> = {
  retry_dispatch: "made",
  retry_dispatches: "made",
  replay_events: "made",
  cancel_dispatch: "cancelled",
  cancel_dispatches: "cancelled",
  pause_destination: "held",
  resume_destination: "let go",
};

/** What was done, in a word or two. */
export const actionWords = ({ action }: Operation): string => WORDS[action];

/** What its count of dispatches counts: made, cancelled, held. */
export const affectedWords = ({ action }: Operation): string => DONE[action];

/** Where to see the dispatches that it made; `undefined` for an action that makes none. */
export function madeBy({ id, action }: Operation): string | undefined {
  const makes = action === "retry_dispatch" || action === "retry_dispatches" || action === "replay_events";
  return makes ? `/dispatches${searchQuery({ operation: id })}` : undefined;
}

/** Dispatches of an operation that are counted, in some ten milliseconds, since its page is refreshed every second or two; of more, only the newest are shown. */
export const COUNTED = 5_000;

/** The statuses of what did not get through. */
export const UNHAPPY = ["failed", "misconfigured", "lost"] as const;

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
  const unhappy = UNHAPPY.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  // What has been made since the operation was read is not negative.
  return { statuses, again: Math.max(0, affected - found), unhappy };
}

/** What it was told to do, a name and a text each. */
export function argumentsOf({ arguments: args }: Operation): [string, string][] {
  const { filter, ...rest } = args;
  const entries = [
    ...Object.entries(typeof filter === "object" && filter !== null ? filter : {}),
    ...Object.entries(rest),
  ];
  return entries
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, textOf(value)]);
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.length > 10)
    return `${value.slice(0, 10).join(", ")} and ${value.length - 10} more`;
  if (Array.isArray(value)) return value.join(", ");
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 300);
}
