import { type SQL, sql } from "drizzle-orm";
import type { PolicyRow } from "../../config/policy.ts";
import type { EventPayload } from "../../contract/index.ts";
import { SMALL_GROUP_SIZE } from "../../vocabulary/limits.ts";
import { MAX_POSTGRES_INTEGER } from "../../vocabulary/platform-limits.ts";
import { byKey } from "../fragments/by-key.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { pausedCondition } from "../fragments/paused-condition.ts";
import { policyOf } from "../fragments/policy-sql.ts";
import { type TraceRow, traceColumns } from "../fragments/trace-columns.ts";

/** A dispatch, and the generation in which the caller wants to act on it. */
export interface Member {
  id: string;
  generation: number;
}

/**
 * How many claims without a recorded attempt a dispatch may have in a shared instance; only the first may be in an instance of any size. In each of
 * them, the executor died. Once each member is alone, it shows which one is to blame, and the others lose no attempt.
 */
export const SHARED_CLAIMS = 2;

/** The largest group that a dispatch may be in after this many `claims`; null means any size. */
export const limitAfterClaims = (claims: SQL): SQL =>
  sql`case when ${claims} >= ${SHARED_CLAIMS} then 1 when ${claims} >= 1 then ${SMALL_GROUP_SIZE} end`;

export interface ClaimArguments {
  members: readonly Member[];
  /** The Workflow instance that claims, and the binding that it belongs to. */
  instanceId: string;
  workflow: string;
  /** UUID of this claim. A repeat with the same token does not count as another claim, so that the caller may repeat it after a lost answer. */
  token: string;
  /** How long the claim is valid: until the end of the step's timeout. */
  leaseSeconds: number;
}

/**
 * The answer to a claim, per dispatch:
 *
 * - `mine`: call it.
 * - `early`: it is ours, but not due for another `wait_ms`.
 * - `held`: its destination is paused, and the row is given up for a later generation.
 * - `leave`: it is ours and due, but must be handed over to a smaller instance; see {@link SHARED_CLAIMS}.
 * - `gone`: it is final, belongs to another instance, or has a newer generation.
 */
export type ClaimedRow = { id: string } & (
  | { answer: "gone" | "held" | "leave" }
  | { answer: "early"; wait_ms: number }
  | (PolicyRow & {
      answer: "mine";
      event_id: string;
      /** The database's clock when it answered, in milliseconds since 1970. The times of the attempt are counted from here. */
      claimed_at: number;
      attempts: number;
      claims: number;
      payload: EventPayload | null;
      emitted_at: Date;
      hops: number;
      /** Whether it was emitted as a CloudEvent; null if that is not known. */
      cloud_event: boolean | null;
    } & TraceRow)
);

/**
 * Claims what is due. The row decides who owns a dispatch: by the database's clock, under its lock. The statement reads which destinations are paused
 * once it holds all locks, so that a claim that had to wait for a lock does not act on an outdated pause. A claim resets nudges, a sighting as
 * missing, and the wait between requeues, since the owner is alive.
 */
export function claimDispatches({
  members,
  instanceId,
  workflow,
  token,
  leaseSeconds,
}: ClaimArguments): SQL<ClaimedRow> {
  const due = sql`d.next_attempt_at <= now()`;
  // A repeat with the same token is the same claim, so it is not limited.
  const shared = members.length > SMALL_GROUP_SIZE ? 1 : members.length > 1 ? SHARED_CLAIMS : MAX_POSTGRES_INTEGER;
  const taken = sql`(not v.paused and ${due} and (d.claims < ${shared} or d.claim is not distinct from ${token}::uuid))`;
  return sql<ClaimedRow>`
    with asked as (
      select id, generation from json_to_recordset(${JSON.stringify(members)}::json) as m(id uuid, generation int)
      limit ${members.length}
    ), mine as materialized (
      select d.id, d.destination, d.attempts
      from asked a
      join eventhub.dispatches d on d.id = a.id
      where ${byKey(sql`d.status`)} = 'ongoing' and d.flow_key is null and d.generation = a.generation and (d.instance_id is null or d.instance_id = ${instanceId})
      ${inLockOrder}
    ), verdict as (
      select d.id, p.name is not null as paused
      from mine d
      left join eventhub.paused_destinations((select array_agg(destination) from mine)) p on p.name = d.destination and ${pausedCondition}
    ), taken as (
      update eventhub.dispatches d set
        generation = d.generation + v.paused::int,
        instance_id = case when not v.paused then ${instanceId} end,
        workflow = case when not v.paused then ${workflow} end,
        claim = case when ${taken} then ${token}::uuid end,
        claims = d.claims + (${taken} and d.claim is distinct from ${token}::uuid)::int,
        lease_until = case when ${taken} then now() + make_interval(secs => ${leaseSeconds}) end,
        nudges = 0, missing_since = null, enqueues = 1
      from verdict v
      where d.id = v.id
      returning d.*
    )
    select a.id,
      case when t.id is null then 'gone' when t.generation > a.generation then 'held' when t.claim is not null then 'mine'
        when t.next_attempt_at <= now() then 'leave' else 'early' end as answer,
      case when t.claim is null then ceil(extract(epoch from t.next_attempt_at - now()) * 1000)::bigint end as wait_ms,
      (extract(epoch from clock_timestamp()) * 1000)::bigint as claimed_at,
      t.event_id, ${policyOf("t")}, t.attempts, t.claims,
      e.payload, e.created_at as emitted_at, ${traceColumns(sql`t`)}, e.hops, e.cloud_event
    from asked a
    left join taken t on t.id = a.id
    left join eventhub.events e on e.id = t.event_id and t.claim is not null`;
}
