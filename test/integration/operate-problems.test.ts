import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { DispatchesDryRun } from "../../schema/contract/operations.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { listPaused } from "../../workers/hub/operator/destinations.ts";
import { pageOfDispatches } from "../../workers/hub/operator/lists.ts";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import { getTraffic } from "../../workers/hub/operator/traffic.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { failed, insertHistory, operatorOn, type Past } from "../support/history.ts";

const MINUTE = 60_000;
const START = Date.now();
/** The same instant each time, however much time passes between two calls. */
const ago = (minutes: number) => new Date(START - minutes * MINUTE);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const hub = () => openDatabase(database);
test("failures are grouped by destination, status and reason, whatever numbers and ids stand in it", async () => {
  const rows = await insertHistory(database, [
    failed("customer 17 is locked", ago(50)),
    failed("customer 9 is locked", ago(30)),
    failed("HTTP 503", ago(20)),
    failed("HTTP 503", ago(10.5)),
    failed("no such order 0199aaaa-0000-7000-8000-000000000001", ago(9)),
    failed("no such order 0199bbbb-0000-7000-8000-000000000002", ago(8)),
    failed("HTTP 503", ago(7), { destination: "MAIL" }),
    failed("no binding", ago(6), { status: "misconfigured" }),
    failed("HTTP 503", ago(90)),
    failed("fine", ago(5), { status: "complete" }),
  ]);
  const { failures, failed: total, exact } = await findProblems(hub(), { since: ago(60) });
  const told = failures.map(({ status, destination, reason, reasons, dispatches }) => [
    status,
    destination,
    reason,
    reasons,
    dispatches,
  ]);
  expect(told).toEqual([
    ["misconfigured", "BILLING", "no binding", 1, 1],
    ["failed", "MAIL", "HTTP 503", 1, 1],
    ["failed", "BILLING", "no such order 0199bbbb-0000-7000-8000-000000000002", 2, 2],
    ["failed", "BILLING", "HTTP 503", 1, 2],
    ["failed", "BILLING", "customer 9 is locked", 2, 2],
  ]);
  expect({ total, exact }).toEqual({ total: 8, exact: true });
  const [locked] = failures.slice(-1);
  expect(locked?.example).toBe(rows[1]?.id);
  expect([locked?.first, locked?.last]).toEqual([ago(50), ago(30)]);
});

test("what was retried is a problem no more", async () => {
  const [first] = await insertHistory(database, [failed("no", ago(5)), failed("no", ago(4))]);
  await retryDispatch(operatorOn(database), first?.id, {});
  expect((await findProblems(hub(), {})).failures).toMatchObject([{ dispatches: 1 }]);
  await retryDispatches(operatorOn(database), { destination: "BILLING" }, {});
  expect(await findProblems(hub(), {})).toMatchObject({ failures: [], failed: 0 });
});

test("what is overdue is told by destination and found by its filter, but not what a pause holds", async () => {
  const rows = await insertHistory(database, [
    { status: "ongoing", destination: "A", at: ago(30) },
    { status: "ongoing", destination: "A", at: ago(20) },
    { status: "ongoing", destination: "B", at: ago(10) },
    { status: "ongoing", destination: "HELD", at: ago(40) },
    { status: "ongoing", destination: "A", at: new Date() },
    { status: "complete", destination: "A", at: ago(30) },
  ]);
  await database.query("insert into eventhub.destinations (name, paused_at) values ('HELD', now())");
  // One of B is being called: its lease has not ended.
  await database.query("update eventhub.dispatches set lease_until = now() + interval '1 minute' where id = $1", [
    rows[2]?.id,
  ]);
  const { overdue } = await findProblems(hub(), {});
  expect(overdue).toEqual([{ destination: "A", dispatches: 2, oldest: expect.any(Date), example: rows[0]?.id }]);
  const ids = async (overdueOnly: boolean) =>
    (await pageOfDispatches(hub(), { status: "ongoing", overdue: overdueOnly }, { order: "oldest" })).items.map(
      ({ id }) => id,
    );
  expect(await ids(true)).toEqual([rows[0]?.id, rows[1]?.id]);
  expect(new Set(await ids(false))).toEqual(new Set([rows[3]?.id, rows[2]?.id, rows[4]?.id]));
});

test("what is paused or still drains is told with what it holds, the longest paused first", async () => {
  await insertHistory(database, [
    ...Array.from({ length: 3 }, (): Past => ({ status: "ongoing", destination: "HELD" })),
    { status: "complete", destination: "HELD" },
    { status: "ongoing", destination: "DRAINS" },
    { status: "ongoing", destination: "WORKS" },
  ]);
  await database.query(
    `insert into eventhub.destinations (name, paused_at, paused_by, pause_reason, drain_from) values
       ('BROKE', now(), 'breaker', 'HTTP 503', null), ('HELD', now() - interval '1 hour', 'operator', null, null),
       ('DRAINS', null, null, null, now()), ('WORKS', null, null, null, null)`,
  );
  const paused = { pausedAt: expect.any(Date), draining: false };
  expect(await listPaused(hub())).toEqual([
    { name: "HELD", ...paused, pausedBy: "operator", pauseReason: null, ongoing: 3 },
    { name: "BROKE", ...paused, pausedBy: "breaker", pauseReason: "HTTP 503", ongoing: 0 },
    { name: "DRAINS", pausedAt: null, pausedBy: null, pauseReason: null, draining: true, ongoing: 1 },
  ]);
});

test("traffic counts events and results, and measures latency, bucket by bucket", async () => {
  const since = new Date(Math.floor(ago(60).getTime() / MINUTE) * MINUTE);
  const inBucket = (n: number) => new Date(since.getTime() + n * 10 * MINUTE + MINUTE);
  await insertHistory(database, [
    ...Array.from(
      { length: 100 },
      (_, n): Past => ({ status: "complete", at: inBucket(1), resultedAt: new Date(inBucket(1).getTime() + n * 10) }),
    ),
    { status: "failed", at: inBucket(3), resultedAt: new Date(inBucket(3).getTime() + 5_000) },
    { status: "ignored", at: inBucket(4) },
    { status: "lost", at: inBucket(4) },
    { status: "misconfigured", at: inBucket(4) },
    { status: "cancelled", at: inBucket(4) },
    { status: "ongoing", at: inBucket(4) },
  ]);
  const { emitted, resulted, latency, ongoing, bucketSeconds } = await getTraffic(hub(), { since, bucket: 600 });
  expect(bucketSeconds).toBe(600);
  expect(emitted.slice(0, 6).map(({ events }) => events)).toEqual([0, 100, 0, 1, 5, 0]);
  expect(emitted[1]?.at).toEqual(new Date(since.getTime() + 10 * MINUTE));
  expect(resulted.slice(0, 6).map(({ delivered, failed }) => [delivered, failed])).toEqual([
    [0, 0],
    [100, 0],
    [0, 0],
    [0, 1],
    [1, 2],
    [0, 0],
  ]);
  expect(ongoing).toBe(1);
  expect(latency.map(({ at, sampled, p50Ms }) => [(at.getTime() - since.getTime()) / MINUTE, sampled, p50Ms])).toEqual([
    [10, expect.any(Number), expect.any(Number)],
    [30, 1, 5_000],
    [40, 2, 0],
  ]);
  // The sample is taken from the burst of one moment.
  expect(latency[0]?.sampled).toBeGreaterThanOrEqual(25);
  expect(latency[0]?.p99Ms).toBeLessThanOrEqual(1_000);
});

test("traffic of one destination counts its dispatches, and ends where it is told to", async () => {
  const since = new Date(Math.floor(ago(60).getTime() / MINUTE) * MINUTE);
  const inBucket = (n: number) => new Date(since.getTime() + n * 10 * MINUTE + MINUTE);
  await insertHistory(database, [
    { status: "complete", at: inBucket(1), destination: "OWN" },
    { status: "complete", at: inBucket(1), destination: "SINGLE", resultedAt: new Date(inBucket(1).getTime() + 9_000) },
    { status: "failed", at: inBucket(2), destination: "SINGLE" },
    { status: "complete", at: inBucket(4), destination: "SINGLE" },
    { status: "ongoing", at: inBucket(4), destination: "OWN" },
  ]);
  const until = new Date(since.getTime() + 30 * MINUTE);
  const { emitted, resulted, latency, ongoing } = await getTraffic(hub(), {
    since,
    until,
    bucket: 600,
    destination: "SINGLE",
  });
  expect(emitted.map(({ events }) => events)).toEqual([0, 1, 1]);
  expect(resulted.map(({ delivered, failed }) => [delivered, failed])).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
  ]);
  expect(latency.map(({ p99Ms }) => p99Ms)).toEqual([9_000, 0]);
  expect(ongoing).toBe(0);
  await expect(getTraffic(hub(), { since: new Date(0), until: new Date(60_000), bucket: 60 })).resolves.toMatchObject({
    emitted: [{ events: 0 }],
  });
});

test("a dry run counts beyond what one statement looks at", async () => {
  await database.query(
    `with e as (insert into eventhub.events (id, payload, payload_bytes) select eventhub.new_id(), '{}', 2 from generate_series(1, 1) returning id)
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, next_attempt_at, resulted_at)
     select eventhub.new_id(), e.id, case when n % 2 = 0 then 'A' else 'B' end, 'r', 0, '{"type":"constant","interval":0}', 30, 'failed', now(), now()
     from e, generate_series(1, 20001) n`,
  );
  const dry = async (options: object) =>
    (await retryDispatches(operatorOn(database), { route: "r" }, { dryRun: true, ...options })) as DispatchesDryRun;
  expect(await dry({})).toEqual({
    exact: true,
    limited: false,
    dispatches: 20_001,
    skipped: 0,
    groups: [
      { destination: "A", status: "failed", dispatches: 10_000 },
      { destination: "B", status: "failed", dispatches: 10_001 },
    ],
    outOfOrder: 0,
  });
  expect(await dry({ limit: 20_001 })).toMatchObject({ exact: true, limited: true, dispatches: 20_001 });
  expect(await dry({ limit: 20_002 })).toMatchObject({ exact: true, limited: false, dispatches: 20_001 });
  expect(await findProblems(hub(), {})).toMatchObject({ exact: false, failed: 20_000 });
});
