import { type SQL, sql } from "drizzle-orm";
import type { OperationOutcome } from "../../contract/operations.ts";
import { countOutcome, OUTCOME } from "../../outcome-literals.ts";
import { listOf } from "../../status-literals.ts";
import { MAKING_ACTIONS, type OperationAction } from "../../vocabulary/statuses.ts";
import { allOf } from "../fragments/list-conditions.ts";
import type { OperationRow } from "./start-operation.ts";

/** The most dispatches that are counted for one operation, or for a page of operations together. Takes some hundred milliseconds at most. */
export const MAX_COUNTED = 100_000;

/** An operation, and what became of the dispatches that it made. If it made more than are counted, only the first ones are. */
export type OperationOutcomeRow = OperationRow & {
  /** The database's clock, to compare the other times with. */
  now: Date;
} & (
    | { outcome: null }
    | ({ outcome: OperationOutcome["name"] } & Omit<OperationOutcome, "name" | "remaining" | "secondsLeft">)
  );

const told = (which: SQL, most: number): SQL<OperationOutcomeRow> => sql<OperationOutcomeRow>`
  select o.*, now() as now, m.outcome, m.counted, m.delivered, m.failed, m.retried, m.held, m.ongoing, m.cancelled
  from (select * from eventhub.operations ${which}) o
  left join lateral (
    select ${OUTCOME} as outcome, c.counted::int, c.delivered::int, c.failed::int, c.retried::int, c.held::int, c.ongoing::int, c.cancelled::int
    from ${countOutcome(sql`${most}`)}
  ) m on o.action in ${listOf(MAKING_ACTIONS)}
  order by o.id desc`;

/** One operation, and what became of the dispatches that it made. */
export const readOutcome = (id: string): SQL<OperationOutcomeRow> => told(sql`where id = ${id}::uuid`, MAX_COUNTED);

/** Which operations to list. */
export interface CheckedOperationFilter {
  actor?: string;
  action?: OperationAction;
  since?: Date;
  until?: Date;
}

/** A page of operations, newest first, each with what became of the dispatches that it made. A larger page counts fewer dispatches per operation. */
export function listOutcomes(
  limit: number,
  { actor, action, since, until }: CheckedOperationFilter = {},
  after?: string,
): SQL<OperationOutcomeRow> {
  const conditions = [
    ...(actor === undefined ? [] : [sql`actor = ${actor}`]),
    ...(action === undefined ? [] : [sql`action = ${action}`]),
    ...(since === undefined ? [] : [sql`created_at >= ${since.toISOString()}::timestamptz`]),
    ...(until === undefined ? [] : [sql`created_at < ${until.toISOString()}::timestamptz`]),
    ...(after === undefined ? [] : [sql`id < ${after}::uuid`]),
  ];
  return told(sql`where ${allOf(conditions)} order by id desc limit ${limit}`, Math.floor(MAX_COUNTED / limit));
}
