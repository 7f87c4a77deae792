import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { StoredHealthRules } from "./config/health.ts";
import type { EventPayload } from "./contract/index.ts";
import type { InvalidEvent } from "./contract/invalid.ts";
import { policyTableColumns } from "./policy-columns.ts";
import { listOf, UNHAPPY } from "./status-literals.ts";
import { HEARTBEATS } from "./vocabulary/heartbeats.ts";
import { MAX_RETRIES } from "./vocabulary/limits.ts";
import { COUNTED_METRICS } from "./vocabulary/metrics.ts";
import {
  DISPATCH_STATUSES,
  EXECUTION_RESULTS,
  FLOW_BLOCKS,
  OPERATION_ACTIONS,
  OPERATION_STATES,
} from "./vocabulary/statuses.ts";

/** The Postgres schema of all tables and views of the hub. The comments that operators read are in migrations/. */
export const eventhub = pgSchema("eventhub");

/** With microseconds: limits count with them. */
const precise = (name: string) => timestamp(name, { withTimezone: true });

/** The trace context that a producer has set for its transaction, if it is valid. */
const TRACEPARENT_OF_TRANSACTION = sql`substring(current_setting('eventhub.traceparent', true) from '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$')`;

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const events = eventhub.table(
  "events",
  {
    id: uuid().primaryKey(),
    payload: jsonb().$type<EventPayload>(),
    payloadBytes: integer("payload_bytes").notNull(),
    idempotencyKey: text("idempotency_key"),
    idempotencyIndex: integer("idempotency_index").notNull().default(0),
    // The default is for events that are emitted in SQL. For its own, the hub sets the value.
    traceparent: text().default(TRACEPARENT_OF_TRANSACTION),
    tracestate: text(),
    baggage: text(),
    causedBy: uuid("caused_by"),
    hops: smallint().notNull().default(0),
    // Null in rows that are older than this column: whether they are CloudEvents is guessed from their form. The default was added later.
    cloudEvent: boolean("cloud_event").default(false),
    own: boolean().notNull().default(false),
    routed: boolean().notNull().default(true),
    invalid: jsonb().$type<InvalidEvent>(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("events_key").on(t.idempotencyKey, t.idempotencyIndex).where(sql`idempotency_key is not null`),
    index("events_unrouted").on(t.id).where(sql`not routed`),
    index("events_with_payload").on(t.id).where(sql`payload is not null`),
    index("events_invalid").on(t.id).where(sql`invalid is not null`),
    index("events_trace").on(sql`substr(traceparent, 4, 32)`, t.id).where(sql`traceparent is not null`),
    index("events_caused_by").on(t.causedBy, t.id).where(sql`caused_by is not null`),
    check("events_not_negative", sql`payload_bytes >= 0 and idempotency_index >= 0 and hops >= 0`),
  ],
);

export const operations = eventhub.table(
  "operations",
  {
    id: uuid().primaryKey(),
    actor: text().notNull(),
    action: text({ enum: OPERATION_ACTIONS }).notNull(),
    arguments: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    state: text({ enum: OPERATION_STATES }).notNull().default("running"),
    position: uuid(),
    examined: integer().notNull().default(0),
    affected: integer().notNull().default(0),
    // How many dispatches the operation will make or cancel, according to its preview.
    expected: integer(),
    expectedExact: boolean("expected_exact"),
    stoppedBy: text("stopped_by"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
    finishedAt: moment("finished_at"),
  },
  (t) => [
    index("operations_running").on(t.id).where(sql`state = 'running'`),
    index("operations_incident").on(sql`(arguments ->> 'incident')`, t.createdAt).where(sql`action = 'note_incident'`),
    check("operations_action", sql`action in ${listOf(OPERATION_ACTIONS)}`),
    check("operations_state", sql`state in ${listOf(OPERATION_STATES)}`),
    check("operations_finished", sql`(state = 'running') = (finished_at is null)`),
    check("operations_stopped", sql`(state = 'stopped') = (stopped_by is not null)`),
    check("operations_expected", sql`(expected is null) = (expected_exact is null)`),
  ],
);

export const dispatches = eventhub.table(
  "dispatches",
  {
    id: uuid().primaryKey(),
    eventId: uuid("event_id")
      .notNull()
      .references(() => events.id),
    ...policyTableColumns,
    // Like `flowKey` and `orderKey` of the policy, these five are null without limits and order, so that dispatches of other destinations do not pay
    // for them. `flowKey`, `orderKey` and `seq` never change.
    seq: bigint({ mode: "number" }),
    position: bigint({ mode: "number" }),
    waiting: boolean(),
    head: boolean(),
    held: boolean(),
    status: text({ enum: DISPATCH_STATUSES }).notNull().default("ongoing"),
    generation: integer().notNull().default(0),
    workflow: text(),
    instanceId: text("instance_id"),
    claim: uuid(),
    claims: integer().notNull().default(0),
    leaseUntil: moment("lease_until"),
    attempts: integer().notNull().default(0),
    nextAttemptAt: moment("next_attempt_at").notNull(),
    enqueuedAt: moment("enqueued_at").notNull().defaultNow(),
    enqueues: integer().notNull().default(1),
    nudges: integer().notNull().default(0),
    missingSince: moment("missing_since"),
    fruitlessGenerations: integer("fruitless_generations").notNull().default(0),
    groupLimit: smallint("group_limit"),
    // The predecessor of `group_limit`: during a deployment, executors of the old version still write it.
    alone: boolean().notNull().default(false),
    createdAt: moment("created_at").notNull().defaultNow(),
    resultedAt: moment("resulted_at"),
    reason: text(),
    retryOf: uuid("retry_of").references((): AnyPgColumn => dispatches.id),
    operationId: uuid("operation_id").references(() => operations.id),
  },
  (t) => [
    index("dispatches_event_id").on(t.eventId),
    uniqueIndex("dispatches_retry_of").on(t.retryOf).where(sql`retry_of is not null`),
    index("dispatches_operation_id").on(t.operationId, t.id).where(sql`operation_id is not null`),
    index("dispatches_destination").on(t.destination, t.id),
    index("dispatches_status_id").on(t.status, t.id).where(sql`status <> 'complete'`),
    index("dispatches_ongoing").on(t.destination, t.nextAttemptAt).where(sql`status = 'ongoing'`),
    // What it looks at changes only where `next_attempt_at` or `status` changes as well: no update that was HOT is any less so.
    index("dispatches_retrying").on(t.destination, t.nextAttemptAt).where(sql`status = 'ongoing' and attempts > 0`),
    index("dispatches_unhappy").on(t.resultedAt, t.status).where(sql`status in ${UNHAPPY}`),
    index("dispatches_resulted").on(t.resultedAt, t.destination, t.status).where(sql`resulted_at is not null`),
    index("dispatches_flow_waiting")
      .on(t.destination, t.flowKey, t.nextAttemptAt)
      .where(sql`waiting and status = 'ongoing'`),
    index("dispatches_order").on(t.destination, t.orderKey, t.seq).where(sql`seq is not null and status = 'ongoing'`),
    uniqueIndex("dispatches_order_head").on(t.destination, t.orderKey).where(sql`head and status = 'ongoing'`),
    index("dispatches_order_held").on(t.destination, t.orderKey).where(sql`held`),
    check("dispatches_flow", sql`flow_key is not null or (order_key is null and waiting is null)`),
    check("dispatches_order", sql`(order_key is null) = (seq is null)`),
    check("dispatches_status", sql`status in ${listOf(DISPATCH_STATUSES)}`),
    check("dispatches_resulted", sql`(status = 'ongoing') = (resulted_at is null)`),
    check("dispatches_max_retries", sql`max_retries between 0 and ${sql.raw(String(MAX_RETRIES))}`),
    check(
      "dispatches_not_negative",
      sql`timeout_seconds > 0 and generation >= 0 and claims >= 0 and attempts >= 0 and enqueues >= 0 and nudges >= 0
          and fruitless_generations >= 0`,
    ),
  ],
);

export const executions = eventhub.table(
  "executions",
  {
    dispatchId: uuid("dispatch_id")
      .notNull()
      .references(() => dispatches.id),
    attempt: integer().notNull(),
    result: text({ enum: EXECUTION_RESULTS }).notNull(),
    reason: text(),
    instanceId: text("instance_id").notNull(),
    startedAt: moment("started_at").notNull(),
    finishedAt: moment("finished_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.dispatchId, t.attempt] }),
    index("executions_finished_at").on(t.finishedAt),
    check("executions_result", sql`result in ${listOf(EXECUTION_RESULTS)}`),
    check("executions_attempt", sql`attempt > 0`),
  ],
);

export const destinations = eventhub.table("destinations", {
  name: text().primaryKey(),
  pausedAt: moment("paused_at"),
  pauseReason: text("pause_reason"),
  pausedBy: text("paused_by", { enum: ["operator", "breaker"] }),
  resumedAt: moment("resumed_at"),
  resumedBy: text("resumed_by", { enum: ["operator", "breaker"] }),
  drainFrom: moment("drain_from"),
  drainedAt: moment("drained_at"),
  probeAt: moment("probe_at"),
  probeDispatch: uuid("probe_dispatch"),
  probeAttempt: integer("probe_attempt"),
  probedAt: moment("probed_at"),
  groupLimit: smallint("group_limit"),
  groupLimitedAt: moment("group_limited_at"),
  groupLimitedBy: text("group_limited_by"),
});

/** The calls of this minute and of the previous one, when they were last counted. */
const callsOfLate = () => ({
  minute: precise("minute"),
  calls: integer().notNull().default(0),
  callsBefore: integer("calls_before").notNull().default(0),
});

export const flowDestinations = eventhub.table(
  "flow_destinations",
  {
    destination: text().primaryKey(),
    vclock: doublePrecision().notNull().default(0),
    tat: precise("tat"),
    coolUntil: precise("cool_until"),
    pacer: text(),
    paceAt: precise("pace_at"),
    startedAt: precise("started_at"),
    started: integer().notNull().default(0),
    underWay: integer("under_way").notNull().default(0),
    reapAt: precise("reap_at"),
    override: jsonb().$type<Readonly<Record<string, unknown>>>(),
    overrideUntil: precise("override_until"),
    lookedAt: precise("looked_at"),
    blocked: text({ enum: FLOW_BLOCKS }),
    rules: jsonb().$type<Readonly<Record<string, unknown>>>(),
    rulesAt: precise("rules_at"),
    drainFrom: precise("drain_from"),
    lookAgain: text("look_again"),
    sweptKey: text("swept_key"),
    sweptOrder: text("swept_order"),
    prunedKey: text("pruned_key"),
    ...callsOfLate(),
  },
  () => [check("flow_destinations_blocked", sql`blocked in ${listOf(FLOW_BLOCKS)}`)],
);

export const flowKeys = eventhub.table(
  "flow_keys",
  {
    destination: text().notNull(),
    key: text().notNull(),
    ready: boolean().notNull().default(true),
    vtime: doublePrecision().notNull().default(0),
    tat: precise("tat"),
    coolUntil: precise("cool_until"),
    blocked: text({ enum: FLOW_BLOCKS }),
    wakeAt: precise("wake_at"),
    pausedAt: precise("paused_at"),
    pauseReason: text("pause_reason"),
    override: jsonb().$type<Readonly<Record<string, unknown>>>(),
    overrideUntil: precise("override_until"),
    touchedAt: precise("touched_at").notNull().defaultNow(),
    ...callsOfLate(),
  },
  (t) => [
    primaryKey({ columns: [t.destination, t.key] }),
    index("flow_keys_ready").on(t.destination, t.vtime, t.key).where(sql`ready`),
    index("flow_keys_wake").on(t.destination, t.wakeAt).where(sql`wake_at is not null`),
    check("flow_keys_blocked", sql`blocked in ${listOf(FLOW_BLOCKS)}`),
  ],
);

export const pausedOrders = eventhub.table(
  "paused_orders",
  {
    destination: text().notNull(),
    key: text().notNull(),
    pausedAt: moment("paused_at").notNull().defaultNow(),
    pauseReason: text("pause_reason"),
  },
  (t) => [primaryKey({ columns: [t.destination, t.key] })],
);

export const flights = eventhub.table(
  "flights",
  {
    dispatchId: uuid("dispatch_id").primaryKey(),
    destination: text().notNull(),
    key: text().notNull(),
    orderKey: text("order_key"),
    claim: uuid().notNull(),
    instanceId: text("instance_id").notNull(),
    startsAt: precise("starts_at").notNull(),
    until: precise("until").notNull(),
  },
  (t) => [
    index("flights_key").on(t.destination, t.key),
    index("flights_claim").on(t.claim),
    index("flights_order").on(t.destination, t.orderKey),
  ],
);

/** Numbers the dispatches of orders when they are made, and again, as the position that consumers see, when they are first called. */
export const turns = eventhub.sequence("turns");

export const heartbeats = eventhub.table("heartbeats", {
  name: text({ enum: HEARTBEATS }).primaryKey(),
  at: moment("at").notNull().defaultNow(),
  nextAt: moment("next_at"),
  sleeps: boolean().notNull().default(false),
  finishedAt: moment("finished_at"),
  tookMs: integer("took_ms"),
  found: jsonb().$type<Readonly<Record<string, unknown>>>(),
  version: text(),
  migration: text(),
  configuration: text(),
  deployedAt: moment("deployed_at"),
  skewMs: integer("skew_ms"),
  health: jsonb().$type<readonly StoredHealthRules[]>(),
  other: jsonb().$type<{ readonly version: string | null; readonly configuration: string | null }>(),
  alternatesSince: moment("alternates_since"),
});

/** The values of the metrics' counters and histograms so far. They stay, even if retention deletes the rows that they counted. */
export const metricCounts = eventhub.table(
  "metric_counts",
  {
    metric: text({ enum: COUNTED_METRICS }).notNull(),
    destination: text().notNull().default(""),
    label: text().notNull().default(""),
    value: doublePrecision().notNull().default(0),
    buckets: doublePrecision().array(),
    since: moment("since").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.metric, t.destination, t.label] })],
);

/** Up to when the counters have counted, in one row. */
export const metricMarks = eventhub.table("metric_marks", {
  name: text({ enum: ["counted"] }).primaryKey(),
  at: moment("at").notNull().defaultNow(),
});
