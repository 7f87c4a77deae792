import { expect, test } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import type { Database } from "../../schema/database/connection.ts";
import { sweep } from "../../schema/queries/flow/arrive.ts";
import type { TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { arrived, insertWaiting, Puller, useDatabase } from "../support/flow-database.ts";

let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

const ONE_A_DAY = { rate: { limit: 1, perSeconds: 86_400, burst: 1 } };
const UNBOUND: FlowRules = { key: { rate: { limit: 1_000, perSeconds: 1, burst: 1_000 } } };

/** Three dispatches of a key wait; one is called, and then the key is at its limit. */
async function atItsLimit(rules: FlowRules): Promise<string[]> {
  const ids = await insertWaiting(stored, [{ key: "a" }, { key: "a" }, { key: "a" }]);
  await arrived(database, ids);
  const puller = new Puller(database, rules);
  expect((await puller.take()).ids).toEqual([ids[0]]);
  expect((await puller.take()).ids).toEqual([]);
  // It was deployed long ago. During a deployment, old and new instances do not wake all keys in turn.
  await stored.query("update eventhub.flow_destinations set rules_at = now() - interval '1 minute'");
  return ids;
}

/** Returns what is called after reconciling has looked, with other rules. */
async function takenAfterwards(rules: FlowRules): Promise<string[]> {
  await arrived(database, sweep("LIMITED", 0), { rules });
  return (await new Puller(database, rules).take()).ids;
}

test("a raised rate of a key applies at once to what waits", async () => {
  const ids = await atItsLimit({ key: ONE_A_DAY });
  expect(await takenAfterwards(UNBOUND)).toEqual(ids.slice(1));
});

test("a raised concurrency of a key applies at once to what waits", async () => {
  const ids = await atItsLimit({ key: { concurrency: 1 } });
  expect(await takenAfterwards({ key: { concurrency: 10 } })).toEqual(ids.slice(1));
});

test("an expired override of a key keeps nothing waiting", async () => {
  const ids = await insertWaiting(stored, [{ key: "a" }, { key: "a" }, { key: "a" }]);
  await arrived(database, ids);
  await stored.query("update eventhub.flow_keys set override = $1, override_until = now() + interval '1 second'", [
    JSON.stringify(ONE_A_DAY),
  ]);
  const puller = new Puller(database, UNBOUND);
  expect((await puller.take()).ids).toEqual([ids[0]]);
  expect((await puller.take()).ids).toEqual([]);
  const taken = await eventually(async () => {
    const again = await takenAfterwards(UNBOUND);
    return again.length > 0 ? again : undefined;
  }, "the override has run out");
  expect(taken).toEqual(ids.slice(1));
});
