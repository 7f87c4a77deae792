import { randomUUID } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPaused } from "../../schema/queries/destinations/read-destinations.ts";
import { findOverdueOwned } from "../../schema/queries/dispatches/find-overdue-owned.ts";
import { listDispatches } from "../../schema/queries/dispatches/list-dispatches.ts";
import { groupOverdue } from "../../schema/queries/dispatches/list-problems.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { readAncestors, readCaused } from "../../schema/queries/events/read-related-events.ts";
import { storeEvents } from "../../schema/queries/events/store-events.ts";
import type { CheckedDispatchFilter } from "../../schema/vocabulary/filters.ts";
import { claimOf } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { completed } from "../support/rows.ts";

let database: TestDatabase;
let ids: string[];

// A burst as it stands before anything was analysed: the planner knows neither how many rows there are nor that all of them are ongoing.
beforeAll(async () => {
  database = await createDatabase();
  const rows = await database.query<{ id: string }>(`
    with event as (
      insert into eventhub.events (id, payload, payload_bytes) select gen_random_uuid(), '{}', 2 from generate_series(1, 5000) returning id
    )
    insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
    select gen_random_uuid(), id, 'ONE', 'one', 5, '{"type": "constant", "interval": 5}', 30, now() from event
    returning id`);
  ids = rows.slice(0, 16).map(({ id }) => id);
});
afterAll(() => database?.drop());

interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  Plans?: Plan[];
}

/** How a statement reads its tables: `table by index`, or the kind of scan. Sorted, each once. */
async function reads(statement: SQL<unknown>): Promise<string[]> {
  const { sql, params } = new PgDialect().sqlToQuery(statement);
  const [row] = await database.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`explain (format json) ${sql}`, params);
  return row === undefined ? [] : [...new Set(scans(row["QUERY PLAN"][0].Plan))].sort();
}

function scans(plan: Plan, around?: string): string[] {
  const { "Node Type": type, "Relation Name": table = around, Plans = [] } = plan;
  const below = Plans.flatMap((one) => scans(one, type === "Bitmap Heap Scan" ? table : undefined));
  // Of a bitmap the part below names the index.
  if (!type.includes("Scan") || table === undefined || type === "Bitmap Heap Scan") return below;
  return [`${table} by ${plan["Index Name"] ?? type}`, ...below];
}

test("a claim reads its own dispatches by their keys, however many are ongoing", async () => {
  expect(await reads(claimOf(ids))).toEqual(["dispatches by dispatches_pkey", "events by events_pkey"]);
});

test("recording reads its own dispatches by their keys, however many are ongoing", async () => {
  const records = ids.map((id) => completed(id, randomUUID()));
  expect(await reads(recordExecutions(records, "i"))).toEqual(["dispatches by dispatches_pkey"]);
});

test("storing an event does not read those that are stored, to say whether some wait that were written in SQL", async () => {
  const event = {
    id: randomUUID(),
    payloadJson: "{}",
    payloadBytes: 2,
    hops: 0,
    cloudEvent: false,
    idempotencyIndex: 0,
  };
  const statement = storeEvents(
    [{ ...event, idempotencyKey: undefined, traceparent: undefined, causedBy: undefined }],
    [],
  );
  expect(await reads(statement)).toEqual(["events by events_unrouted"]);
});

test("what an event has caused, and what led to it, is found without reading the others", async () => {
  expect(await reads(readCaused(randomUUID(), 100))).toEqual(["events by events_caused_by"]);
  expect(await reads(readAncestors(randomUUID(), 8))).toEqual(["events by events_pkey"]);
});

/** What says whether somebody looks after what waits in an order. */
const OF_AN_ORDER = ["order_head", "order_held", "retry_of"].map((index) => `dispatches by dispatches_${index}`);

/** By the index of what is ongoing, destination by destination, and by keys: what a pause holds is passed over. */
async function lateIsFoundByDestination(): Promise<void> {
  const late = { graceSeconds: 60, limit: 1_000 };
  const found = ["dispatches by dispatches_ongoing", "dispatches by dispatches_pkey"];
  const waysTo = async (statement: SQL<unknown>) =>
    (await reads(statement)).filter((way) => way.startsWith("dispatches"));
  for (const statement of [requeueUnclaimed(late), findOverdueOwned(late)])
    expect(await waysTo(statement)).toEqual(found);
  for (const statement of [groupOverdue(), groupOverdue("ONE")]) {
    expect(await waysTo(statement)).toEqual(
      ["dispatches by dispatches_flow_waiting", ...found, ...OF_AN_ORDER].toSorted(),
    );
  }
}

test("what is late is looked for destination by destination, however many are ongoing", lateIsFoundByDestination);

describe("in a hub that has been at work for long", () => {
  beforeAll(async () => {
    await database.query(`
      insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, next_attempt_at, resulted_at)
      select eventhub.new_id(), event.id, 'D' || n % 10, 'one', 5, '{"type": "constant", "interval": 5}', 30, 'complete', now(), now()
      from generate_series(1, 50000) n, (select id from eventhub.events limit 1) event`);
    await database.query("analyze eventhub.dispatches");
  });

  test("what pauses hold is counted without reading what has ended", async () => {
    expect(await reads(readPaused())).toEqual(["destinations by Seq Scan", "dispatches by dispatches_ongoing"]);
  });

  test("what is late is looked for destination by destination, however many have ended", lateIsFoundByDestination);

  test("what is overdue is looked for among what is ongoing", async () => {
    const options = { order: "oldest", limit: 51, after: undefined } as const;
    // Beside these the keys, destinations and flights of limits, which are empty here.
    const overdue = async (filter: CheckedDispatchFilter) =>
      (await reads(listDispatches({ overdue: true, ...filter }, options))).filter((way) => way.startsWith("d"));
    const found = ["ongoing", "status_id", "pkey"].map((index) => `dispatches by dispatches_${index}`);
    const expected = ["destinations by destinations_pkey", ...found, ...OF_AN_ORDER].toSorted();
    expect(await overdue({ status: ["ongoing"] })).toEqual(expected);
    expect(await overdue({ status: ["ongoing"], destination: "ONE" })).toEqual(expected);
  });
});
