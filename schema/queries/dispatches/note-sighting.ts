import { type SQL, sql } from "drizzle-orm";
import { inLockOrder } from "../fragments/lock-order.ts";
import type { RescueRow } from "./find-to-rescue.ts";

/**
 * What reconciling found out about an instance without moving its dispatches on: it was woken, it is waiting for its turn, the engine does not know
 * it, or the engine could not be asked.
 */
export type Sighting = "nudged" | "waiting" | "missing" | "unknown";

/** Notes a sighting and gives the rows another grace, but only where nothing has changed since they were read. A repeated nudge counts once. */
export function noteSighting(rows: readonly RescueRow[], sighting: Sighting): SQL<{ id: string }> {
  return sql<{ id: string }>`
    with same as materialized (
      select d.id
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, generation int, instance_id text, nudges int)
      join eventhub.dispatches d on d.id = r.id
      where d.status = 'ongoing' and d.generation = r.generation and d.instance_id = r.instance_id
        and d.nudges = r.nudges and (d.lease_until is null or d.lease_until <= now())
      ${inLockOrder}
    )
    update eventhub.dispatches d set
      lease_until = now(),
      nudges = d.nudges + ${sighting === "nudged" ? 1 : 0},
      missing_since = case when ${sighting === "missing"} then coalesce(d.missing_since, now()) when ${sighting === "unknown"} then d.missing_since end
    from same where d.id = same.id
    returning d.id`;
}
