import { type SQL, sql } from "drizzle-orm";
import type { FlowRules } from "../../config/destinations/flow.ts";
import type { PolicyRow } from "../../config/policy.ts";
import type { EventPayload } from "../../contract/index.ts";
import { MAX_GROUP_BYTES } from "../../vocabulary/limits.ts";
import type { FlowBlock } from "../../vocabulary/statuses.ts";
import { SHARED_CLAIMS } from "../dispatches/claim-dispatches.ts";
import type { ExecutionRecord } from "../dispatches/record-executions.ts";
import { idArray } from "../fragments/list-conditions.ts";
import { policyOf } from "../fragments/policy-sql.ts";
import { type TraceRow, traceColumns } from "../fragments/trace-columns.ts";

/** How far ahead a rate assigns times to calls, in seconds. A dispatch that arrives within this time no longer takes its turn before those calls. */
export const AHEAD_SECONDS = 1;

export interface TakeArguments {
  destination: string;
  rules: FlowRules;
  /** The Workflow instance that calls, and the binding that it belongs to. */
  instanceId: string;
  workflow: string;
  /** UUID of this claim. A repeat with the same token takes nothing more, so that the caller may repeat it after a lost answer. */
  token: string;
  /** How many calls the instance has in flight. */
  underWay: number;
  /** Whether the instance starts, or starts anew: whatever it took before has died with it. */
  begins: boolean;
  /** How many dispatches it may take. */
  room: number;
  /** How long a lease lasts beyond the call's timeout. */
  budgetSeconds: number;
}

/** How many were taken, and what to do next. */
export interface Taken {
  taken: number;
  /** More can be called now. */
  more: boolean;
  /** Nobody else will look again, so the instance stays, and looks again in `nextMs`. */
  pace: boolean;
  /** In how many milliseconds something may be called next, if that is known. */
  nextMs?: number | null;
  /** The limit of the whole destination that is reached. */
  blocked?: FlowBlock | null;
}

/** Takes the dispatches of a destination with limits or an order that may be called next. */
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

/** A dispatch that was taken; the same as a claim's answer `mine`. */
export type TakenRow = PolicyRow & {
  id: string;
  answer: "mine";
  event_id: string;
  /** The database's clock when it answered, in milliseconds since 1970. */
  claimed_at: number;
  /** When the call starts, in milliseconds from the answer on. */
  start_ms: number;
  attempts: number;
  claims: number;
  /** Executors have died with this dispatch, so it was taken alone. Before its call starts, {@link noteBegun} must note it. */
  alone: boolean;
  position: number | null;
  payload: EventPayload | null;
  emitted_at: Date;
  hops: number;
  cloud_event: boolean | null;
} & TraceRow;

/**
 * The dispatches that were taken under a token, in the order in which to call them. If the answer was lost and the caller repeats the question late,
 * the calls are still as far apart as the rate requires, and not made all at once.
 */
export function readTaken(token: string): SQL<TakenRow> {
  return sql<TakenRow>`
    select d.id, 'mine' as answer, d.event_id, (extract(epoch from clock_timestamp()) * 1000)::bigint as claimed_at,
      greatest(0, ceil(extract(epoch from v.starts_at - least(clock_timestamp(), min(v.starts_at) over ())) * 1000))::int as start_ms,
      ${policyOf("d")}, d.attempts, d.claims, d.alone, d.position, e.payload, e.created_at as emitted_at, ${traceColumns(sql`d`)},
      e.hops, e.cloud_event
    from eventhub.flights v
    join eventhub.dispatches d on d.id = v.dispatch_id and d.claim = v.claim
    join eventhub.events e on e.id = d.event_id
    where v.claim = ${token}::uuid
    order by v.starts_at, d.next_attempt_at, d.id`;
}

/**
 * Notes that the call of a dispatch starts, if executors have died with that dispatch. Only a noted call counts towards giving it up; taking it does
 * not. Safe to repeat. Does nothing if another claim has followed.
 *
 * @param claims How many claims the dispatch has, including this one.
 */
export function noteBegun(id: string, claim: string, claims: number): SQL<{ id: string }> {
  return sql<{ id: string }>`
    update eventhub.dispatches d set claims = ${claims}::integer where d.id = ${id}::uuid and d.claim = ${claim}::uuid returning d.id`;
}

/** Gives back a dispatch whose call the platform refused. That is no attempt, and the dispatch is called alone from now on. Safe to repeat. */
export function giveBack(id: string, claim: string): SQL<never> {
  return sql<never>`
    update eventhub.dispatches d set claim = null, claims = greatest(d.claims, ${SHARED_CLAIMS}::integer) where d.id = ${id}::uuid and d.claim = ${claim}::uuid`;
}

/** Locks what a result changes: the destination, and then these dispatches, by id. */
export function lockFlow(destination: string, ids: readonly string[]): SQL<never> {
  return sql<never>`select from eventhub.flow_lock(${destination}, ${idArray(ids)})`;
}

/** Frees the places of calls that have ended, and wakes what waited for them. Safe to repeat. */
export function settleFlow(
  destination: string,
  ids: readonly string[],
  claims: readonly string[],
  rules: FlowRules,
): SQL<never> {
  return sql<never>`
    select from eventhub.flow_settle(${destination}, ${idArray(ids)}, ${idArray([...new Set(claims)])}, ${rules.hold === true}::boolean) as done`;
}

/**
 * Lets no call start for as many seconds as an answer has asked for, for one key or for the whole destination, except for calls that have their time
 * already. Run this before the answer is recorded: where its attempt is, the wait has begun already, or another answer counts.
 */
export function coolDown(
  destination: string,
  { dispatchId, attempt }: Pick<ExecutionRecord, "dispatchId" | "attempt">,
  { key, seconds }: NonNullable<ExecutionRecord["cooldown"]>,
): SQL<never> {
  const set = sql`cool_until = greatest(cool_until, clock_timestamp() + make_interval(secs => ${seconds}::float8))`;
  const isNew = sql`not exists (select from eventhub.executions x where x.dispatch_id = ${dispatchId}::uuid and x.attempt = ${attempt}::integer)`;
  return key === undefined
    ? sql<never>`update eventhub.flow_destinations set ${set} where destination = ${destination} and ${isNew}`
    : sql<never>`update eventhub.flow_keys set ${set} where destination = ${destination} and key = ${key} and ${isNew}`;
}
