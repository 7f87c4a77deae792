import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow } from "./evidence.ts";

/** The calls of each key. The entry `undefined` holds the calls of all keys. */
export function byKey(
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
): Map<string | undefined, LoggedCall[]> {
  const keys = new Map(dispatches.map(({ id, flowKey }) => [id, flowKey ?? ""]));
  const grouped = Map.groupBy<string | undefined, LoggedCall>(calls, ({ dispatchId }) => keys.get(dispatchId) ?? "");
  return grouped.set(undefined, [...calls]);
}
