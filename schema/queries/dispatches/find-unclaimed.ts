import { type SQL, sql } from "drizzle-orm";
import type { Member } from "./claim-dispatches.ts";

/** Which of these dispatches a claim could still take: ongoing, of this generation, and nobody's. */
export function findUnclaimed(members: readonly Member[]): SQL<{ id: string }> {
  return sql<{ id: string }>`
    select d.id
    from json_to_recordset(${JSON.stringify(members)}::json) as m(id uuid, generation int)
    join eventhub.dispatches d on d.id = m.id
    where d.status = 'ongoing' and d.generation = m.generation and d.instance_id is null`;
}
