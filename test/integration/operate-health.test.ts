import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { showDestinations } from "../../infra/cli/ops/show-destinations.ts";
import { type DestinationState, MAX_HEALTH_SAMPLE } from "../../schema/contract/operator.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { DEFAULT_DRAIN_PER_SECOND } from "../../schema/vocabulary/defaults.ts";
import { DEFAULT_HEALTH, type DestinationStateName } from "../../schema/vocabulary/destination-states.ts";
import { getDestination, listDestinations } from "../../workers/hub/operator/destinations.ts";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { tick } from "../../workers/hub/operator/tick.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { takeSnapshot } from "../../workers/metrics/snapshot.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn, type Past } from "../support/history.ts";
import routing from "../workers/routing.json" with { type: "json" };

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

/** Results of one destination over some minutes. The n-th took n milliseconds. */
const results = (count: number, agoMinutes: number, more: Partial<Past> = {}): Past[] =>
  Array.from({ length: count }, (_, n) => {
    const at = Date.now() - agoMinutes * MINUTE + n * 101;
    return { status: "complete", at: new Date(at), resultedAt: new Date(at + n + 1), ...more };
  });

/** The figures of the view, in the words of the list. */
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
  // The n-th took n ms, so a share of the sample is that share of all, within six standard deviations.
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

test.each<[string, number, number, DestinationStateName]>([
  ["nothing", 0, 0, "idle"],
  ["all of it delivered", 3, 0, "delivering"],
  ["one of two", 1, 1, "degraded"],
  ["one alone, and it failed", 0, 1, "failing"],
  ["39.2 % of 1,000", 392, 608, "failing"],
  ["94 % of 100", 94, 6, "degraded"],
  ["96 % of 100", 96, 4, "delivering"],
  ["98 % of 2,500, which leaves 50", 2_450, 50, "degraded"],
  ["99.5 % of 1,000", 995, 5, "delivering"],
])(
  "a destination with %s is told the same by the hub, in SQL and in the terminal",
  async (_, delivered, unhappy, state) => {
    await insertHistory(database, [
      ...results(delivered, 30, { status: "ignored" }),
      ...results(unhappy, 30, { status: "lost" }),
      // Hours ago: within the day, but not within the last hour.
      ...results(20, 600, { status: "failed" }),
    ]);
    const told = await one("SCRIPTED");
    const [row] = await database.query<{ state: string }>(
      "select state from eventhub.destination_health where destination = 'SCRIPTED' and period = 'hour'",
    );
    expect([told.state, row?.state]).toEqual([state, state]);
    expect(showDestinations([told])).toMatch(new RegExp(`SCRIPTED\\W+${state} `));
  },
);

test("the rules that are configured hold from the hub's next run on, for the hub, in SQL, in the terminal and in the metrics", async () => {
  const health = { windowSeconds: 900, leastResults: 10, failingBelow: 0.2, degradedBelow: 0.9 };
  const configured = compileRoutes({
    ...routing,
    health,
    destinations: { ...routing.destinations, SINGLE: { ...routing.destinations.SINGLE, health: { leastResults: 2 } } },
  });
  const operator = operatorOn(database, { routes: () => configured });
  await insertHistory(database, [
    ...results(3, 10),
    ...results(7, 10, { status: "failed" }),
    // Before the window: failing by the defaults, and nothing that these rules look at.
    ...results(50, 40, { status: "failed" }),
    ...results(9, 10, { status: "failed", destination: "OTHER" }),
    ...results(2, 10, { status: "failed", destination: "SINGLE" }),
  ]);
  const told = async () => {
    const states = await listDestinations(operator.database, configured.config);
    const rows = await database.query<{ destination: string; state: string }>(
      "select destination, state from eventhub.destination_health where period = 'day'",
    );
    const { samples } = await takeSnapshot(operator.database);
    const terminal = showDestinations(states);
    return Object.fromEntries(
      ["SCRIPTED", "OTHER", "SINGLE"].map((name) => {
        const state = states.find((one) => one.name === name)?.state;
        expect(rows.find((row) => row.destination === name)?.state, name).toBe(state);
        expect(terminal).toMatch(new RegExp(`${name}\\W+${state} `));
        const measured = (metric: "eventhub_destination_state" | "eventhub_destination_alert") =>
          (samples.get(metric) ?? [])
            .filter(({ labels, value }) => labels[0] === name && value === 1)
            .map(({ labels }) => labels[1]);
        expect(measured("eventhub_destination_state"), name).toEqual(
          state === "failing" || state === "degraded" ? [state] : [],
        );
        return [name, [state, ...measured("eventhub_destination_alert")]];
      }),
    );
  };
  expect(await told()).toEqual({ SCRIPTED: ["failing", "failing"], OTHER: ["failing"], SINGLE: ["failing"] });
  await tick(operator);
  const configuredStates = {
    SCRIPTED: ["degraded", "degraded"],
    OTHER: ["idle"],
    SINGLE: ["failing", "failing"],
  };
  expect(await told()).toEqual(configuredStates);
  const [single] = await database.query("select * from eventhub.destination_states where destination = 'SINGLE'");
  expect(single).toEqual({
    destination: "SINGLE",
    state: "failing",
    delivered: 0,
    failed: 2,
    window_seconds: 900,
    least_results: 2,
    failing_below: 0.2,
    degraded_below: 0.9,
    many_failures: 50,
    degraded_below_with_many: 0.99,
    alert_results: 2,
  });
  expect((await getDestination(operator, configured.config, "SINGLE")).rules).toEqual({
    ...DEFAULT_HEALTH,
    ...health,
    leastResults: 2,
  });
  // A configuration that is out of order says nothing: what was told before stays.
  const broken = operatorOn(database, {
    routes: () => {
      throw new Error("faulty");
    },
  });
  await tick(broken).catch(() => undefined);
  expect(await told()).toEqual(configuredStates);
  await tick(operatorOn(database));
  expect((await told()).SCRIPTED).toEqual(["failing", "failing"]);
});

test("one that is held or drains is told so, with what is still to go and until when", async () => {
  await insertHistory(database, results(3, 30, { status: "failed" }));
  const states = async () => {
    const rows = await database.query<{ state: string }>(
      "select state from eventhub.destination_health where destination = 'SCRIPTED' and period = 'hour'",
    );
    return [(await one("SCRIPTED")).state, rows[0]?.state];
  };
  await database.query(
    "insert into eventhub.destinations (name, paused_at, paused_by, pause_reason) values ('SCRIPTED', now(), 'operator', 'why')",
  );
  expect(await states()).toEqual(["paused", "paused"]);
  expect((await one("SCRIPTED")).drain).toBeNull();
  await insertHistory(
    database,
    Array.from({ length: 100 }, (): Past => ({ status: "ongoing" })),
  );
  await database.query(
    "update eventhub.destinations set paused_at = null, paused_by = null, drain_from = now() + interval '1 s', drained_at = now()",
  );
  expect(await states()).toEqual(["draining", "draining"]);
  const { drain } = await one("SCRIPTED");
  expect(drain).toMatchObject({ rest: 100, perSecond: DEFAULT_DRAIN_PER_SECOND });
  const seconds = ((drain?.until.getTime() ?? 0) - Date.now()) / 1_000;
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(100 / DEFAULT_DRAIN_PER_SECOND + 0.1);
});
