import { expect, test } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import type { Database } from "../../schema/database/connection.ts";
import { MAX_WEIGHT, MIN_WEIGHT } from "../../schema/vocabulary/limits.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, insertWaiting, Puller, useDatabase, type Waiting } from "../support/flow-database.ts";

/** Limits and keys at the ends of their ranges. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

const many = (count: number, row: Waiting): Waiting[] => Array.from({ length: count }, () => row);

/** How often each key is taken in this many turns. */
async function turns(rules: FlowRules, count: number): Promise<Record<string, number>> {
  const { rows } = await new Puller(database, rules).take(count);
  const byKey = Map.groupBy(rows, ({ flow_key }) => flow_key ?? "");
  return Object.fromEntries([...byKey].map(([key, list]) => [key, list.length]));
}

test("the least and the greatest weight: a million turns to one, and none is passed over", async () => {
  await arrived(database, await insertWaiting(stored, [...many(40, { key: "great" }), ...many(3, { key: "least" })]));
  const rules = { key: { weights: { great: MAX_WEIGHT, least: MIN_WEIGHT } } };
  expect(await turns(rules, 30)).toEqual({ great: 29, least: 1 });
  expect(await turns(rules, 13)).toEqual({ great: 11, least: 2 });
});

test("turns continue when virtual time is so large that another turn does not change it", async () => {
  await arrived(database, await insertWaiting(stored, [...many(20, { key: "a" }), ...many(20, { key: "b" })]));
  await stored.query("update eventhub.flow_destinations set vclock = 1e15");
  await stored.query("update eventhub.flow_keys set vtime = 1e15");
  const { a, b } = await turns({ key: { weights: { a: MAX_WEIGHT } } }, 20);
  expect([a, b]).toEqual([expect.any(Number), expect.any(Number)]);
});

test("one call a day with the burst of a year is that burst, and then one a day", async () => {
  const ids = await insertWaiting(stored, many(400, {}));
  await arrived(database, ids);
  const puller = new Puller(database, { rate: { limit: 1, perSeconds: 86_400, burst: 365 } });
  expect(await puller.take(500)).toMatchObject({ taken: 365, blocked: "rate" });
  const { nextMs } = await puller.take(500);
  expect(nextMs).toBeGreaterThan(86_300_000);
  expect(nextMs).toBeLessThanOrEqual(86_400_000);
});

test("keys are text, whatever they contain", async () => {
  const keys = [
    "",
    " ",
    "null",
    "NULL",
    "{}",
    '{a,"b"}',
    "a\\",
    "a'b",
    '"',
    "\\0",
    "\\u0000",
    "%",
    "~",
    "ключ",
    "😀".repeat(200),
  ];
  const ids = await insertWaiting(
    stored,
    keys.flatMap((key) => many(2, { key, order: key })),
  );
  await arrived(database, ids);
  const rules: FlowRules = {
    concurrency: 100,
    key: { concurrency: 1, weights: Object.fromEntries(keys.map((key) => [key, 2])) },
  };
  const puller = new Puller(database, rules);
  const first = await puller.take(100);
  expect(first.rows.map(({ flow_key }) => flow_key).toSorted()).toEqual(keys.toSorted());
  expect(await puller.take(100)).toMatchObject({ taken: 0 });
  for (const row of first.rows) await puller.end(row);
  const second = await puller.take(100);
  expect(second.rows.map(({ order_key }) => order_key).toSorted()).toEqual(keys.toSorted());
});
