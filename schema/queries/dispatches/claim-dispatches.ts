import { type SQL, sql } from "drizzle-orm";
import type { EventPayload } from "../../contract/index.ts";
import { SMALL_GROUP_SIZE } from "../../vocabulary/limits.ts";
import { MAX_POSTGRES_INTEGER } from "../../vocabulary/platform-limits.ts";
import { byKey } from "../fragments/by-key.ts";
import { inLockOrder } from "../fragments/lock-order.ts";
import { pausedCondition } from "../fragments/paused-condition.ts";
import { type PolicyRow, policyOf } from "../fragments/policy.ts";

/** A dispatch with the generation in which somebody means to act on it. */
export interface Member {
  id: string;
  generation: number;
}

/**
 * Claims of one attempt without a record that a dispatch may have in an instance that it shares, the first in one of any size. The executor died in
 * each: which of the members is to blame shows when each is alone, and the others lose no attempt by it.
 */
export const SHARED_CLAIMS = 2;

/** With how many a dispatch may share an instance after so many `claims`; null: with any. */
export const limitAfterClaims = (claims: SQL): SQL =>
  sql`case when ${claims} >= ${SHARED_CLAIMS} then 1 when ${claims} >= 1 then ${SMALL_GROUP_SIZE} end`;

export interface ClaimArguments {
  members: readonly Member[];
  /** The Workflow instance that claims, and the binding it belongs to. */
  instanceId: string;
  workflow: string;
  /** UUID of this claim. The same token claims again without counting twice, so that a lost answer may be asked for again. */
  token: string;
  /** Until the end of the step's timeout. */
  leaseSeconds: number;
}

/**
 * What a claim says of one dispatch: `mine`, call it; `early`, ours but not due for `waitMs`; `held`, its destination is paused and the row
 * is given up for a later generation; `leave`, it is ours and due, and shall be handed over to an instance of fewer, see {@link SHARED_CLAIMS}; `gone`,
 * it is final, or another instance's, or of a newer generation.
 */
export type ClaimedRow = { id: string } & (
  | { answer: "gone" | "held" | "leave" }
  | { answer: "early"; wait_ms: number }
  | (PolicyRow & {
      answer: "mine";
      event_id: string;
      /** The database's clock when it answered, in milliseconds since 1970: an attempt's times are counted from here. */
      claimed_at: number;
      attempts: number;
      claims: number;
      payload: EventPayload | null;
      emitted_at: Date;
      traceparent: string | null;
      hops: number;
      /** It was emitted as a CloudEvent; null if that is not known. */
      cloud_event: boolean | null;
    })
);

/**
 * Takes what is due: the row decides who owns a dispatch, by the database's clock, under its lock. Which destinations are paused is read once
 * all locks are held, so that a claim which had to wait for one goes by no pause of before. A nudge, a sighting as missing and the wait for the
 * queue end with it, since its owner is alive.
 */
export function claimDispatches({
  members,
  instanceId,
  workflow,
  token,
  leaseSeconds,
}: ClaimArguments): SQL<ClaimedRow> {
  const due = sql`d.next_attempt_at <= now()`;
  // Not when it is asked for again with the same token: that is one claim.
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
      e.payload, e.created_at as emitted_at, e.traceparent, e.hops, e.cloud_event
    from asked a
    left join taken t on t.id = a.id
    left join eventhub.events e on e.id = t.event_id and t.claim is not null`;
}
