import { randomUUID } from "node:crypto";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { indexNameOf } from "../../infra/cli/migrate/payload-indexes.ts";
import { readPaused } from "../../schema/queries/destinations/read-destinations.ts";
import { findToRescue } from "../../schema/queries/dispatches/find-to-rescue.ts";
import { listDispatches } from "../../schema/queries/dispatches/list-dispatches.ts";
import { groupFailures, groupOverdue } from "../../schema/queries/dispatches/list-problems.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { countByValue } from "../../schema/queries/events/count-by-value.ts";
import { findByValues } from "../../schema/queries/events/find-by-values.ts";
import { findEventsByKeys } from "../../schema/queries/events/find-events-by-keys.ts";
import { listEvents } from "../../schema/queries/events/list-events.ts";
import { MAX_SCANNED_EVENTS, readRecentEvents } from "../../schema/queries/events/read-recent-events.ts";
import { readAncestors, readCaused } from "../../schema/queries/events/read-related-events.ts";
import { storeEvents } from "../../schema/queries/events/store-events.ts";
import { listOutcomes, readOutcome } from "../../schema/queries/operations/read-outcomes.ts";
import type { CheckedDispatchFilter } from "../../schema/vocabulary/filters.ts";
import { claimOf } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { completed } from "../support/dispatch-rows.ts";
import { nodesOf, planOf, readsOf } from "../support/query-plans.ts";

let database: TestDatabase;
let ids: string[];

// A burst before anything was analysed: the planner knows neither how many rows there are nor that all of them are ongoing.
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

const reads = (statement: SQL<unknown>) => readsOf(database, statement);

test("a claim reads its own dispatches by their keys, however many are ongoing", async () => {
  expect(await reads(claimOf(ids))).toEqual(["dispatches by dispatches_pkey", "events by events_pkey"]);
});

test("recording reads its own dispatches by their keys, however many are ongoing", async () => {
  const records = ids.map((id) => completed(id, randomUUID()));
  expect(await reads(recordExecutions(records, "i"))).toEqual(["dispatches by dispatches_pkey"]);
});

/** Stores one event, and checks from an id on whether events that were written in SQL wait. */
const storeOne = (unroutedFrom?: string) => {
  const event = {
    id: randomUUID(),
    payloadJson: "{}",
    payloadBytes: 2,
    hops: 0,
    cloudEvent: false,
    idempotencyIndex: 0,
  };
  return storeEvents([{ ...event, idempotencyKey: undefined, causedBy: undefined }], [], unroutedFrom);
};

test("events are found by the keys of a call through the index of those that have one", async () => {
  expect(await reads(findEventsByKeys(["a", "b"]))).toContain("events by events_key");
});

test("storing an event does not read those that are stored, to say whether some wait that were written in SQL", async () => {
  expect(await reads(storeOne())).toEqual(["events by events_unrouted"]);
});

test("storing an event passes over none that were routed before, though no vacuum has been there", async () => {
  await database.query(`insert into eventhub.events (id, payload, payload_bytes, routed)
    select eventhub.new_id(), '{"load": true}', 14, false from generate_series(1, 20000)`);
  await database.query("update eventhub.events set routed = true where not routed");
  const [newest] = await database.query<{ id: string }>(
    `select id from eventhub.events where payload = '{"load": true}' order by id desc limit 1`,
  );
  const blocks = async (from?: string) =>
    (await planOf(database, storeOne(from), "analyze", "buffers"))["Shared Hit Blocks"];
  expect(await blocks(newest?.id)).toBeLessThan(200);
  // A look from the beginning, which an isolate makes once per minute, reads each of them.
  expect(await blocks()).toBeGreaterThan(1_000);
  await database.query(`delete from eventhub.events where payload = '{"load": true}'`);
});

test("a page of producers' events passes over a bounded number of the hub's own, and none beyond its last event", async () => {
  await database.query(`insert into eventhub.events (id, payload, payload_bytes, own)
    select eventhub.new_id(), '{"load": true}', 14, true from generate_series(1, ${2 * MAX_SCANNED_EVENTS})`);
  const scanned = async (before?: string) => {
    const plan = await planOf(database, readRecentEvents({ before, limit: 100, producers: true }), "analyze");
    const scans = nodesOf(plan).filter((node) => node["Relation Name"] === "events");
    return scans.map((scan) => [scan["Index Name"], scan["Actual Rows"]]);
  };
  // The other events have random ids, nearly all of them later than the hub's.
  const [newest] = await database.query<{ id: string }>(
    `select id from eventhub.events where payload = '{"load": true}' order by id desc limit 1`,
  );
  expect(await scanned(newest?.id)).toEqual([["events_pkey", MAX_SCANNED_EVENTS]]);
  expect(await scanned()).toEqual([["events_pkey", 100]]);
  await database.query(`delete from eventhub.events where payload = '{"load": true}'`);
});

test("what was emitted in a trace is found without reading what was not", async () => {
  const options = { order: "newest", limit: 51, after: undefined } as const;
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  expect(await reads(listEvents({ traceId }, options))).toContain("events by events_trace");
  expect(await reads(listDispatches({ traceId }, options))).toContain("events by events_trace");
});

test("what an event has caused, and what led to it, is found without reading the others", async () => {
  expect(await reads(readCaused(randomUUID(), 100))).toEqual(["events by events_caused_by"]);
  expect(await reads(readAncestors(randomUUID(), 8))).toEqual(["events by events_pkey"]);
});

/** The indexes that tell whether somebody looks after what waits in an order. */
const OF_AN_ORDER = ["order_head", "order_held", "retry_of"].map((index) => `dispatches by dispatches_${index}`);

/** By the index of ongoing dispatches, destination by destination, and by keys: what a pause holds is skipped. */
async function lateIsFoundByDestination(): Promise<void> {
  const late = { graceSeconds: 60, limit: 1_000 };
  const found = ["dispatches by dispatches_ongoing", "dispatches by dispatches_pkey"];
  const waysTo = async (statement: SQL<unknown>) =>
    (await reads(statement)).filter((way) => way.startsWith("dispatches"));
  for (const statement of [requeueUnclaimed(late), findToRescue(late)]) expect(await waysTo(statement)).toEqual(found);
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

  test("incidents are looked for among what failed, and each destination's newest", async () => {
    const statements = [groupFailures(new Date(Date.now() - 86_400_000)), sql`select * from eventhub.incidents`];
    const ways = ["destination", "pkey", "retry_of", "unhappy"].map((index) => `dispatches by dispatches_${index}`);
    for (const statement of statements)
      expect((await reads(statement)).filter((way) => way.startsWith("dispatches"))).toEqual(ways);
  });

  test("what came of operations is counted by their own dispatches", async () => {
    const ways = ["dispatches by dispatches_operation_id", "dispatches by dispatches_retry_of"];
    const list = listOutcomes(100);
    const view = sql`select * from eventhub.operation_outcomes order by operation_id desc limit 20`;
    for (const statement of [list, view, readOutcome(randomUUID())])
      expect((await reads(statement)).filter((way) => way.startsWith("dispatches"))).toEqual(ways);
  });

  test("what is overdue is looked for among what is ongoing", async () => {
    const options = { order: "oldest", limit: 51, after: undefined } as const;
    // It also reads the keys, destinations and flights of limits, which are empty here.
    const overdue = async (filter: CheckedDispatchFilter) =>
      (await reads(listDispatches({ overdue: true, ...filter }, options))).filter((way) => way.startsWith("d"));
    const found = ["ongoing", "status_id", "pkey"].map((index) => `dispatches by dispatches_${index}`);
    const expected = ["destinations by destinations_pkey", ...found, ...OF_AN_ORDER].toSorted();
    expect(await overdue({ status: ["ongoing"] })).toEqual(expected);
    expect(await overdue({ status: ["ongoing"], destination: "ONE" })).toEqual(expected);
  });

  describe("and has many events", () => {
    const PATH = "$.order.id";
    const sought = { path: "$['order'].id", equals: 17 } as const;
    const payload = { ...sought, indexed: true } as const;
    const page = { order: "newest", limit: 51, after: undefined } as const;
    const byValue = `events by ${indexNameOf(PATH)}`;

    beforeAll(async () => {
      await database.query(`
        insert into eventhub.events (id, payload, payload_bytes)
        select eventhub.new_id(), jsonb_build_object('order', jsonb_build_object('id', n), 'kind', 'k', 'note', repeat(md5(n::text), 40)), 1400
        from generate_series(1, 50000) n`);
      await database.query(`
        insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, next_attempt_at, resulted_at)
        select eventhub.new_id(), e.id, 'D1', 'one', 5, '{"type": "constant", "interval": 5}', 30, 'complete', now(), now()
        from eventhub.events e where e.payload ? 'order'`);
      await database.query("analyze eventhub.dispatches");
      await migrate(database.url, { indexes: { paths: [PATH], dropOthers: false } });
    });

    test("a value at a path that has an index is found by it, of events and of dispatches, however the path is written", async () => {
      const events = await reads(listEvents({ payload }, page));
      expect(events).toEqual(["dispatches by dispatches_event_id", byValue, "events by events_pkey"]);
      const since = new Date(Date.now() - 3_600_000);
      expect(await reads(listEvents({ payload, since }, page))).toEqual(events);
      const dispatches = [
        "dispatches by dispatches_event_id",
        "dispatches by dispatches_pkey",
        byValue,
        "events by events_pkey",
      ];
      expect(await reads(listDispatches({ payload }, page))).toEqual(dispatches);
      // It may also use the destination's index.
      expect(await reads(listDispatches({ payload, destination: "D1" }, page))).toEqual(
        expect.arrayContaining(dispatches),
      );
      expect(await reads(countByValue(payload, 10_001))).toEqual([byValue]);
      expect(await reads(findByValues(PATH, [17, "17"], 11))).toEqual([byValue]);
    });

    test("of a value that all events have, the newest are found by the index, too", async () => {
      await migrate(database.url, { indexes: { paths: [PATH, "$.kind"], dropOthers: false } });
      const all = { path: "$.kind", equals: "k", indexed: true } as const;
      const found = await reads(listEvents({ payload: all }, page));
      expect(found).toContain(`events by ${indexNameOf("$.kind")}`);
      expect(found).not.toContain("events by Seq Scan");
    });

    test("payloads that no index finds are read in the order of the ids, however many at once", async () => {
      const looking = { ...page, look: 10_000 };
      expect(await reads(listEvents({ payload: sought }, looking))).toEqual([
        "dispatches by dispatches_event_id",
        "events by events_pkey",
      ]);
      const dispatches = await reads(listDispatches({ payload: sought }, looking));
      expect(dispatches).toEqual(["dispatches by dispatches_pkey", "events by events_pkey"]);
    });

    test("nor are routes, reasons, retries and matches looked for among all at once", async () => {
      const looking = { ...page, look: 10_000 };
      const inOrder = ["dispatches by dispatches_pkey"];
      expect(await reads(listDispatches({ route: "nowhere" }, looking))).toEqual(inOrder);
      expect(await reads(listDispatches({ reason: "nowhere" }, looking))).toEqual(inOrder);
      expect(await reads(listDispatches({ retried: true }, looking))).toEqual([
        ...inOrder,
        "dispatches by dispatches_retry_of",
      ]);
      expect(await reads(listEvents({ matched: false }, looking))).toEqual([
        "dispatches by dispatches_event_id",
        "events by events_pkey",
      ]);
    });
  });
});
