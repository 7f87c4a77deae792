import { type SQL, sql } from "drizzle-orm";
import type { FlowRules } from "../../config/destinations/flow.ts";

/** The most Workflow instances that work for one destination at a time, if each has as many calls in flight as it may. */
export const MAX_PULLERS = 64;

/** How many instances start together when something arrives: one calls while the other records. If that is too few, they ask for more. */
const STARTED_AT_ONCE = 2;

/** How many Workflow instances are to be created for a destination, and in how many milliseconds they are to start. */
export interface Arrival {
  wanted: number;
  dueInMs: number | null;
}

/**
 * Tells the destination that these dispatches have arrived, or have ended. Their keys get into line, and the first dispatch of each of their orders
 * becomes ready. If repeated, it asks only for as many instances as are needed by then.
 *
 * @param full An instance that has as many calls as it may reports that there is more: another one is needed beside it.
 */
export function arrive(
  destination: string,
  ids: SQL,
  { rules, size, full = false }: { rules: FlowRules; size: number; full?: boolean },
): SQL<{ arrival: Arrival }> {
  return sql<{ arrival: Arrival }>`
    select eventhub.flow_arrive(${destination}, ${ids}, ${JSON.stringify(rules)}::jsonb, ${size}::integer, ${MAX_PULLERS}::integer,
      ${STARTED_AT_ONCE}::integer, ${full}::boolean) as arrival`;
}

/** Says that an instance, or one that was requested and could not be created (`""`), will not look again when it should have. */
export function leavePacing(destination: string, instanceId: string): SQL<never> {
  return sql<never>`update eventhub.flow_destinations set pacer = null where destination = ${destination} and pacer = ${instanceId}`;
}

/** The number of keys per destination that one run of reconciling looks at. */
const SWEPT_KEYS = 500;

/** The most dispatches of a destination that hold an order and that one run of reconciling releases. */
const LET_GO = 500;

/**
 * Releases orders that are held because an earlier configuration of the destination said so. One run may not release all of them; the next run
 * continues.
 */
export const letGo = (destination: string): SQL<{ released: number }> =>
  sql<{ released: number }>`select eventhub.flow_let_go(${destination}, ${LET_GO}::integer) as released`;

/** The dispatches that may be waiting unnoticed because a queue message was lost, as an array of ids for {@link arrive}. */
export const sweep = (destination: string, graceSeconds: number): SQL =>
  sql`eventhub.flow_sweep(${destination}, ${graceSeconds}::float8, ${SWEPT_KEYS}::integer)`;
