import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import { MAX_CLAIMS } from "../../schema/vocabulary/limits.ts";
import type { TestDatabase } from "../support/database.ts";
import { Calls, pullHere } from "../support/flow-calls.ts";
import { arrived, endLeases, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";

/** When a death of an executor counts, so that a dispatch is given up after several: only in a call that has begun. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});
beforeEach(() => {
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const claims = async () =>
  (await stored.query<{ claims: number }>("select claims from eventhub.dispatches order by next_attempt_at, id")).map(
    (row) => row.claims,
  );

test("a dispatch that is taken again and again without a call is called in the end", async () => {
  const [id] = await insertWaiting(stored, [{}]);
  await arrived(database, [String(id)]);
  for (let n = 0; n < MAX_CLAIMS + 3; n++) {
    expect((await new Puller(database, {}, { instanceId: "one" }).take()).ids).toEqual([id]);
  }
  const calls = new Calls();
  const delivered = pullHere(calls, database);
  await calls.of(id).begun;
  calls.of(id).end();
  expect((await delivered).records).toMatchObject([{ id, result: "complete" }]);
});

test("a dispatch that a dead instance had taken ahead has not died in a call", async () => {
  const ids = await insertWaiting(stored, [{}, {}, {}]);
  await arrived(database, ids);
  const rules = { rate: { limit: 1, perSeconds: 1, burst: 1 } };
  expect((await new Puller(database, rules, { instanceId: "one" }).take()).ids).toEqual(ids.slice(0, 2));
  expect(await claims()).toEqual([1, 1, 0]);
  await new Puller(database, rules, { instanceId: "one" }).take(0);
  expect(await claims()).toEqual([1, 0, 0]);
});

test("a call in which executors die is given up after as many deaths as elsewhere, with a record", async () => {
  const [id] = await insertWaiting(stored, [{}]);
  await arrived(database, [String(id)]);
  await stored.query("update eventhub.dispatches set claims = $1", [MAX_CLAIMS - 1]);
  const calls = new Calls();
  // Simulates the death of its executor: its result comes too late.
  const dead = pullHere(calls, database);
  await calls.of(id).begun;
  expect(await claims()).toEqual([MAX_CLAIMS]);
  await endLeases(stored);
  const { records } = await pullHere(new Calls(), database, { instanceId: "two" });
  expect(records).toMatchObject([{ id, result: "failed", reason: expect.stringContaining("the executor died") }]);
  calls.of(id).end();
  await dead;
  expect(await stored.query("select status, attempts from eventhub.dispatches")).toEqual([
    { status: "failed", attempts: 1 },
  ]);
});

test("a call does not begin if another claim has followed while its begin was noted", async () => {
  const [id] = await insertWaiting(stored, [{}]);
  await arrived(database, [String(id)]);
  await stored.query("update eventhub.dispatches set claims = 2");
  const over = {
    ...database,
    run: async (statement: Parameters<Database["run"]>[0]) => {
      await stored.query("update eventhub.dispatches set claim = gen_random_uuid()");
      return database.run(statement);
    },
  } as Database;
  await expect(pullHere(new Calls(), over)).rejects.toThrow("another claim followed before the call");
  expect(await claims()).toEqual([2]);
});

test("a dispatch that must be called alone keeps its place in line beside keys that are always busy", async () => {
  const busy = await insertWaiting(
    stored,
    Array.from({ length: 40 }, () => ({ key: "busy" })),
  );
  const [lone, behind] = await insertWaiting(stored, [{ key: "lone" }, { key: "lone" }]);
  await arrived(database, [...busy, String(lone), String(behind)]);
  await stored.query("update eventhub.dispatches set claims = 2 where id = $1", [lone]);
  const puller = new Puller(database, {});
  const first = await puller.take(4);
  expect(first.rows.map(({ flow_key }) => flow_key)).toEqual(["busy", "busy", "busy", "busy"]);
  for (const row of first.rows.slice(1)) await puller.end(row);
  expect((await puller.take(2)).rows.map(({ flow_key }) => flow_key)).toEqual(["busy", "busy"]);
  // Another instance has nothing in flight; neither has this one when it starts again.
  const other = new Puller(database, {});
  const { ids, rows } = await other.take();
  expect(ids).toEqual([lone]);
  await other.end(nth(rows, 0));
  expect((await other.take()).ids).toContain(behind);
});
