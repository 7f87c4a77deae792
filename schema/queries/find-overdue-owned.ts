import { type SQL, sql } from "drizzle-orm";
import { held } from "./held.ts";

/** An overdue dispatch that a Workflow instance owns, as it was read: what follows from it is written only while this still holds. */
export interface OverdueRow {
  id: string;
  generation: number;
  workflow: string;
  instance_id: string;
  nudges: number;
  /** True if the engine did not know the instance in an earlier run, a grace ago or more. */
  missing_for_long: boolean;
}

/**
 * What is overdue by more than a grace, both its due time and its lease, and owned by an instance: the engine is to be asked about it.
 * After fruitless generations the grace doubles with each, up to 64 times, so that a dispatch that kills its instances costs little.
 */
export function findOverdueOwned({ graceSeconds, limit }: { graceSeconds: number; limit: number }): SQL<OverdueRow> {
  return sql<OverdueRow>`
    select d.id, d.generation, d.workflow, d.instance_id, d.nudges,
      coalesce(d.missing_since < now() - make_interval(secs => ${graceSeconds}), false) as missing_for_long
    from eventhub.dispatches d
    where d.status = 'ongoing' and d.instance_id is not null
      and d.next_attempt_at < now() - make_interval(secs => ${graceSeconds})
      and (d.lease_until is null or
        d.lease_until < now() - make_interval(secs => ${graceSeconds} * 2 ^ least(d.fruitless_generations, 6)))
      and not exists (select from eventhub.destinations p where p.name = d.destination and ${held})
    order by d.next_attempt_at
    limit ${limit}`;
}
