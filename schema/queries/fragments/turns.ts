import { type SQL, sql } from "drizzle-orm";
import type { Policy } from "../../config/policy.ts";

/** Whether some of these have limits or an order. */
export const hasFlow = (dispatches: readonly Policy[]): boolean => dispatches.some(({ flowKey }) => flowKey !== null);

/** Whether some of these are called in an order: only then does a statement have to draw turns. */
export const hasOrder = (dispatches: readonly Policy[]): boolean =>
  dispatches.some(({ orderKey }) => orderKey !== null);

/**
 * `waiting` of a row `d` that is inserted: what may be called as soon as it is due and the limits allow. What has an order waits for its turn first;
 * null where there is neither.
 */
export const waitingOf = (d: string): SQL =>
  sql.raw(`case when ${d}.flow_key is not null then ${d}.order_key is null end`);

/**
 * `seq` of a row `d` that is inserted. Of several rows `d` has to be a subquery that is sorted: so the turns are drawn in its order, and only
 * for what it gives, whatever order its joins find rows in.
 */
export const turnOf = (d: string): SQL =>
  sql.raw(`case when ${d}.order_key is not null then nextval('eventhub.turns') end`);
