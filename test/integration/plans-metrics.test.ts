import type { SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStates } from "../../schema/queries/destinations/read-states.ts";
import { countOn } from "../../schema/queries/metrics/count-on.ts";
import { readGauges } from "../../schema/queries/metrics/read-gauges.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { readsOf } from "../support/query-plans.ts";

/** How the statements of the metrics read a history of which nearly everything has been counted. */

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await database.query(`
    with event as (
      insert into eventhub.events (id, payload, payload_bytes, created_at)
      select eventhub.uuid_at(now() - make_interval(secs => n)), '{}', 2, now() - make_interval(secs => n) from generate_series(1, 20000) n returning id, created_at
    ), dispatch as (
      insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at, status, created_at, resulted_at, attempts)
      select id, id, 'ONE', 'one', 5, '{"type": "constant", "interval": 5}', 30, created_at,
        case when extract(epoch from created_at)::int % 40 = 0 then 'ongoing' else 'complete' end, created_at,
        case when extract(epoch from created_at)::int % 40 <> 0 then created_at end, 1 from event returning id, resulted_at
    )
    insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
    select id, 1, 'complete', 'i', resulted_at, resulted_at from dispatch where resulted_at is not null`);
  await database.query(
    "update eventhub.dispatches set status = 'failed', held = true, flow_key = '', order_key = 'a', seq = 1 where id in (select id from eventhub.dispatches where status = 'complete' limit 20)",
  );
  await database.query("analyze");
});
afterAll(() => database?.drop());

/** The tables that a statement reads completely, without the small ones of the metrics. */
const readWhole = async (statement: SQL<unknown>) =>
  (await readsOf(database, statement)).filter((way) => /^(events|dispatches|executions) by Seq Scan$/.test(way));

test("counting on reads by indexes what came since, and nothing of what was counted", async () => {
  expect(await readWhole(countOn())).toEqual([]);
});

test("the gauges are read by indexes of what is ongoing, waits and is held", async () => {
  expect(await readWhole(readGauges())).toEqual([]);
});

test("the states of destinations are judged by the index of results alone", async () => {
  await database.vacuum("dispatches");
  const ways = (await readsOf(database, readStates())).filter((way) => way.startsWith("dispatches"));
  expect(ways).toEqual(["dispatches by dispatches_resulted"]);
});
