import type { FlowLimits } from "../../../schema/contract/flow.ts";
import type { Operation } from "../../../schema/contract/operations.ts";
import type { PayloadEquality } from "../../../schema/contract/operator.ts";
import { FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { parseIsoTime } from "../../../schema/vocabulary/iso-time.ts";
import { MAKING_ACTIONS, type OperationAction } from "../../../schema/vocabulary/statuses.ts";
import { searchQuery } from "../forms/filters.ts";
import { count } from "./amounts.ts";
import { limitWords } from "./flow-text.ts";
import { exact } from "./time.ts";

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
  stop_operation: "Stop of bulk work",
  note_incident: "Note on an incident",
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
  stop_operation: "changed",
  note_incident: "changed",
};

/** The action in a word or two. */
export const actionWords = ({ action }: Pick<Operation, "action">): string => WORDS[action];

/** The meaning of the operation's count of dispatches: made, cancelled or held. */
export const affectedWords = ({ action }: Operation): string => DONE[action];

/** The URL of the list of dispatches that it made; `undefined` for an action that makes none. */
export function madeBy({ id, action }: Operation): string | undefined {
  const makes: readonly OperationAction[] = MAKING_ACTIONS;
  return makes.includes(action) ? `/dispatches${searchQuery({ operation: id })}` : undefined;
}

/** The words for parts of a filter that differ from those in its form. */
const FILTER_WORDS: Readonly<Record<string, string>> = {
  ids: "Ids",
  since: "Created from",
  until: "Created before",
  resultedSince: "Ended from",
  resultedUntil: "Ended before",
};

/** The words for arguments beside the filter. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  atOnce: "At once",
  concurrency: "Calls under way",
  destination: "Destination",
  dispatch: "Dispatch",
  event: "Event",
  id: "Id",
  incident: "Incident",
  key: "Key",
  limit: "At most",
  name: "Destination",
  note: "Note",
  of: "A key of",
  operation: "Operation",
  overrides: "Other settings",
  perSecond: "Due a second",
  rate: "Rate",
  reason: "Why",
  routing: "Routing",
  until: "Until",
  weight: "Turns",
};

/** One argument of an operation. */
export interface ToldArgument {
  name: string;
  text: string;
  /** The value, if it is a moment. */
  at?: Date;
}

/** The arguments of an operation in the words of the console's forms. An argument without words keeps its name. */
export function argumentsOf({ arguments: args }: Operation): ToldArgument[] {
  const { filter, ...rest } = args;
  const ofFilter = Object.entries(typeof filter === "object" && filter !== null ? filter : {});
  return [
    ...ofFilter.map(([name, value]) => told(FILTER_WORDS[name] ?? labelOf(name), value)),
    ...Object.entries(rest).map(([name, value]) => told(ARGUMENTS[name] ?? name, value)),
  ].flat();
}

const labelOf = (name: string): string =>
  Object.hasOwn(FILTERS, name) ? capital(FILTERS[name as FilterName].label) : name;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function told(name: string, value: unknown): ToldArgument[] {
  if (value === null || value === undefined) return [];
  const time = typeof value === "string" ? parseIsoTime(value) : undefined;
  if (time === undefined) return [{ name, text: textOf(value) }];
  const at = new Date(time);
  return [{ name, text: exact(at), at }];
}

function textOf(value: unknown): string {
  if (Array.isArray(value) && value.length > 10)
    return `${value.slice(0, 10).join(", ")} and ${value.length - 10} more`;
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "number") return count(value);
  if (isRate(value)) return limitWords({ rate: value });
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (isEquality(value)) return `${value.path} = ${JSON.stringify(value.equals)}`;
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 300);
}

const isEquality = (value: unknown): value is PayloadEquality =>
  typeof value === "object" && value !== null && "path" in value && "equals" in value;

const isRate = (value: unknown): value is NonNullable<FlowLimits["rate"]> =>
  typeof value === "object" && value !== null && "limit" in value && "perSeconds" in value;
