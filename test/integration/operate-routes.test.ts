import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import { MAX_ROUTE_SAMPLE } from "../../schema/queries/destinations/read-route-health.ts";
import { ROUTE_SLOT_ROWS } from "../../schema/queries/dispatches/estimate-route-traffic.ts";
import { LATENCY_BANDS_MS } from "../../schema/vocabulary/heat-map-bands.ts";
import { getRouteHealth } from "../../workers/hub/operator/route-health.ts";
import { getTraffic } from "../../workers/hub/operator/traffic.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, type Past } from "../support/history.ts";

const MINUTE = 60_000;
/** A whole minute, two hours ago. */
const SINCE = new Date(Math.floor(Date.now() / MINUTE) * MINUTE - 120 * MINUTE);
const BUCKET_SECONDS = 600;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

/** This many dispatches, spread evenly over a bucket. */
const spread = (count: number, bucket: number, rest: Partial<Past> = {}): Past[] =>
  Array.from({ length: count }, (_, n) => {
    const start = SINCE.getTime() + bucket * BUCKET_SECONDS * 1_000;
    return { status: "complete", at: new Date(start + Math.floor((n * BUCKET_SECONDS * 1_000) / count)), ...rest };
  });

const traffic = (more: object) => getTraffic(openDatabase(database), { since: SINCE, bucket: BUCKET_SECONDS, ...more });
const health = (options = {}) => getRouteHealth(openDatabase(database), options);
const paid = { destination: "SCRIPTED", route: "paid" };
const other = { destination: "SCRIPTED", route: "other" };

test("traffic of a route is of its own dispatches, and exact as long as all are looked at", async () => {
  await insertHistory(database, [
    ...spread(30, 1, paid),
    ...spread(40, 1, other),
    ...spread(2, 1, { ...paid, status: "failed" }),
    ...spread(3, 1, { ...paid, status: "cancelled" }),
    ...spread(5, 2, { ...other, status: "failed" }),
    ...spread(4, 2, { ...paid, status: "ongoing" }),
    ...spread(9, 2, { ...paid, destination: "SINGLE" }),
  ]);
  const { emitted, resulted, latency, ongoing, estimated } = await traffic(paid);
  expect(emitted.slice(0, 4).map(({ events }) => events)).toEqual([0, 35, 4, 0]);
  expect(resulted.slice(0, 4).map(({ delivered, failed }) => [delivered, failed])).toEqual([
    [0, 0],
    [30, 2],
    [0, 0],
    [0, 0],
  ]);
  expect(latency.map(({ sampled }) => sampled)).toEqual([32]);
  expect({ ongoing, estimated }).toEqual({ ongoing: 4, estimated: false });
});

test("where there is much, it is reckoned up from a part of each slot of time, and says so", async () => {
  // Three of four belong to the route, and there are twelve times as many as are looked at.
  const total = 12 * ROUTE_SLOT_ROWS * 20;
  await insertHistory(
    database,
    spread(total, 1, paid).map((one, n) => (n % 4 === 0 ? { ...one, route: "other" } : one)),
  );
  const { emitted, resulted, estimated } = await traffic(paid);
  expect(estimated).toBe(true);
  for (const told of [emitted[1]?.events ?? 0, resulted[1]?.delivered ?? 0]) {
    expect(told).toBeGreaterThan(0.7 * total);
    expect(told).toBeLessThan(0.8 * total);
  }
});

test("a route is asked for beside its destination", async () => {
  await expect(traffic({ route: "paid" })).rejects.toThrow(
    "[invalid_arguments] options.route: wants its destination beside it",
  );
});

test("latency says how many took how long, by bands that begin at round lengths", async () => {
  const at = new Date(SINCE.getTime() + MINUTE);
  const took = [0, 1, 9, 12, 19, 20, 999, 1_000, 90_000, 3 * 86_400_000];
  await insertHistory(
    database,
    took.map((ms): Past => ({ status: "complete", at: new Date(at.getTime() - ms), resultedAt: at })),
  );
  const { latency } = await traffic({});
  const [{ bands = [] } = {}] = latency;
  const told = bands.flatMap((n, band) => (n === 0 ? [] : [[LATENCY_BANDS_MS[band], n]]));
  expect(told).toEqual([
    [0, 1],
    [1, 1],
    [5, 1],
    [10, 2],
    [20, 1],
    [500, 1],
    [1_000, 1],
    [60_000, 1],
    [86_400_000, 1],
  ]);
});

test("each route's last day is told: results, success and percentiles, of all destinations or of one", async () => {
  const slow = (at: Date) => ({ at, resultedAt: new Date(at.getTime() + 4_000) });
  await insertHistory(database, [
    ...spread(95, 1, paid).map((one) => ({ ...one, ...slow(one.at as Date) })),
    ...spread(5, 1, { ...paid, status: "failed" }),
    ...spread(7, 1, { ...paid, status: "cancelled" }),
    ...spread(10, 1, { ...other, status: "ignored" }),
    ...spread(3, 1, { destination: "SINGLE", route: "single", status: "lost" }),
    { ...paid, status: "complete", at: new Date(Date.now() - 30 * 60 * MINUTE) },
    { ...paid, status: "ongoing" },
  ]);
  const none = { p50Ms: null, p95Ms: null, p99Ms: null };
  const single = {
    route: "single",
    destination: "SINGLE",
    results: 3,
    successRate: 0,
    ...none,
    sampled: 3,
    exact: true,
  };
  expect(await health()).toEqual(
    [
      { ...other, results: 10, successRate: 1, p50Ms: 0, p95Ms: 0, p99Ms: 0, sampled: 10, exact: true },
      { ...paid, results: 100, successRate: 0.95, p50Ms: 4_000, p95Ms: 4_000, p99Ms: 4_000, sampled: 100, exact: true },
      single,
    ].toSorted((a, b) => a.destination.localeCompare(b.destination)),
  );
  expect(await health({ destination: "SINGLE" })).toEqual([single]);
});

test("beyond a sample a route's results are about its share of what its destination had", async () => {
  const total = 3 * MAX_ROUTE_SAMPLE;
  await insertHistory(
    database,
    spread(total, 1, paid).map((one, n) => (n % 3 === 0 ? { ...one, route: "other", status: "failed" } : one)),
  );
  const [second, first] = await health();
  expect([first?.route, first?.exact, first?.successRate]).toEqual(["paid", false, 1]);
  expect([second?.route, second?.successRate]).toEqual(["other", 0]);
  expect((first?.sampled ?? 0) + (second?.sampled ?? 0)).toBeLessThan(1.2 * MAX_ROUTE_SAMPLE);
  expect((first?.results ?? 0) + (second?.results ?? 0)).toBe(total);
  expect(first?.results).toBeGreaterThan(0.6 * total);
  expect(first?.results).toBeLessThan(0.73 * total);
});
