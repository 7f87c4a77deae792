import { type SQL, sql } from "drizzle-orm";
import type { EventRow } from "../fragments/row-types.ts";

export type RelatedEventRow = Pick<EventRow, "id" | "created_at" | "hops">;

/**
 * The chain of events that caused an event, with the first of the chain first. The chain ends at an event of another hub, or at one that is no longer
 * stored. They are read one by one, by their keys: the planner does not know how short chains are, and would read the whole table for a join.
 */
export function readAncestors(id: string, limit: number): SQL<RelatedEventRow> {
  return sql<RelatedEventRow>`
    with recursive ancestor as (
      select caused_by as id, 1 as steps from eventhub.events where id = ${id}::uuid
      union all
      select (select e.caused_by from eventhub.events e where e.id = a.id), a.steps + 1
      from ancestor a where a.id is not null and a.steps < ${limit}
    )
    select e.id, e.created_at, e.hops
    from ancestor a cross join lateral (select * from eventhub.events e where e.id = a.id limit 1) e
    order by a.steps desc`;
}

/** The events that an event caused, oldest first. */
export function readCaused(id: string, limit: number): SQL<RelatedEventRow> {
  return sql<RelatedEventRow>`
    select id, created_at, hops from eventhub.events where caused_by = ${id}::uuid order by id limit ${limit}`;
}
