import type { Operation } from "../../../../schema/contract/operator.ts";
import type { OperationAction } from "../../../../schema/vocabulary/statuses.ts";
import { searchQuery } from "../../forms/filters.ts";

const WORDS: Readonly<Record<OperationAction, string>> = {
  retry_dispatch: "Retry of one dispatch",
  retry_dispatches: "Retry",
  replay_events: "Replay",
  cancel_dispatch: "Cancel of one dispatch",
  cancel_dispatches: "Cancel",
  pause_destination: "Pause",
  resume_destination: "Resume",
  pause_key: "Pause of one key",
  resume_key: "Resume of one key",
  set_flow: "Other limits for a while",
  reset_flow: "Reset of limits",
  release_key: "Release of a held key",
};

const DONE: Readonly<Record<OperationAction, string>> = {
  retry_dispatch: "made",
  retry_dispatches: "made",
  replay_events: "made",
  cancel_dispatch: "cancelled",
  cancel_dispatches: "cancelled",
  pause_destination: "held",
  resume_destination: "let go",
  pause_key: "held",
  resume_key: "let go",
  set_flow: "changed",
  reset_flow: "changed",
  release_key: "passed over",
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
