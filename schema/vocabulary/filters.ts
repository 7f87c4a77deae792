import type { DispatchFilter, EventFilter, PayloadEquality } from "../contract/operator.ts";
import { toPostgresPath } from "../payload/postgres-path.ts";
import type { FilterParts, Lookup, Taken } from "./filter-part.ts";
import {
  MAX_DESTINATION_NAME_LENGTH,
  MAX_FLOW_KEY_LENGTH,
  MAX_IDEMPOTENCY_KEY_LENGTH,
  MAX_REASON_LENGTH,
  MAX_ROUTE_NAME_LENGTH,
  TRACE_ID_LENGTH,
} from "./limits.ts";
import { DISPATCH_STATUSES } from "./statuses.ts";

/**
 * The hub's clock makes ids, and the database's clock makes `created_at`. So the rows of a moment are looked for among ids that are up to an hour
 * off.
 */
const CLOCK_MARGIN_MS = 3_600_000;

/** The lowest UUIDv7 of a moment, which is in milliseconds since 1970. */
export function idAt(ms: number): string {
  const hex = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

const since = (table: "d" | "e"): Lookup<Date> => ({
  by: "index",
  condition: (time, sql) =>
    sql`${sql.raw(table)}.id >= ${idAt(time.getTime() - CLOCK_MARGIN_MS)}::uuid and ${sql.raw(table)}.created_at >= ${time.toISOString()}`,
});

const until = (table: "d" | "e"): Lookup<Date> => ({
  by: "index",
  condition: (time, sql) =>
    sql`${sql.raw(table)}.id < ${idAt(time.getTime() + CLOCK_MARGIN_MS)}::uuid and ${sql.raw(table)}.created_at < ${time.toISOString()}`,
});

const ids = (table: "d" | "e"): Lookup<string[]> => ({
  by: "index",
  condition: (those, sql) => sql`${sql.raw(table)}.id = any(${`{${those.join(",")}}`}::uuid[])`,
});

/** The event `e` was emitted in a trace. Spelled out, so that the planner sees that the partial index fits. */
const inTrace: Lookup<string>["condition"] = (id, sql) =>
  sql`(e.traceparent is not null and substr(e.traceparent, 4, 32) = lower(${id}))`;

/** Some value at the path equals the given one. The path was checked before. */
const PAYLOAD: Lookup<PayloadEquality> = {
  by: "payload",
  condition: (
    { path, equals },
    sql,
  ) => sql`coalesce(jsonb_path_exists(e.payload, ${toPostgresPath(path) ?? "$.x"}::jsonpath,
    jsonb_build_object('v', ${JSON.stringify(equals)}::jsonb), true), false)`,
};

/** Each status as a literal, so that the planner sees that a partial index fits. */
const STATUS_LITERALS = Object.fromEntries(DISPATCH_STATUSES.map((status) => [status, `'${status}'`]));

/**
 * Every part of a filter. A part with `dispatches` is for filters over dispatches, one with `events` for filters over events. In the order of the
 * terminal's help and of the console's form.
 */
export const FILTERS = {
  since: {
    takes: "time",
    dispatches: since("d"),
    events: since("e"),
    options: [["--since <time>", "emitted since then: 90m, 12h, 7d (ago), or ISO 8601"]],
    label: "From (UTC)",
  },
  until: {
    takes: "time",
    dispatches: until("d"),
    events: until("e"),
    options: [["--until <time>", "emitted before then"]],
    label: "To (UTC)",
  },
  idempotencyKey: {
    takes: "text",
    max: MAX_IDEMPOTENCY_KEY_LENGTH,
    dispatches: {
      by: "index",
      // As an array, so that the few matching events are found first.
      condition: (key, sql) =>
        sql`d.event_id = any(array(select id from eventhub.events where idempotency_key = ${key}))`,
    },
    events: { by: "index", condition: (key, sql) => sql`e.idempotency_key = ${key}` },
    options: [["--idempotency-key <key>", "the producer's key"]],
    label: "Idempotency key",
    field: "key",
  },
  traceId: {
    takes: "text",
    max: TRACE_ID_LENGTH,
    dispatches: {
      by: "index",
      condition: (id, sql) => sql`d.event_id = any(array(select id from eventhub.events e where ${inTrace(id, sql)}))`,
    },
    events: { by: "index", condition: (id, sql) => inTrace(id, sql) },
    options: [["--trace <id>", "only of events emitted in this trace"]],
    label: "Trace id",
    field: "trace",
  },
  payload: {
    takes: "payload",
    dispatches: PAYLOAD,
    events: PAYLOAD,
    options: [["--payload <$.path=value>", "a value of the payload"]],
    label: "Payload path",
  },
  invalid: {
    takes: "boolean",
    dispatches: {
      by: "row",
      condition: (is, sql) =>
        sql`exists (select from eventhub.events i where i.id = d.event_id and i.invalid is not null) = ${is}`,
    },
    // Spelled out, so that the planner sees that the index of those few fits.
    events: { by: "index", condition: (is, sql) => (is ? sql`e.invalid is not null` : sql`e.invalid is null`) },
    options: [
      ["--invalid", "that do not match the definition of their kind"],
      ["--no-invalid", "all except these"],
    ],
    label: "Not as defined",
    field: "invalid",
  },
  matched: {
    takes: "boolean",
    events: {
      by: "row",
      // One by one: for an `exists`, the planner may read the whole table of dispatches first.
      condition: (is, sql) =>
        is
          ? sql`(select m.id from eventhub.dispatches m where m.event_id = e.id limit 1) is not null`
          : sql`e.routed and (e.invalid ->> 'refused') is distinct from 'true'
              and (select m.id from eventhub.dispatches m where m.event_id = e.id limit 1) is null`,
    },
    options: [
      ["--matched", "that matched a route"],
      ["--no-matched", "that matched no route"],
    ],
    label: "Matched a route",
    field: "matched",
  },
  status: {
    takes: "statuses",
    dispatches: {
      by: "branches",
      condition: (status, sql) => sql`d.status = ${sql.raw(STATUS_LITERALS[status] ?? "null")}`,
    },
    options: [["--status <statuses>", `of ${DISPATCH_STATUSES.join(", ")}; several with commas`]],
    label: "Status",
  },
  destination: {
    takes: "text",
    max: MAX_DESTINATION_NAME_LENGTH,
    dispatches: { by: "index", condition: (name, sql) => sql`d.destination = ${name}` },
    options: [["--destination <name>", "where to"]],
    label: "Destination",
    field: "destination",
    inFront: true,
  },
  route: {
    takes: "text",
    max: MAX_ROUTE_NAME_LENGTH,
    dispatches: { by: "row", condition: (name, sql) => sql`d.route = ${name}`, columns: ["route"] },
    options: [["--route <name>", "made by this route"]],
    label: "Route",
    field: "route",
  },
  key: {
    takes: "text",
    max: MAX_FLOW_KEY_LENGTH,
    min: 0,
    dispatches: {
      by: "row",
      condition: (key, sql) => sql`(d.flow_key = ${key} or d.order_key = ${key})`,
      columns: ["flow_key", "order_key"],
    },
    options: [["--key <key>", "of its destination's limits or of its order"]],
    label: "Key of limits or order",
    field: "any-key",
  },
  flowKey: {
    takes: "text",
    max: MAX_FLOW_KEY_LENGTH,
    min: 0,
    dispatches: { by: "row", condition: (key, sql) => sql`d.flow_key = ${key}`, columns: ["flow_key"] },
    options: [["--flow-key <key>", "counted under this key by its destination's limits"]],
    label: "Key of limits",
    field: "flow-key",
  },
  orderKey: {
    takes: "text",
    max: MAX_FLOW_KEY_LENGTH,
    min: 0,
    dispatches: { by: "row", condition: (key, sql) => sql`d.order_key = ${key}`, columns: ["order_key"] },
    options: [["--order-key <key>", "called in order within this key"]],
    label: "Key of order",
    field: "order-key",
  },
  reason: {
    takes: "text",
    max: MAX_REASON_LENGTH,
    dispatches: {
      by: "row",
      condition: (text, sql) => sql`strpos(lower(d.reason), lower(${text})) > 0`,
      columns: ["reason"],
    },
    options: [["--reason <text>", "text within the reason"]],
    label: "Reason contains",
    field: "reason",
    inFront: true,
  },
  resultedSince: {
    takes: "time",
    dispatches: {
      by: "row",
      condition: (time, sql) => sql`d.resulted_at >= ${time.toISOString()}`,
      columns: ["resulted_at"],
    },
    options: [["--resulted-since <time>", "final since then"]],
    label: "Period is when it",
  },
  resultedUntil: {
    takes: "time",
    dispatches: {
      by: "row",
      condition: (time, sql) => sql`d.resulted_at < ${time.toISOString()}`,
      columns: ["resulted_at"],
    },
    options: [["--resulted-until <time>", "final before then"]],
    label: "Period is when it",
  },
  retried: {
    takes: "boolean",
    dispatches: {
      by: "row",
      condition: (is, sql) =>
        sql`((select r.id from eventhub.dispatches r where r.retry_of = d.id limit 1) is not null) = ${is}`,
    },
    options: [
      ["--retried", "retried manually"],
      ["--no-retried", "not retried manually"],
    ],
    label: "Retried manually",
    field: "retried",
  },
  overdue: {
    takes: "boolean",
    dispatches: {
      by: "row",
      // Row by row: `offset 0` keeps the planner from reading the whole view first, which may have millions of waiting dispatches.
      condition: (is, sql) =>
        sql`(d.next_attempt_at < now() and exists (select from eventhub.overdue_dispatches o where o.dispatch_id = d.id offset 0)) = ${is}`,
      columns: ["next_attempt_at"],
    },
    options: [
      ["--overdue", "ongoing beyond their time, although nothing holds them and nobody works on them"],
      ["--no-overdue", "all except these"],
    ],
    label: "overdue",
  },
  eventId: {
    takes: "id",
    dispatches: { by: "index", condition: (id, sql) => sql`d.event_id = ${id}::uuid` },
    options: [["--event <id>", "of this event"]],
    label: "Event id",
    field: "event",
  },
  operationId: {
    takes: "id",
    dispatches: { by: "index", condition: (id, sql) => sql`d.operation_id = ${id}::uuid` },
    options: [["--operation <id>", "made by this operation"]],
    label: "Operation id",
    field: "operation",
  },
  ids: {
    takes: "ids",
    dispatches: ids("d"),
    events: ids("e"),
    options: [],
    label: "Ids, as pasted",
  },
} as const satisfies FilterParts;

/** The name of a part. */
export type FilterName = keyof typeof FILTERS;

/** The names of all parts. */
export const ALL_FILTERS = Object.keys(FILTERS) as readonly FilterName[];

/** The names of the parts of a filter over dispatches. */
export const DISPATCH_FILTERS = ALL_FILTERS.filter(
  (name) => "dispatches" in FILTERS[name],
) as readonly (keyof DispatchFilter)[];

/** The names of the parts of a filter over events. */
export const EVENT_FILTERS = ALL_FILTERS.filter((name) => "events" in FILTERS[name]) as readonly (keyof EventFilter)[];

/** A filter that was checked. */
export type CheckedFilter<Name extends FilterName> = { [N in Name]?: Taken[(typeof FILTERS)[N]["takes"]] };

/** A filter over dispatches, checked. */
export type CheckedDispatchFilter = CheckedFilter<keyof DispatchFilter>;
