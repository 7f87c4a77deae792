import type { OperationFilter } from "../../../../schema/contract/operations.ts";
import { OPERATION_ACTIONS, type OperationAction } from "../../../../schema/vocabulary/statuses.ts";
import { PERIODS } from "../../forms/periods.ts";

/** A search for operations as it is in the URL: texts that are not checked. `""` means no filter. */
export interface OperationSearch {
  actor: string;
  action: string;
  /** `1h`, `24h`, `7d`, `30d`, or ever. */
  period: string;
}

/** Reads a search from a URL. Unknown values are left out, so that the form shows the filter that applies. */
export function readOperationSearch(query: Readonly<Record<string, string>>): OperationSearch {
  const { actor = "", action = "", period = "" } = query;
  return {
    actor: actor.trim(),
    action: isAction(action) ? action : "",
    period: Object.hasOwn(PERIODS, period) ? period : "",
  };
}

const isAction = (text: string): text is OperationAction => OPERATION_ACTIONS.some((action) => action === text);

/** The hub's filter for a search. */
export function operationFilter({ actor, action, period }: OperationSearch, now: Date): OperationFilter {
  const seconds = PERIODS[period];
  return {
    ...(actor === "" ? {} : { actor }),
    ...(isAction(action) ? { action } : {}),
    ...(seconds === undefined ? {} : { since: new Date(now.getTime() - seconds * 1_000) }),
  };
}

/** The URL of a search, without empty parts. */
export function operationsPath(search: OperationSearch, more: { after?: string } = {}, path = "/operations"): string {
  const query = new URLSearchParams(Object.entries({ ...search, ...more }).filter(([, value]) => value !== ""));
  return query.size === 0 ? path : `${path}?${query}`;
}
