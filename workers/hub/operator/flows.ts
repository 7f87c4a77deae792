import { flowRulesOf } from "../../../schema/config/destinations/flow.ts";
import { destinationOf } from "../../../schema/config/routes.ts";
import type { DestinationFlow, FlowLimits, FlowState } from "../../../schema/contract/flow.ts";
import type { Page } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  type FlowConditions,
  type FlowListOptions,
  type FlowRow,
  listFlows,
  looksFurther,
  MAX_LOOKED_KEYS,
} from "../../../schema/queries/flow/list-flows.ts";
import { listOrders } from "../../../schema/queries/flow/list-orders.ts";
import type { FlowKey } from "../../../schema/queries/flow/operate-keys.ts";
import { type FlowDestinationRow, readFlowDestination } from "../../../schema/queries/flow/read-flow-destinations.ts";
import type { KeyOf } from "../../../schema/vocabulary/statuses.ts";
import { check, NameSchema } from "./argument-schemas.ts";
import { FlowFilterSchema, FlowPageSchema } from "./argument-schemas-flow.ts";
import type { MethodContext } from "./context.ts";
import { decodeFlowCursor, encodeFlowCursor } from "./flow-cursor.ts";
import { OperatorError } from "./operator-error.ts";

/** One page of keys of destinations with limits or an order. @throws OperatorError */
export async function pageOfFlows(database: Database, filter: unknown, page: unknown): Promise<Page<FlowState>> {
  const { of = "limits", destination, key, waitingFor, held } = check(FlowFilterSchema, filter ?? {}, "filter");
  const conditions: FlowConditions = { destination, key, waitingFor, held };
  const { order, limit, cursor } = check(FlowPageSchema, page ?? {}, "page");
  const after = decodeFlowCursor({ of, ...conditions }, cursor);
  const toFlow = (row: FlowRow) => toFlowOf(row, of);
  const read = (options: FlowListOptions) => readKeys(database, of, conditions, options);
  if (order === "busiest") return { items: (await read({ order, limit, after })).found.map(toFlow) };
  // One row more than requested shows whether there is a next page.
  const { found, looked } = await read({ order, limit: limit + 1, after });
  const items = found.slice(0, limit).map(toFlow);
  const full = looksFurther(conditions) && (looked?.looked ?? 0) >= Math.max(MAX_LOOKED_KEYS, limit + 1);
  const last = found.length > limit ? items.at(-1) : full ? lastOf(looked) : undefined;
  return last === undefined ? { items } : { items, cursor: encodeFlowCursor({ of, ...conditions }, last) };
}

/** The present state of one key. An unknown key has nothing that waits or is called. */
export async function readFlow(database: Database, { destination, key }: FlowKey, of: KeyOf): Promise<FlowState> {
  const conditions = { destination, key, waitingFor: undefined, held: undefined };
  const { found } = await readKeys(database, of, conditions, { order: "key", limit: 1, after: undefined });
  return found[0] === undefined ? { ...NOTHING, destination, of, key } : toFlowOf(found[0], of);
}

/** Checks that a destination has, or had, limits or an order: with a mistyped name, an action would change nothing. @throws OperatorError */
export async function knownFlow({ database, config }: MethodContext, name: unknown): Promise<string> {
  const checked = check(NameSchema, name, "destination");
  const configured = config();
  if (configured !== undefined && flowRulesOf(destinationOf(configured, checked)) !== undefined) return checked;
  const [row] = await database.run(readFlowDestination(checked));
  if (row !== undefined) return checked;
  throw new OperatorError("not_found", `there is no destination ${JSON.stringify(checked)} with limits or an order`);
}

/** The present limits of a destination. */
export async function readDestinationFlow({ database, config }: MethodContext, name: string): Promise<DestinationFlow> {
  const [row] = await database.run(readFlowDestination(name));
  const configured = config();
  return toDestinationFlow(row, configured && destinationOf(configured, name));
}

/** The state of a destination's limits. */
export function toDestinationFlow(
  row: FlowDestinationRow | undefined,
  declared: Parameters<typeof flowRulesOf>[0],
): DestinationFlow {
  return {
    rules: flowRulesOf(declared) ?? null,
    inFlight: row?.in_flight ?? 0,
    callsLastMinute: row?.calls_last_minute ?? 0,
    blocked: row?.blocked ?? null,
    coolUntil: row?.cool_until ?? null,
    lookedAt: row?.looked_at ?? null,
    override: (row?.override as FlowLimits | null | undefined) ?? null,
    overrideUntil: row?.override_until ?? null,
  };
}

async function readKeys(database: Database, of: KeyOf, conditions: FlowConditions, options: FlowListOptions) {
  const rows = await database.run((of === "order" ? listOrders : listFlows)(conditions, options));
  return {
    looked: rows[0] as FlowRow | undefined,
    found: rows.filter((row): row is FlowRow => row.destination !== null),
  };
}

const lastOf = (row: FlowRow | undefined) =>
  row === undefined ? undefined : { destination: row.last_destination, key: row.last_key };

const NOTHING: Omit<FlowState, "destination" | "of" | "key"> = {
  waiting: 0,
  behind: 0,
  inFlight: 0,
  callsLastMinute: null,
  head: null,
  oldestDue: null,
  waitingFor: null,
  wakeAt: null,
  pausedAt: null,
  pauseReason: null,
  held: 0,
  heldBy: null,
  heldOrder: null,
  override: null,
  overrideUntil: null,
};

const toFlowOf = (row: FlowRow, of: KeyOf): FlowState => ({
  destination: row.destination,
  of,
  key: row.key,
  waiting: row.waiting,
  behind: row.behind,
  inFlight: row.in_flight,
  callsLastMinute: row.calls_last_minute,
  head: row.head,
  oldestDue: row.oldest_due,
  waitingFor: row.waiting_for,
  wakeAt: row.wake_at,
  pausedAt: row.paused_at,
  pauseReason: row.pause_reason,
  held: row.held,
  heldBy: row.held_by,
  heldOrder: row.held_order,
  override: row.override as FlowLimits | null,
  overrideUntil: row.override_until,
});
