import { type SQL, sql } from "drizzle-orm";
import type { Member } from "./claim-dispatches.ts";

/** Those of the given dispatches that can still be claimed: ongoing, of this generation, and without an owner. */
export function findUnclaimed(members: readonly Member[]): SQL<{ id: string }> {
  return sql<{ id: string }>`
    select d.id
    from json_to_recordset(${JSON.stringify(members)}::json) as m(id uuid, generation int)
    join eventhub.dispatches d on d.id = m.id
    where d.status = 'ongoing' and d.generation = m.generation and d.instance_id is null`;
}
