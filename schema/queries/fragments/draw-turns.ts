import { type SQL, sql } from "drizzle-orm";
import type { Policy } from "../../config/policy.ts";

/** Whether any of these dispatches has limits or an order. */
export const hasFlow = (dispatches: readonly Policy[]): boolean => dispatches.some(({ flowKey }) => flowKey !== null);

/** Whether any of these dispatches has an order: only then must a statement draw turns. */
export const hasOrder = (dispatches: readonly Policy[]): boolean =>
  dispatches.some(({ orderKey }) => orderKey !== null);

/**
 * The value of `waiting` for a row `d` that is inserted: true if it may be called as soon as it is due and the limits allow, false if it must first
 * wait for its turn in an order, null if it has neither limits nor an order.
 */
export const waitingOf = (d: string): SQL =>
  sql.raw(`case when ${d}.flow_key is not null then ${d}.order_key is null end`);

/**
 * The value of `seq` for a row `d` that is inserted. If there are several rows, `d` must be a sorted subquery: then turns are drawn in its order, and
 * only for the rows that it returns, in whatever order its joins find them.
 */
export const turnOf = (d: string): SQL =>
  sql.raw(`case when ${d}.order_key is not null then nextval('eventhub.turns') end`);
