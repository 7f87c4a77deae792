import { type SQL, sql } from "drizzle-orm";
import { causeOf, incidentKey } from "../../incident-literals.ts";
import { UNHAPPY } from "../../status-literals.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";

/** The most notes that are shown with an incident. */
const MAX_NOTES = sql`5`;

/** The newest notes on the incident with this key, newest first. */
export const notesOn = (key: SQL): SQL => sql`
      select json_agg(json_build_object('at', o.created_at, 'actor', o.actor, 'text', o.arguments ->> 'note') order by o.created_at desc) as notes
      from (
        select o.* from eventhub.operations o where o.action = 'note_incident' and o.arguments ->> 'incident' = ${key} order by o.created_at desc limit ${MAX_NOTES}
      ) o`;

/** The incident that a dispatch belongs to. */
export interface IncidentRow {
  key: string;
  destination: string;
  status: DispatchStatus;
}

/** Finds the incident of a dispatch that ended without success; no row for any other dispatch. */
export const readIncident = (id: string): SQL<IncidentRow> => sql<IncidentRow>`
  select ${incidentKey(sql`d.destination`, sql`d.status`, causeOf(sql`d.reason`))} as key, d.destination, d.status
  from eventhub.dispatches d where d.id = ${id}::uuid and d.status in ${UNHAPPY}`;
