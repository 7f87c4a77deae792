import { expect, test } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import type { Database } from "../../schema/database/connection.ts";
import { sweep } from "../../schema/queries/flow/arrive.ts";
import type { TakenRow } from "../../schema/queries/flow/take.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, insertWaiting, nth, Puller, useDatabase, type Waiting } from "../support/flow-database.ts";

/** During a deployment, old and new instances take in turn, each by its own configuration. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

const many = (count: number, row: Waiting = {}): Waiting[] => Array.from({ length: count }, () => row);

/** Simulates that this much time has passed: everything that the limits remember becomes older. */
async function pass(seconds: number): Promise<void> {
  const older = (column: string) => `${column} = ${column} - make_interval(secs => $1)`;
  const columns = {
    flow_destinations: ["tat", "rules_at", "pace_at", "started_at"],
    flow_keys: ["tat", "wake_at"],
    flights: ["starts_at"],
  };
  for (const [table, names] of Object.entries(columns))
    await stored.query(`update eventhub.${table} set ${names.map(older).join(", ")}`, [seconds]);
}

/** The most calls that begin within any window of this many milliseconds. */
async function mostWithin(ms: number): Promise<number> {
  const [row] = await stored.query<{ most: number }>(
    `select max((select count(*) from eventhub.flights o where o.starts_at >= v.starts_at and o.starts_at < v.starts_at + make_interval(secs => $1)))::int as most
     from eventhub.flights v`,
    [ms / 1_000],
  );
  return row?.most ?? 0;
}

const rate = (limit: number, burst = 1) => ({ rate: { limit, perSeconds: 1, burst } });

test.each([
  ["of the destination", (limit: number): FlowRules => rate(limit)],
  ["of a key", (limit: number): FlowRules => ({ key: rate(limit) })],
])("a rate %s: no more calls begin than the larger one allows", async (_, rules) => {
  await arrived(database, await insertWaiting(stored, many(300)));
  for (let round = 0; round < 4; round++) {
    await new Puller(database, rules(100)).take(500);
    await pass(0.2);
    await new Puller(database, rules(1)).take(500);
    // Like the end of a deployment.
    await stored.query("update eventhub.flow_keys set ready = true, blocked = null, wake_at = null");
  }
  expect(await mostWithin(500)).toBeLessThanOrEqual(100 * 0.5 + 1);
  expect(await mostWithin(1_000)).toBeLessThanOrEqual(100 + 1);
});

test.each([
  ["of the destination", (concurrency: number): FlowRules => ({ concurrency })],
  ["of a key", (concurrency: number): FlowRules => ({ key: { concurrency } })],
])("a concurrency %s: no more are in flight than the larger one allows, and everything is called", async (_, rules) => {
  const ids = await insertWaiting(stored, many(40, { key: "a" }));
  await arrived(database, ids);
  const pullers = [new Puller(database, rules(2)), new Puller(database, rules(5))];
  const underWay: { puller: Puller; row: TakenRow }[] = [];
  const called: string[] = [];
  let most = 0;
  for (let round = 0; called.length < ids.length && round < 200; round++) {
    const puller = nth(pullers, round % 2);
    const { rows } = await puller.take();
    underWay.push(...rows.map((row) => ({ puller, row })));
    called.push(...rows.map(({ id }) => id));
    most = Math.max(most, underWay.length);
    const ended = underWay.shift();
    if (ended !== undefined) await ended.puller.end(ended.row);
  }
  expect(called.toSorted()).toEqual(ids.toSorted());
  expect(most).toBe(5);
});

test("with an order and without, what stands in one stays in it, and everything is called", async () => {
  const ordered = await insertWaiting(stored, many(6, { order: "o" }));
  const free = await insertWaiting(stored, many(4));
  await arrived(database, [...ordered, ...free]);
  const pullers = [new Puller(database, {}), new Puller(database, { hold: true })];
  const called: string[] = [];
  for (let round = 0; called.length < 10 && round < 50; round++) {
    const puller = nth(pullers, round % 2);
    const { rows } = await puller.take(2);
    expect(rows.filter(({ order_key }) => order_key === "o").length).toBeLessThanOrEqual(1);
    called.push(...rows.map(({ id }) => id));
    for (const row of rows) await puller.end(row);
  }
  expect(called.filter((id) => ordered.includes(id))).toEqual(ordered);
  expect(called.filter((id) => free.includes(id)).toSorted()).toEqual(free.toSorted());
});

test("hold and skip: whoever records a failure decides, and what one holds the other does not call", async () => {
  const ids = await insertWaiting(stored, many(3, { order: "o" }));
  await arrived(database, ids);
  const skipping = new Puller(database, {});
  const holding = new Puller(database, { hold: true });
  await skipping.end(nth((await skipping.take()).rows, 0), "failed");
  await holding.end(nth((await holding.take()).rows, 0), "failed");
  await arrived(database, ids);
  expect((await skipping.take()).ids).toEqual([]);
  expect((await holding.take()).ids).toEqual([]);
  await stored.query("update eventhub.dispatches set held = null");
  await arrived(database, ids);
  expect((await skipping.take()).ids).toEqual([ids[2]]);
});

test("somebody is asked to look when a key's limit was raised, though nothing else comes", async () => {
  const ids = await insertWaiting(stored, many(3, { key: "a" }));
  const slow: FlowRules = { key: { rate: { limit: 1, perSeconds: 86_400, burst: 1 } } };
  await arrived(database, ids, { rules: slow });
  const puller = new Puller(database, slow);
  const { rows } = await puller.take();
  for (const row of rows) await puller.end(row);
  expect(await puller.take()).toMatchObject({ taken: 0, pace: true });
  await pass(60);
  const fast: FlowRules = { key: rate(1_000, 10) };
  expect(await arrived(database, sweep("LIMITED", 0), { rules: fast })).toEqual({ wanted: 1, dueInMs: 0 });
  expect((await new Puller(database, fast).take()).ids).toEqual(ids.slice(1));
});
