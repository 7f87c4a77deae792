import { type SQL, sql } from "drizzle-orm";
import type { NewOperation } from "../operations/start-operation.ts";

const noted = ({ id, actor, action, arguments: args }: NewOperation, affected: SQL, from = sql``): SQL => sql`
  noted as (
    insert into eventhub.operations (id, actor, action, arguments, state, affected, finished_at)
    select ${id}::uuid, ${actor}, ${action}, ${JSON.stringify(args)}::jsonb, 'finished', (${affected}), now() ${from}
    on conflict do nothing
    returning id
  )`;

/** Pauses a destination, or takes over the breaker's pause. Does nothing if the operation already exists. */
export function pauseDestination(name: string, reason: string | null, operation: NewOperation): SQL<never> {
  return sql<never>`
    with ${noted(operation, sql`select count(*) from eventhub.dispatches where status = 'ongoing' and destination = ${name}`)}
    insert into eventhub.destinations as p (name, paused_at, pause_reason, paused_by)
    select ${name}, now(), ${reason}, 'operator' from noted
    on conflict (name) do update set paused_at = coalesce(p.paused_at, now()), pause_reason = coalesce(excluded.pause_reason, p.pause_reason), paused_by = 'operator',
      drain_from = null, drained_at = null, probe_at = null, probe_dispatch = null, probe_attempt = null, probed_at = null`;
}

/**
 * Resumes a destination; the executor then drains what it held. Does nothing if the destination is not paused, or if the operation already exists.
 */
export function resumeDestination(name: string, operation: NewOperation): SQL<never> {
  return sql<never>`
    with paused as materialized (
      select name from eventhub.destinations where name = ${name} and paused_at is not null for update
    ), ${noted(
      operation,
      sql`select count(*) from eventhub.dispatches
          where status = 'ongoing' and destination = ${name} and instance_id is null and next_attempt_at <= now()`,
      sql`from paused`,
    )}
    update eventhub.destinations p set ${resumedBy("operator")} from noted where p.name = ${name} and p.paused_at is not null`;
}

/** The assignments of a resume. */
export const resumedBy = (who: "operator" | "breaker"): SQL => sql`
  paused_at = null, pause_reason = null, paused_by = null, resumed_at = now(), resumed_by = ${who}, drain_from = now(), drained_at = now(),
  probe_at = null, probe_dispatch = null, probe_attempt = null, probed_at = null`;
