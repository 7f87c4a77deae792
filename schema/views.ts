import { type SQL, sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import type { EventPayload } from "./contract/index.ts";
import { DESTINATION_STATES_SQL } from "./health-literals.ts";
import { incidents as incidentsSince } from "./incident-literals.ts";
import { countOutcome, OUTCOME } from "./outcome-literals.ts";
import { ATTENDED_BY, OVERDUE } from "./overdue-literals.ts";
import { retrying as retryingNow } from "./retrying-literals.ts";
import { CALLED, FAILED, hasStatus, listOf, ofEach } from "./status-literals.ts";
import { eventhub } from "./tables.ts";
import { DESTINATION_STATE_NAMES } from "./vocabulary/destination-states.ts";
import {
  DELIVERED_STATUSES,
  type DispatchStatus,
  FINAL_STATUSES,
  INCIDENT_STATES,
  MAKING_ACTIONS,
  OPERATION_OUTCOMES,
  OPERATION_STATES,
  UNHAPPY_STATUSES,
} from "./vocabulary/statuses.ts";

/** The columns of the views over finished dispatches: when and where, the reason, the payload, and where to look further. */
const columns = {
  resultedAt: timestamp("resulted_at", { withTimezone: true }),
  status: text(),
  destination: text(),
  route: text(),
  attempts: integer(),
  reason: text(),
  dispatchId: uuid("dispatch_id"),
  eventId: uuid("event_id"),
  emittedAt: timestamp("emitted_at", { withTimezone: true }),
  payload: jsonb().$type<EventPayload>(),
  workflow: text(),
  instanceId: text("instance_id"),
  traceId: text("trace_id"),
};

/** The trace id of the event `e`: the part of its `traceparent` between version and span. */
const TRACE_ID = sql`substr(e.traceparent, 4, 32) as trace_id`;

const dispatchesWhere = (condition: SQL) => sql`
  select d.resulted_at, d.status, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    e.created_at as emitted_at, e.payload, d.workflow, d.instance_id, ${TRACE_ID}
  from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
  where ${condition}`;

/** Dispatches that failed for good, and why: all retries were spent, the consumer refused, or something was misconfigured. */
export const failedDispatches = eventhub
  .view("failed_dispatches", columns)
  .as(dispatchesWhere(sql`d.status in ${FAILED}`));

/** Dispatches that the executor gave up without an answer from the consumer. */
export const lostDispatches = eventhub.view("lost_dispatches", columns).as(dispatchesWhere(hasStatus("lost")));

const moment = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: "number" });

/** A column of counts for each final status. */
const finalCounts = Object.fromEntries(FINAL_STATUSES.map((status) => [status, count(status)])) as Record<
  (typeof FINAL_STATUSES)[number],
  ReturnType<typeof count>
>;

/** The sum of the counts in `c` of these statuses. */
const sumOf = (statuses: readonly DispatchStatus[]) => ofEach(statuses, (status) => `c.${status}`, " + ");

/**
 * Dispatches that are ongoing more than a minute beyond their time, although nobody works on them: neither a pause nor the drain after it holds them,
 * and they do not wait for limits or an order in the intended way. `instance_id` is the Workflow instance to look up.
 */
export const overdueDispatches = eventhub
  .view("overdue_dispatches", {
    overdueBy: interval("overdue_by"),
    destination: text(),
    route: text(),
    attempts: integer(),
    reason: text(),
    dispatchId: uuid("dispatch_id"),
    eventId: uuid("event_id"),
    workflow: text(),
    instanceId: text("instance_id"),
    generation: integer(),
    enqueues: integer(),
    nudges: integer(),
    missingSince: moment("missing_since"),
    nextAttemptAt: moment("next_attempt_at"),
    leaseUntil: moment("lease_until"),
  })
  .as(sql`
  select now() - d.next_attempt_at as overdue_by, d.destination, d.route, d.attempts, d.reason, d.id as dispatch_id, d.event_id,
    d.workflow, d.instance_id, d.generation, d.enqueues, d.nudges, d.missing_since, d.next_attempt_at, d.lease_until
  from eventhub.dispatches d
  ${ATTENDED_BY}
  where ${OVERDUE}`);

/** The health of each destination: its results of the last hour and the last day, and its ongoing dispatches. */
export const destinationHealth = eventhub
  .view("destination_health", {
    destination: text(),
    period: text({ enum: ["hour", "day"] }),
    successRate: numeric("success_rate", { mode: "number" }),
    ...finalCounts,
    p50Ms: integer("p50_ms"),
    p95Ms: integer("p95_ms"),
    p99Ms: integer("p99_ms"),
    ongoing: count("ongoing"),
    oldestOngoing: moment("oldest_ongoing"),
    pausedAt: moment("paused_at"),
    state: text({ enum: DESTINATION_STATE_NAMES }),
  })
  .as(sql`
  with resulted as (
    select d.destination, d.status, d.resulted_at,
      case when d.status in ${CALLED}
        then extract(epoch from d.resulted_at - d.next_attempt_at)::float8 * 1000 end as ms
    from eventhub.dispatches d
    where d.resulted_at >= now() - interval '24 hours'
  ), waiting as (
    select d.destination, count(*) as ongoing, min(d.created_at) as oldest_ongoing
    from eventhub.dispatches d where d.status = 'ongoing' group by d.destination
  ), counted as (
    select r.destination, p.period,
      ${ofEach(FINAL_STATUSES, (status) => `count(*) filter (where r.status = '${status}') as ${status}`)},
      percentile_cont(array[0.5, 0.95, 0.99]) within group (order by r.ms) as ms
    from (values ('hour', interval '1 hour'), ('day', interval '24 hours')) as p(period, length)
    join resulted r on r.resulted_at >= now() - p.length
    group by r.destination, p.period
  ), known as (
    select destination from resulted union select destination from waiting union select name from eventhub.destinations
  )
  select k.destination, p.period,
    round((${sumOf(DELIVERED_STATUSES)})::numeric
      / nullif(${sumOf([...DELIVERED_STATUSES, ...UNHAPPY_STATUSES])}, 0), 4) as success_rate,
    ${ofEach(FINAL_STATUSES, (status) => `coalesce(c.${status}, 0) as ${status}`)},
    round(c.ms[1])::int as p50_ms, round(c.ms[2])::int as p95_ms, round(c.ms[3])::int as p99_ms,
    coalesce(w.ongoing, 0) as ongoing, w.oldest_ongoing, s.paused_at,
    coalesce(j.state, 'idle') as state
  from known k
  cross join (values ('hour'), ('day')) as p(period)
  left join counted c on c.destination = k.destination and c.period = p.period
  left join waiting w on w.destination = k.destination
  left join eventhub.destinations s on s.name = k.destination
  left join eventhub.destination_states j on j.destination = k.destination`);

/** How each destination is judged, by which results and by which rules. */
export const destinationStates = eventhub
  .view("destination_states", {
    destination: text(),
    state: text({ enum: DESTINATION_STATE_NAMES }),
    delivered: integer(),
    failed: integer(),
    windowSeconds: integer("window_seconds"),
    leastResults: integer("least_results"),
    failingBelow: doublePrecision("failing_below"),
    degradedBelow: doublePrecision("degraded_below"),
    manyFailures: integer("many_failures"),
    degradedBelowWithMany: doublePrecision("degraded_below_with_many"),
    alertResults: integer("alert_results"),
  })
  .as(DESTINATION_STATES_SQL);

/** One row per execution, with its event and destination. */
export const dispatchTimeline = eventhub
  .view("dispatch_timeline", {
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
    took: interval(),
    attempt: integer(),
    result: text(),
    reason: text(),
    destination: text(),
    route: text(),
    status: text(),
    dispatchId: uuid("dispatch_id"),
    eventId: uuid("event_id"),
    emittedAt: moment("emitted_at"),
    idempotencyKey: text("idempotency_key"),
    instanceId: text("instance_id"),
    retryOf: uuid("retry_of"),
    traceId: text("trace_id"),
  })
  .as(sql`
  select x.started_at, x.finished_at, x.finished_at - x.started_at as took, x.attempt, x.result, x.reason, d.destination, d.route,
    d.status, d.id as dispatch_id, d.event_id, e.created_at as emitted_at, e.idempotency_key, x.instance_id, d.retry_of,
    ${TRACE_ID}
  from eventhub.executions x
  join eventhub.dispatches d on d.id = x.dispatch_id
  join eventhub.events e on e.id = d.event_id`);

/** Events that matched no route when they were routed, and were not replayed since. */
export const unmatchedEvents = eventhub
  .view("unmatched_events", {
    emittedAt: moment("emitted_at"),
    kind: text(),
    eventId: uuid("event_id"),
    idempotencyKey: text("idempotency_key"),
    payload: jsonb().$type<EventPayload>(),
  })
  .as(sql`
  select e.created_at as emitted_at, coalesce(e.payload ->> 'kind', e.payload ->> 'type') as kind, e.id as event_id, e.idempotency_key, e.payload
  from eventhub.events e
  where e.routed and (e.invalid ->> 'refused') is distinct from 'true'
    and not exists (select from eventhub.dispatches d where d.event_id = e.id)`);

/** Events that do not match the definition of their kind: stored with a warning, or emitted in SQL and refused. */
export const invalidEvents = eventhub
  .view("invalid_events", {
    emittedAt: moment("emitted_at"),
    refused: boolean(),
    kind: text(),
    faults: text(),
    eventId: uuid("event_id"),
    payload: jsonb().$type<EventPayload>(),
    traceId: text("trace_id"),
  })
  .as(sql`
  select e.created_at as emitted_at, (e.invalid ->> 'refused')::boolean as refused, coalesce(e.payload ->> 'kind', e.payload ->> 'type') as kind,
    (select string_agg(f, '; ' order by n) from jsonb_array_elements_text(e.invalid -> 'faults') with ordinality as t(f, n)) as faults,
    e.id as event_id, e.payload, ${TRACE_ID}
  from eventhub.events e where e.invalid is not null`);

/** What became of everything that each retry and replay made: one row per operation, counting all its dispatches. */
export const operationOutcomes = eventhub
  .view("operation_outcomes", {
    beganAt: moment("began_at"),
    actor: text(),
    action: text({ enum: MAKING_ACTIONS }),
    state: text({ enum: OPERATION_STATES }),
    stoppedBy: text("stopped_by"),
    finishedAt: moment("finished_at"),
    outcome: text({ enum: OPERATION_OUTCOMES }),
    expected: integer(),
    made: integer(),
    delivered: count("delivered"),
    failed: count("failed"),
    retried: count("retried"),
    held: count("held"),
    ongoing: count("ongoing"),
    cancelled: count("cancelled"),
    operationId: uuid("operation_id"),
  })
  .as(sql`
  select o.created_at as began_at, o.actor, o.action, o.state, o.stopped_by, o.finished_at, ${OUTCOME} as outcome, o.expected,
    o.affected as made, c.delivered, c.failed, c.retried, c.held, c.ongoing, c.cancelled, o.id as operation_id
  from eventhub.operations o cross join ${countOutcome(sql`all`)}
  where o.action in ${listOf(MAKING_ACTIONS)}`);

/** The dispatches that ended without success in the last day and were not retried, as incidents, worst first. */
export const incidents = eventhub
  .view("incidents", {
    destination: text(),
    status: text({ enum: UNHAPPY_STATUSES }),
    state: text({ enum: INCIDENT_STATES }),
    dispatches: integer(),
    first: moment("first"),
    last: moment("last"),
    reason: text(),
    reasons: integer(),
    note: text(),
    overTime: integer("over_time").array(),
    example: uuid(),
    key: text(),
  })
  .as(sql`
  select i.destination, i.status, i.state, i.dispatches, i.first, i.last, i.reason, i.reasons,
    (select o.arguments ->> 'note' from eventhub.operations o where o.action = 'note_incident' and o.arguments ->> 'incident' = i.key
      order by o.created_at desc limit 1) as note,
    i.over_time, i.example, i.key
  from (${incidentsSince(sql`(now() - interval '24 hours')`)}) i`);

/** What has failed and is tried again, by destination and cause. */
export const retrying = eventhub
  .view("retrying", {
    destination: text(),
    dispatches: integer(),
    exact: boolean(),
    reason: text(),
    reasons: integer(),
    since: moment("since"),
    nextAttemptAt: moment("next_attempt_at"),
    example: uuid(),
  })
  .as(retryingNow());
