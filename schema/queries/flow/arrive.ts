import { type SQL, sql } from "drizzle-orm";
import type { FlowRules } from "../../config/destinations/flow.ts";

/** Most Workflow instances that are at work for one destination, if each has all the calls under way that it may. */
export const MAX_PULLERS = 64;

/** How many begin together when something arrives: one calls while the other records. Where that is too few, they ask for more. */
const STARTED_AT_ONCE = 2;

/** The Workflow instances that are to be created for a destination, and in how many milliseconds they are to begin. */
export interface Arrival {
  wanted: number;
  dueInMs: number | null;
}

/**
 * Tells that these dispatches are there, or are done with: their keys get into line, and of an order the first may be called. Repeated, it asks
 * for no more instances than are wanted by then.
 * @param full told by an instance that may take no more while there is more: one beside it is wanted
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

/** Says that an instance, or one that was asked for and could not be created (`""`), does not look again when it was to. */
export function leavePacing(destination: string, instanceId: string): SQL<never> {
  return sql<never>`update eventhub.flow_destinations set pacer = null where destination = ${destination} and pacer = ${instanceId}`;
}

/** Keys that one run of reconciling looks at in each destination. */
const SWEPT_KEYS = 500;

/** Orders of a destination that one run of reconciling lets go. */
const LET_GO = 500;

/**
 * Lets orders go on that are held since the destination's configuration said so before. Its number may be less than there are: the rest has its
 * turn in the next run.
 */
export const letGo = (destination: string): SQL<{ released: number }> =>
  sql<{ released: number }>`select eventhub.flow_let_go(${destination}, ${LET_GO}::integer) as released`;

/** The dispatches that may wait without anybody knowing, since a queue message was lost: an array of ids for {@link arrive}. */
export const sweep = (destination: string, graceSeconds: number): SQL =>
  sql`eventhub.flow_sweep(${destination}, ${graceSeconds}::float8, ${SWEPT_KEYS}::integer)`;
