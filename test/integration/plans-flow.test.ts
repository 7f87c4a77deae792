import type { PoolClient } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertMany, type Way, watched } from "../support/watched-plans.ts";

/*
 * How the functions of limits and order read their tables, statement by statement as they run inside: by indexes, and no more rows than they take
 * or are told of, however many wait. First as a burst stands before anything was analysed, then as a hub that has been at work for long.
 */
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await insertMany(database);
});
afterAll(() => database?.drop());

const TAKEN = 16;
const TOKEN = "00000000-0000-4000-8000-000000000001";
const DESTINATIONS = ["ONE", "MANY", "ORDER"];
const LIMITS: FlowRules = {
  concurrency: 1_000,
  rate: { limit: 1_000, perSeconds: 1, burst: 100 },
  key: { concurrency: 100, rate: { limit: 1_000, perSeconds: 1, burst: 100 }, weights: { "key 5": 3 } },
};

const taking = (destination: string, rules: FlowRules, token: string) =>
  [
    "select eventhub.flow_take($1, $2, 'one', 'DISPATCH', $3, 0, true, 90, 1, $4, 10000000, 2) as taken",
    [destination, JSON.stringify(rules), token, TAKEN],
  ] as const;

/** The ways that read more than this many rows, or not by an index, or that sort. */
const costly = (ways: readonly Way[], most: number): Way[] =>
  ways.filter(({ way, rows }) => rows > most || /Scan/.test(way));

function nothingIsCostly(): void {
  test.each(DESTINATIONS)("a take of %s reads what it takes", async (destination) => {
    for (const rules of [{}, LIMITS]) {
      // The rules have not changed.
      await database.query("update eventhub.flow_destinations set rules = null");
      const ways = await watched(database, ...taking(destination, rules, TOKEN));
      expect(ways).toContainEqual(expect.objectContaining({ way: "dispatches by dispatches_pkey", rows: TAKEN }));
      expect(costly(ways, TAKEN)).toEqual([]);
    }
  });

  test.each(DESTINATIONS)("recording in %s reads what has ended", async (destination) => {
    const [take, given] = taking(destination, {}, TOKEN);
    await database.query(take, [...given]);
    const ids = (await database.query<{ id: string }>("select dispatch_id as id from eventhub.flights")).map(
      ({ id }) => id,
    );
    expect(ids).toHaveLength(TAKEN);
    await database.query("update eventhub.dispatches set status = 'complete', resulted_at = now() where id = any($1)", [
      ids,
    ]);
    const settle = ["select eventhub.flow_settle($1, $2, $3, true)", [destination, ids, [TOKEN]]] as const;
    expect(costly(await watched(database, ...settle), TAKEN)).toEqual([]);
    await database.query(settle[0], [...settle[1]]);
    expect(await database.query("select * from eventhub.flights")).toEqual([]);
  });

  test.each(DESTINATIONS)(
    "telling of arrivals in %s reads those, and what an instance would take",
    async (destination) => {
      const ids = (
        await database.query<{ id: string }>(
          "select id from eventhub.dispatches where destination = $1 and status = 'ongoing' order by seq, id limit 100",
          [destination],
        )
      ).map(({ id }) => id);
      for (const rules of [{}, LIMITS]) {
        // The rules have not changed.
        await database.query("update eventhub.flow_destinations set rules = null");
        const ways = await watched(database, "select eventhub.flow_arrive($1, $2, $3, 16, 64, 2, false)", [
          destination,
          ids,
          JSON.stringify(rules),
        ]);
        expect(costly(ways, ids.length)).toEqual([]);
      }
    },
  );

  test.each(DESTINATIONS)("sweeping %s reads some keys, and some of what is new", async (destination) => {
    const ways = await watched(database, "select eventhub.flow_sweep($1, 60, 100)", [destination]);
    expect(costly(ways, 2_000)).toEqual([]);
  });

  test("sweeping a destination without any looks for them among the newest, and no further", async () => {
    const ways = await watched(database, "select eventhub.flow_sweep('NONE', 60, 100)");
    expect(ways).toContainEqual(expect.objectContaining({ way: "dispatches by dispatches_status_id", rows: 2_000 }));
    expect(costly(ways, 2_000)).toEqual([]);
  });

  test("keys whose limits have changed are read a thousand at a time", async () => {
    await database.query(
      "update eventhub.flow_keys set ready = false, blocked = 'rate', wake_at = now() + interval '1 hour' where destination = 'MANY'",
    );
    await database.query(
      "update eventhub.flow_destinations set rules = '{\"concurrency\": 7}', rules_at = now() - interval '1 minute' where destination = 'MANY'",
    );
    const ways = await watched(database, ...taking("MANY", {}, TOKEN));
    expect(costly(ways, 1_001)).toEqual([]);
    await database.query("update eventhub.flow_keys set ready = true, blocked = null, wake_at = null");
  });
}

describe("before anything was analysed", nothingIsCostly);

describe("in a hub that has been at work for long", () => {
  beforeAll(async () => {
    await database.query("analyze");
  });
  nothingIsCostly();
});

/*
 * What was just blocked or called is still in the indexes, and stays there as long as somebody has an old snapshot open: no row of it is read, and
 * each entry costs a page. A take passes them once, and not with each of its searches.
 */
describe("while an old snapshot is open", () => {
  const CALLED = 5_000;
  const READY = 100;
  /** Descents into the index, and what has come since. */
  const BESIDES = 500;
  let reader: PoolClient;
  beforeAll(async () => {
    await database.vacuum("flow_keys", "dispatches");
    reader = await database.pool.connect();
    await reader.query("begin isolation level repeatable read");
    await reader.query("select from eventhub.flow_keys limit 1");
  });
  afterAll(async () => {
    await reader?.query("rollback");
    reader?.release();
  });

  const pagesBy = (ways: readonly Way[], index: string) => ways.find(({ way }) => way.endsWith(index))?.pages;

  test("a take beside keys that have just reached their rate reads those that have not", async () => {
    await database.query(
      `update eventhub.flow_keys set ready = false, blocked = 'rate', wake_at = now() + interval '1 hour' where destination = 'MANY' and key not in (
         select key from eventhub.flow_keys where destination = 'MANY' order by key desc limit ${READY})`,
    );
    const [{ keys } = { keys: 0 }] = await database.query<{ keys: number }>(
      "select count(*)::int as keys from eventhub.flow_keys where destination = 'MANY' and blocked = 'rate'",
    );
    expect(keys).toBeGreaterThan(1_500);
    await database.query("update eventhub.flow_destinations set rules = null");
    for (const rules of [{}, LIMITS]) {
      const ways = await watched(database, ...taking("MANY", rules, TOKEN));
      expect(ways).toContainEqual(expect.objectContaining({ way: "dispatches by dispatches_pkey", rows: TAKEN }));
      expect(costly(ways, TAKEN)).toEqual([]);
      expect(pagesBy(ways, "flow_keys_ready")).toBeLessThan(keys + BESIDES);
    }
  });

  test.each([
    ["the next of a key", "ONE", "dispatches_flow_waiting"],
    ["the next of many orders", "ORDER", "dispatches_order"],
  ])("%s is found behind what was called before", async (_, destination, index) => {
    await database.query(
      `update eventhub.dispatches set status = 'complete', resulted_at = now(), waiting = false, head = null where id in (
         select id from eventhub.dispatches where destination = $1 and waiting order by next_attempt_at limit ${CALLED})`,
      [destination],
    );
    const ids = (
      await database.query<{ id: string }>(
        "select id from eventhub.dispatches where destination = $1 and status = 'ongoing' order by seq, id limit 100",
        [destination],
      )
    ).map(({ id }) => id);
    const arriving = await watched(database, "select eventhub.flow_arrive($1, $2, '{}', 16, 64, 2, false)", [
      destination,
      ids,
    ]);
    expect(costly(arriving, ids.length)).toEqual([]);
    await database.query("select eventhub.flow_arrive($1, $2, '{}', 16, 64, 2, false)", [destination, ids]);
    const ways = await watched(database, ...taking(destination, {}, TOKEN));
    expect(ways).toContainEqual(expect.objectContaining({ way: "dispatches by dispatches_pkey", rows: TAKEN }));
    expect(costly(ways, TAKEN)).toEqual([]);
    // Orders are searched where dispatches arrive, keys where they are taken.
    const looks = [...arriving, ...ways].filter(({ way }) => way.endsWith(index)).map(({ pages }) => pages);
    expect(looks).not.toEqual([]);
    expect(Math.max(...looks)).toBeLessThan(CALLED + BESIDES);
  });
});
