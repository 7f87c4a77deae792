import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import { writeQuery } from "../../schema/database/write-query.ts";
import {
  listDispatches,
  MAX_SCAN_PAYLOADS,
  MAX_SCAN_ROWS,
  scanLimit,
} from "../../schema/queries/dispatches/list-dispatches.ts";
import { eventScanLimit, listEvents } from "../../schema/queries/events/list-events.ts";
import type { Lookup } from "../../schema/vocabulary/filter-part.ts";
import {
  ALL_FILTERS,
  type CheckedFilter,
  DISPATCH_FILTERS,
  EVENT_FILTERS,
  FILTERS,
  type FilterName,
  idAt,
} from "../../schema/vocabulary/filters.ts";

const ID = "01930000-0000-7000-8000-000000000001";
const TIME = new Date("2026-11-24T12:00:00.000Z");

/** A value of each part, as it is after the check. */
const ALL: Required<CheckedFilter<FilterName>> = {
  since: TIME,
  until: TIME,
  idempotencyKey: "k",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  payload: { path: "$.a", equals: 1 },
  status: ["failed"],
  destination: "A",
  route: "r",
  key: "cust-17",
  flowKey: "cust-17",
  orderKey: "order-17",
  reason: "no",
  resultedSince: TIME,
  resultedUntil: TIME,
  invalid: true,
  matched: false,
  retried: false,
  overdue: true,
  eventId: ID,
  operationId: ID,
  ids: [ID, ID],
};

/** A statement with its parameters inserted. */
function written(statement: Parameters<PgDialect["sqlToQuery"]>[0]): string {
  const query = new PgDialect().sqlToQuery(statement);
  return query.sql.replace(/\$(\d+)/g, (_, n) => `<${query.params[Number(n) - 1]}>`).replace(/\s+/g, " ");
}

function told(lookup: Lookup<never> | undefined, value: unknown): string | undefined {
  if (lookup === undefined) return undefined;
  const one = lookup.by === "branches" ? (value as unknown[])[0] : value;
  return `${lookup.by}: ${written(lookup.condition(one as never, sql))}`;
}

const HOUR_BEFORE = "<01a20d36-6b80-7000-8000-000000000000>";
const HOUR_AFTER = "<01a20da4-4880-7000-8000-000000000000>";
const IN_TRACE =
  "(e.traceparent is not null and substr(e.traceparent, 4, 32) = lower(<0af7651916cd43dd8448eb211c80319c>))";
const PAYLOAD = `payload: coalesce(jsonb_path_exists(e.payload, <strict $ ? (exists(@."a" ? (@ == $v)))>::jsonpath, jsonb_build_object('v', <1>::jsonb), true), false)`;

test("a statement is rendered exactly as drizzle's Postgres dialect renders it", () => {
  const options = {
    order: "newest",
    limit: 3,
    after: ID,
    about: { member: "kind", paths: ["$.a"] },
  } as const;
  const payload = { ...ALL.payload, indexed: true } as const;
  for (const statement of [listDispatches({ ...ALL, payload }, options), listEvents({ payload }, options)]) {
    const { sql: text, params } = new PgDialect().sqlToQuery(statement);
    expect(writeQuery(statement)).toMatchObject({ sql: text, params });
  }
});

test("the rows of a moment have ids from its own on, which begins with 1970", () => {
  expect(idAt(TIME.getTime())).toBe("01a20d6d-5a00-7000-8000-000000000000");
  expect(idAt(-1)).toBe("00000000-0000-7000-8000-000000000000");
});

describe("a filter", () => {
  test("uses an index, rows or payloads, as each part requires", () => {
    const found = (name: FilterName) => {
      const part: { dispatches?: Lookup<never>; events?: Lookup<never> } = FILTERS[name];
      return [told(part.dispatches, ALL[name]), told(part.events, ALL[name])];
    };
    expect(Object.fromEntries(ALL_FILTERS.map((name) => [name, found(name)]))).toEqual({
      since: [
        `index: d.id >= ${HOUR_BEFORE}::uuid and d.created_at >= <2026-11-24T12:00:00.000Z>`,
        `index: e.id >= ${HOUR_BEFORE}::uuid and e.created_at >= <2026-11-24T12:00:00.000Z>`,
      ],
      until: [
        `index: d.id < ${HOUR_AFTER}::uuid and d.created_at < <2026-11-24T12:00:00.000Z>`,
        `index: e.id < ${HOUR_AFTER}::uuid and e.created_at < <2026-11-24T12:00:00.000Z>`,
      ],
      idempotencyKey: [
        "index: d.event_id = any(array(select id from eventhub.events where idempotency_key = <k>))",
        "index: e.idempotency_key = <k>",
      ],
      traceId: [
        `index: d.event_id = any(array(select id from eventhub.events e where ${IN_TRACE}))`,
        `index: ${IN_TRACE}`,
      ],
      payload: [PAYLOAD, PAYLOAD],
      invalid: [
        "row: exists (select from eventhub.events i where i.id = d.event_id and i.invalid is not null) = <true>",
        "index: e.invalid is not null",
      ],
      matched: [
        undefined,
        "row: e.routed and (e.invalid ->> 'refused') is distinct from 'true' and (select m.id from eventhub.dispatches m where m.event_id = e.id limit 1) is null",
      ],
      status: ["branches: d.status = 'failed'", undefined],
      destination: ["index: d.destination = <A>", undefined],
      route: ["row: d.route = <r>", undefined],
      key: ["row: (d.flow_key = <cust-17> or d.order_key = <cust-17>)", undefined],
      flowKey: ["row: d.flow_key = <cust-17>", undefined],
      orderKey: ["row: d.order_key = <order-17>", undefined],
      reason: ["row: strpos(lower(d.reason), lower(<no>)) > 0", undefined],
      resultedSince: ["row: d.resulted_at >= <2026-11-24T12:00:00.000Z>", undefined],
      resultedUntil: ["row: d.resulted_at < <2026-11-24T12:00:00.000Z>", undefined],
      retried: [
        "row: ((select r.id from eventhub.dispatches r where r.retry_of = d.id limit 1) is not null) = <false>",
        undefined,
      ],
      overdue: [
        "row: (d.next_attempt_at < now() and exists (select from eventhub.overdue_dispatches o where o.dispatch_id = d.id offset 0)) = <true>",
        undefined,
      ],
      eventId: [`index: d.event_id = <${ID}>::uuid`, undefined],
      operationId: [`index: d.operation_id = <${ID}>::uuid`, undefined],
      ids: [`index: d.id = any(<{${ID},${ID}}>::uuid[])`, `index: e.id = any(<{${ID},${ID}}>::uuid[])`],
    });
    const { invalid, matched } = FILTERS;
    expect([told(invalid.events, false), told(matched.events, true)]).toEqual([
      "index: e.invalid is null",
      "row: (select m.id from eventhub.dispatches m where m.event_id = e.id limit 1) is not null",
    ]);
    expect(EVENT_FILTERS).toEqual([
      "since",
      "until",
      "idempotencyKey",
      "traceId",
      "payload",
      "invalid",
      "matched",
      "ids",
    ]);
  });

  test("is one union over its statuses, with indexed conditions in each branch and the others over its rows", () => {
    const options = { order: "newest", limit: 3, after: undefined } as const;
    const scanned = (where: string) =>
      `(select d.id, d.event_id, d.destination, d.status, d.order_key, d.held, d.route, d.flow_key, d.reason, d.resulted_at, d.next_attempt_at from eventhub.dispatches d where ${where} order by d.id desc limit <20000>)`;
    const statement = written(listDispatches({ status: ["failed", "lost"], route: "r", destination: "A" }, options));
    expect(statement).toContain(
      `${scanned("d.status = 'failed' and d.destination = <A>")} union all ${scanned("d.status = 'lost' and d.destination = <A>")}`,
    );
    expect(statement).toContain("from scanned d where d.route = <r> order by d.id desc limit <3>");
    const events = written(listEvents({ ids: [ID], payload: ALL.payload, routed: true }, options));
    expect(events).toContain(`where e.id = any(<{${ID}}>::uuid[]) and e.routed order by e.id desc limit <2000>`);
  });

  test("reads as many rows as requested if an index finds them, and otherwise a limited number", () => {
    const limits = DISPATCH_FILTERS.map((name) => [name, scanLimit({ [name]: ALL[name] }, 51)] as const);
    const byLimit = Map.groupBy(limits, ([, limit]) => limit);
    const names = (limit: number) => byLimit.get(limit)?.map(([name]) => name);
    expect(names(51)).toEqual([
      "since",
      "until",
      "idempotencyKey",
      "traceId",
      "status",
      "destination",
      "eventId",
      "operationId",
      "ids",
    ]);
    expect(names(MAX_SCAN_ROWS)).toEqual([
      ...[
        "invalid",
        "route",
        "key",
        "flowKey",
        "orderKey",
        "reason",
        "resultedSince",
        "resultedUntil",
        "retried",
        "overdue",
      ],
    ]);
    expect(names(MAX_SCAN_PAYLOADS)).toEqual(["payload"]);
    expect([MAX_SCAN_ROWS, MAX_SCAN_PAYLOADS]).toEqual([20_000, 2_000]);
    const ofEvents = [
      { ids: [ID] },
      { matched: false },
      { payload: ALL.payload },
      { matched: false, payload: ALL.payload },
    ];
    expect(ofEvents.map((filter) => eventScanLimit(filter, 51))).toEqual([51, 20_000, 2_000, 2_000]);
  });
});
