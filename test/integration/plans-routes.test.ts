import type { SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRouteHealth } from "../../schema/queries/destinations/read-route-health.ts";
import { sampleLatency } from "../../schema/queries/dispatches/count-traffic.ts";
import {
  estimateDispatched,
  estimateOngoing,
  estimateOutcomes,
} from "../../schema/queries/dispatches/estimate-route-traffic.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { planOf, readsOf } from "../support/query-plans.ts";

/** How figures of routes, for which there is no index, are read in a history of ten days. */

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(`
    with event as (
      insert into eventhub.events (id, payload, payload_bytes) values (eventhub.new_id(), '{}', 2) returning id
    )
    insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at, status, created_at, resulted_at, attempts)
    select eventhub.uuid_at(now() - make_interval(secs => n * 15)), event.id, 'D' || n % 3, 'r' || n % 7, 5, '{"type": "constant", "interval": 5}', 30,
      now() - make_interval(secs => n * 15), case when n % 50 = 0 then 'ongoing' else 'complete' end, now() - make_interval(secs => n * 15),
      case when n % 50 <> 0 then now() - make_interval(secs => n * 15) end, 1
    from event, generate_series(1, 57600) n`);
  await database.vacuum("dispatches");
});
afterAll(() => database?.drop());

const RANGE = {
  since: new Date(Date.now() - 3_600_000),
  until: undefined,
  bucketSeconds: 60,
  destination: "D1",
  route: "r1",
};
const reads = (statement: SQL<unknown>) => readsOf(database, statement);

test("traffic of a route is read by what its destination had in that time", async () => {
  const byTime = ["dispatches by dispatches_resulted"];
  expect(await reads(estimateOutcomes(RANGE))).toEqual(byTime);
  expect(await reads(sampleLatency(RANGE))).toEqual(byTime);
  // A third of all dispatches go to the destination, so they are found by their time alone.
  expect(["dispatches by dispatches_destination", "dispatches by dispatches_pkey"]).toEqual(
    expect.arrayContaining(await reads(estimateDispatched(RANGE))),
  );
  expect(await reads(estimateOngoing(RANGE))).toEqual(["dispatches by dispatches_ongoing"]);
});

test("how routes did is read by what resulted within the day", async () => {
  for (const statement of [readRouteHealth(), readRouteHealth("D1")])
    expect(await reads(statement)).toEqual(["dispatches by dispatches_resulted"]);
});

test("of a month so much is looked at that it does not grow with the history", async () => {
  const month = { ...RANGE, since: new Date(Date.now() - 30 * 86_400_000), bucketSeconds: 86_400 };
  const plan = await planOf(database, estimateOutcomes(month), "analyze", "buffers");
  // Ten days with 20 slots of 50 rows each; the others are counted with only the index.
  expect((plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0)).toBeLessThan(20_000);
});
