import { type SQL, sql } from "drizzle-orm";
import { DRAIN_AHEAD_SECONDS } from "../../vocabulary/limits.ts";
import { ABANDONED_SECONDS } from "../operations/start-operation.ts";

/** A drain releases its next part this many seconds before the last part is due. */
const DRAIN_EARLY_SECONDS = DRAIN_AHEAD_SECONDS / 5;

/** What the next look depends on, apart from the database. */
export interface NextLookArguments {
  /** A dispatch is looked at once it is overdue by more than this. */
  graceSeconds: number;
  /** Whether this look left something to do for the next one. */
  unfinished: boolean;
  /** The least time from this look to the next. */
  betweenMs: number;
}

/**
 * When anything can next be overdue, in milliseconds from now; null if nothing ongoing can be. Stores that time with the executor's heartbeat. The
 * time is never too late; where an exact answer would have to read a lot, it is too early. Whoever ends a pause arms a look.
 */
export const findNextLook = ({
  graceSeconds,
  unfinished,
  betweenMs,
}: NextLookArguments): SQL<{ next_ms: number | null }> => sql<{ next_ms: number | null }>`
  with soonest as materialized (
    select eventhub.next_look(${graceSeconds}::float8, ${ABANDONED_SECONDS}::float8, ${DRAIN_EARLY_SECONDS}::float8, ${unfinished}::boolean) as at
  ), next as (
    select case when s.at is not null then greatest(s.at, now() + make_interval(secs => ${betweenMs}::float8 / 1000)) end as at from soonest s
  ), noted as (
    update eventhub.heartbeats h set next_at = next.at from next where h.name = 'executor'
  )
  select ceil(extract(epoch from next.at - now()) * 1000)::bigint as next_ms from next`;
