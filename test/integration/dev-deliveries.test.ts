import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { followDeliveries } from "../../infra/cli/dev/deliveries.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { MAX_TAIL_ITEMS } from "../../schema/vocabulary/operator-limits.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());

interface Group {
  destination: string;
  status: string;
  attempts: number;
  count?: number;
  /** The time of the last attempt and of the result. */
  ago?: string;
}

/** Commits dispatches together with their attempts. */
const insert = (...groups: Group[]) =>
  database.query(
    `with wanted as (
       select gen_random_uuid() as event, gen_random_uuid() as id, now() - coalesce(ago, '0 s')::interval as at, destination, status, attempts
       from jsonb_to_recordset($1) as one (destination text, status text, attempts int, count int, ago text)
       cross join lateral generate_series(1, coalesce(count, 1))
     ), event as (
       insert into eventhub.events (id, payload, payload_bytes, routed) select event, '{"kind": "order.paid"}', 22, true from wanted
     ), dispatch as (
       insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at,
                                        status, attempts, created_at, resulted_at)
       select id, event, destination, 'one', 5, '{"type": "constant", "interval": 5}', 30, now(), status, attempts, at,
              case when status <> 'ongoing' then at end from wanted
     )
     insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
     select id, n, case when status <> 'ongoing' and n = attempts then status else 'failed' end, 'instance', at, at
     from wanted cross join lateral generate_series(1, attempts) n`,
    [JSON.stringify(groups)],
  );

beforeEach(() => database.clear());

test("each delivery and each attempt is shown once, and nothing from before the start", async () => {
  await insert(
    { destination: "BEFORE", status: "complete", attempts: 1 },
    { destination: "BEFORE", status: "ongoing", attempts: 1 },
  );
  const told: string[] = [];
  const deliveries = await followDeliveries(openDatabase(database), (line) =>
    told.push(stripVTControlCharacters(line)),
  );
  await insert({ destination: "BILLING", status: "complete", attempts: 2 });
  await deliveries.look();
  await insert(
    { destination: "BILLING", status: "ongoing", attempts: 1 },
    { destination: "BILLING", status: "ongoing", attempts: 0 },
  );
  await deliveries.look();
  await deliveries.stop();
  expect(told).toEqual([
    "order.paid → BILLING attempt 1 failed",
    "order.paid → BILLING complete 0 ms, 2 attempts",
    "order.paid → BILLING attempt 1 failed",
  ]);
});

test("an attempt of a dispatch that waited long is told, however many others wait", async () => {
  await insert({ destination: "WAITING", status: "ongoing", attempts: 1, count: MAX_TAIL_ITEMS * 2, ago: "1 hour" });
  const told: string[] = [];
  const deliveries = await followDeliveries(openDatabase(database), (line) =>
    told.push(stripVTControlCharacters(line)),
  );
  await database.query(
    `with next as (
       update eventhub.dispatches set attempts = 2, reason = 'HTTP 503'
       where id = (select id from eventhub.dispatches where destination = 'WAITING' limit 1) returning id
     )
     insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     select id, 2, 'failed', 'HTTP 503', 'instance', now(), now() from next`,
  );
  await deliveries.look();
  await deliveries.stop();
  expect(told).toEqual(["order.paid → WAITING attempt 2 failed: HTTP 503"]);
});

test("if there is more than can be shown, the newest are shown once, with the number of the others", async () => {
  const told: string[] = [];
  const deliveries = await followDeliveries(openDatabase(database), (line) =>
    told.push(stripVTControlCharacters(line)),
  );
  // Their times are after each look, however long it takes to insert them.
  await insert(
    { destination: "OLDER", status: "lost", attempts: 0, count: MAX_TAIL_ITEMS, ago: "-60 s" },
    { destination: "NEWER", status: "lost", attempts: 0, count: MAX_TAIL_ITEMS, ago: "-61 s" },
  );
  await deliveries.look();
  await deliveries.look();
  await deliveries.stop();
  // Counts the events as well, which their dispatches stand for.
  expect(told[0]).toMatch(/^\d{4} more happened that are not shown$/);
  expect(told.filter((line) => line.includes("→"))).toEqual(Array(MAX_TAIL_ITEMS).fill("order.paid → NEWER lost 0 ms"));
});
