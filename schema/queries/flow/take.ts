import { type SQL, sql } from "drizzle-orm";
import type { FlowRules } from "../../config/destinations/flow.ts";
import type { EventPayload } from "../../contract/index.ts";
import { MAX_GROUP_BYTES } from "../../vocabulary/limits.ts";
import type { FlowBlock } from "../../vocabulary/statuses.ts";
import { SHARED_CLAIMS } from "../dispatches/claim-dispatches.ts";
import { idArray } from "../fragments/list-conditions.ts";
import { type PolicyRow, policyOf } from "../fragments/policy.ts";

/** How far ahead calls are given their time by a rate, in seconds: what comes in between waits no longer for its turn. */
export const AHEAD_SECONDS = 1;

export interface TakeArguments {
  destination: string;
  rules: FlowRules;
  /** The Workflow instance that calls, and the binding it belongs to. */
  instanceId: string;
  workflow: string;
  /** UUID of this claim. The same token takes nothing more, so that a lost answer may be asked for again. */
  token: string;
  /** How many calls the instance has under way. */
  underWay: number;
  /** The instance begins, or begins anew: whatever it has taken before, it has died with. */
  begins: boolean;
  /** How many may be taken. */
  room: number;
  /** What a lease lasts beyond the call's timeout. */
  budgetSeconds: number;
}

/** What was taken, and what there is to do next. */
export interface Taken {
  taken: number;
  /** More can be called at this moment. */
  more: boolean;
  /** Nobody else looks again: the instance stays, and does so in `nextMs`. */
  pace: boolean;
  /** When something may be called next, if that is known. */
  nextMs?: number | null;
  /** The destination's own limit that is reached. */
  blocked?: FlowBlock | null;
}

/** Takes what may be called next of a destination with limits or an order. */
export function take({
  destination,
  rules,
  instanceId,
  workflow,
  token,
  underWay,
  begins,
  room,
  budgetSeconds,
}: TakeArguments): SQL<{ taken: Taken }> {
  return sql<{ taken: Taken }>`
    select eventhub.flow_take(${destination}, ${JSON.stringify(rules)}::jsonb, ${instanceId}, ${workflow}, ${token}::uuid, ${underWay}::integer, ${begins}::boolean,
      ${budgetSeconds}::float8, ${AHEAD_SECONDS}::float8, ${room}::integer, ${MAX_GROUP_BYTES}::integer, ${SHARED_CLAIMS}::integer) as taken`;
}

/** A dispatch that was taken, as a claim answers `mine`. */
export type TakenRow = PolicyRow & {
  id: string;
  answer: "mine";
  event_id: string;
  /** The database's clock when it answered, in milliseconds since 1970. */
  claimed_at: number;
  /** When the call begins, in milliseconds from the answer on. */
  start_ms: number;
  attempts: number;
  claims: number;
  /** Executors have died with it: it was taken alone, and that its call begins is to be noted first ({@link noteBegun}). */
  alone: boolean;
  position: number | null;
  payload: EventPayload | null;
  emitted_at: Date;
  traceparent: string | null;
  hops: number;
  cloud_event: boolean | null;
};

/**
 * What has been taken under a token, in the order in which it is to be called. Where the answer was lost and this is asked for late, calls are as far
 * apart as the rate wants them to be, and not all at once.
 */
export function readTaken(token: string): SQL<TakenRow> {
  return sql<TakenRow>`
    select d.id, 'mine' as answer, d.event_id, (extract(epoch from clock_timestamp()) * 1000)::bigint as claimed_at,
      greatest(0, ceil(extract(epoch from v.starts_at - least(clock_timestamp(), min(v.starts_at) over ())) * 1000))::int as start_ms,
      ${policyOf("d")}, d.attempts, d.claims, d.alone, d.position, e.payload, e.created_at as emitted_at, e.traceparent, e.hops, e.cloud_event
    from eventhub.flights v
    join eventhub.dispatches d on d.id = v.dispatch_id and d.claim = v.claim
    join eventhub.events e on e.id = d.event_id
    where v.claim = ${token}::uuid
    order by v.starts_at, d.next_attempt_at, d.id`;
}

/**
 * Notes that the call of a dispatch begins which executors have died with: only what is noted counts towards giving it up, and not that it was
 * taken. Safe to repeat. Nothing, if another claim has followed.
 *
 * @param claims How many claims it has with this one.
 */
export function noteBegun(id: string, claim: string, claims: number): SQL<{ id: string }> {
  return sql<{ id: string }>`
    update eventhub.dispatches d set claims = ${claims}::integer where d.id = ${id}::uuid and d.claim = ${claim}::uuid returning d.id`;
}

/** Gives a dispatch back whose call was refused by the platform: no attempt, and called alone from now on. Safe to repeat. */
export function giveBack(id: string, claim: string): SQL<never> {
  return sql<never>`
    update eventhub.dispatches d set claim = null, claims = greatest(d.claims, ${SHARED_CLAIMS}::integer) where d.id = ${id}::uuid and d.claim = ${claim}::uuid`;
}

/** Locks what a turn records: the destination, and these dispatches by id. */
export function lockFlow(destination: string, ids: readonly string[]): SQL<never> {
  return sql<never>`select from eventhub.flow_lock(${destination}, ${idArray(ids)})`;
}

/** Frees the places of calls that have ended, and lets go on what waited for them. Safe to repeat. */
export function settleFlow(
  destination: string,
  ids: readonly string[],
  claims: readonly string[],
  rules: FlowRules,
): SQL<never> {
  return sql<never>`
    select from eventhub.flow_settle(${destination}, ${idArray(ids)}, ${idArray([...new Set(claims)])}, ${rules.hold === true}::boolean) as done`;
}

/** Lets no call begin for so many seconds: of one key, or of the whole destination. */
export function coolDown(destination: string, key: string | undefined, seconds: number): SQL<never> {
  const until = sql`greatest(cool_until, clock_timestamp() + make_interval(secs => ${seconds}::float8))`;
  return key === undefined
    ? sql<never>`update eventhub.flow_destinations set cool_until = ${until} where destination = ${destination}`
    : sql<never>`update eventhub.flow_keys set cool_until = ${until} where destination = ${destination} and key = ${key}`;
}
