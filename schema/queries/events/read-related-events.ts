import { type SQL, sql } from "drizzle-orm";
import type { EventRow } from "../fragments/rows.ts";

export type RelatedEventRow = Pick<EventRow, "id" | "created_at" | "hops">;

/** What caused an event, what caused that, and so on, the first of the chain first. It ends where an event is another hub's, or not there any more.
 * One by one, by their keys: nothing tells the planner how short chains are, and a join would read the whole table. */
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

/** What an event has caused, first to last. */
export function readCaused(id: string, limit: number): SQL<RelatedEventRow> {
  return sql<RelatedEventRow>`
    select id, created_at, hops from eventhub.events where caused_by = ${id}::uuid order by id limit ${limit}`;
}
