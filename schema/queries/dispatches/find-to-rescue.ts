import { type SQL, sql } from "drizzle-orm";
import { lateDispatches } from "../fragments/late-dispatches.ts";

/** An overdue dispatch that a Workflow instance owns, as it was read. Whatever follows from it is written only if this still holds. */
export interface RescueRow {
  id: string;
  generation: number;
  workflow: string;
  instance_id: string;
  nudges: number;
  /** Whether the engine did not know the instance in an earlier run, more than a grace ago. */
  missing_for_long: boolean;
  /** Since when it has been waiting to be looked at. */
  since: Date;
}

export interface FindToRescueArguments {
  graceSeconds: number;
  limit: number;
  /** Where to look beyond a destination's oldest dispatches, from 0 to 1. */
  turn?: number;
}

/**
 * Finds dispatches that an instance owns and that are overdue by more than a grace, counted from both their due time and their lease. The engine must
 * be asked about them. With each fruitless generation the grace of the lease doubles, up to 64 times, so that a dispatch that kills its instances
 * costs little. Those that nobody has looked at for the longest time come first, so that hopeless ones do not keep others waiting.
 */
export function findToRescue({ graceSeconds, limit, turn = 0 }: FindToRescueArguments): SQL<RescueRow> {
  const since = sql`greatest(d.next_attempt_at, d.lease_until)`;
  const late = lateDispatches({
    turn,
    before: sql`now() - make_interval(secs => ${graceSeconds})`,
    where: sql`d.instance_id is not null and (d.lease_until is null or
      d.lease_until < now() - make_interval(secs => ${graceSeconds} * 2 ^ least(d.fruitless_generations, 6)))`,
  });
  return sql<RescueRow>`
    with recursive ${late}
    select d.id, d.generation, d.workflow, d.instance_id, d.nudges, ${since} as since,
      coalesce(d.missing_since < now() - make_interval(secs => ${graceSeconds}), false) as missing_for_long
    from late d
    order by since, d.id
    limit ${limit}`;
}
