import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type DestinationState, MAX_HEALTH_SAMPLE } from "../../schema/contract/operator.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { getDestination, listDestinations } from "../../workers/hub/operator/destinations.ts";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn, type Past } from "../support/history.ts";

const MINUTE = 60_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const config = () => operatorOn(database).routes().config;
const one = (name: string) => getDestination(operatorOn(database), config(), name);
const all = () => listDestinations(openDatabase(database), config());

/** Results of one destination over some minutes, of which the n-th took n milliseconds. */
const results = (count: number, agoMinutes: number, more: Partial<Past> = {}): Past[] =>
  Array.from({ length: count }, (_, n) => {
    const at = Date.now() - agoMinutes * MINUTE + n * 101;
    return { status: "complete", at: new Date(at), resultedAt: new Date(at + n + 1), ...more };
  });

/** What the view says, in the words of the list. */
async function viewed(name: string): Promise<Pick<DestinationState, "hour" | "day">> {
  const rows = await database.query<Record<string, string> & { period: "hour" | "day" }>(
    "select * from eventhub.destination_health where destination = $1",
    [name],
  );
  const of = (period: "hour" | "day") => {
    const row = rows.find((found) => found.period === period);
    const number = (column: string) => (row?.[column] == null ? null : Number(row[column]));
    const statuses = ["complete", "ignored", "failed", "misconfigured", "lost", "cancelled"].map((status) => [
      status,
      number(status) ?? 0,
    ]);
    return {
      successRate: number("success_rate"),
      statuses: Object.fromEntries(statuses),
      p50Ms: number("p50_ms"),
      p95Ms: number("p95_ms"),
      p99Ms: number("p99_ms"),
    };
  };
  return { hour: of("hour"), day: of("day") };
}

test("a destination's health is what the view says, to the last number, up to as many results as are looked at", async () => {
  await insertHistory(database, [
    ...results(MAX_HEALTH_SAMPLE - 3, 300),
    ...results(3, 30, { status: "failed" }),
    ...results(2, 30, { status: "cancelled" }),
    ...results(1, 30, { status: "lost" }),
    ...results(1, 1_500),
    ...results(40, 20, { destination: "SINGLE" }),
  ]);
  const state = await one("SCRIPTED");
  expect(state).toMatchObject(await viewed("SCRIPTED"));
  expect(state.day.statuses).toMatchObject({ complete: MAX_HEALTH_SAMPLE - 3, failed: 3, lost: 1, cancelled: 2 });
  expect(await one("SINGLE")).toMatchObject(await viewed("SINGLE"));
  const listed = (await all()).filter(({ name }) => name === "SCRIPTED" || name === "SINGLE");
  expect(listed).toEqual([state, await one("SINGLE")]);
});

test("beyond that the counts stay exact, and the percentiles are of a sample", async () => {
  const total = 4 * MAX_HEALTH_SAMPLE;
  await insertHistory(database, results(total, 300));
  const { day, hour } = await one("SCRIPTED");
  expect(day.statuses.complete).toBe(total);
  expect(hour.statuses.complete).toBe(0);
  expect(hour.p50Ms).toBeNull();
  // The n-th took n ms: a share of the sample is that share of all, within six standard deviations.
  const off = (share: number) => 6 * total * Math.sqrt((share * (1 - share)) / MAX_HEALTH_SAMPLE);
  expect(Math.abs((day.p50Ms ?? 0) - total * 0.5)).toBeLessThan(off(0.5));
  expect(Math.abs((day.p95Ms ?? 0) - total * 0.95)).toBeLessThan(off(0.95));
  expect(Math.abs((day.p99Ms ?? 0) - total * 0.99)).toBeLessThan(off(0.99));
});

test("one that only waits or is only paused is known, one that nobody knows is refused", async () => {
  await insertHistory(database, [{ status: "ongoing", destination: "WAITS" }]);
  await database.query(
    "insert into eventhub.destinations (name, paused_at, paused_by) values ('HELD', now(), 'operator')",
  );
  expect((await all()).map(({ name }) => name)).toEqual(expect.arrayContaining(["HELD", "WAITS"]));
  expect(await one("WAITS")).toMatchObject({ kind: null, ongoing: 1, oldestOngoing: expect.any(Date) });
  expect(await one("HELD")).toMatchObject({ pausedBy: "operator", ongoing: 0, day: { successRate: null } });
  await expect(one("NOWHERE")).rejects.toThrow('[not_found] there is no destination "NOWHERE"');
});

test("the problems of one destination are its own, however many others have", async () => {
  const at = new Date(Date.now() - 10 * MINUTE);
  await insertHistory(database, [
    ...Array.from({ length: 25 }, (_, n): Past => ({ status: "failed", destination: `OTHER_${n}`, reason: "no" })),
    { status: "failed", reason: "own", at },
    { status: "ongoing", at },
    { status: "ongoing", destination: "SINGLE", at },
  ]);
  const hub = openDatabase(database);
  const { failures, overdue, failed } = await findProblems(hub, { destination: "SCRIPTED" });
  expect(failures.map(({ destination, reason }) => [destination, reason])).toEqual([["SCRIPTED", "own"]]);
  expect(failed).toBe(1);
  expect(overdue.map(({ destination, dispatches }) => [destination, dispatches])).toEqual([["SCRIPTED", 1]]);
  expect((await findProblems(hub, {})).failures.map(({ reason }) => reason)).not.toContain("own");
});
