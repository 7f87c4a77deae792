import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, endLeases, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";

let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

describe("concurrency", () => {
  test("no more are taken than may be in flight, and one that ends makes room for the next", async () => {
    const ids = await insertWaiting(stored, [{}, {}, {}]);
    await arrived(database, ids);
    const puller = new Puller(database, { concurrency: 2 });
    const first = await puller.take();
    expect(first.ids).toEqual(ids.slice(0, 2));
    expect(first.blocked).toBe("concurrency");
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(nth(first.rows, 0));
    expect((await puller.take()).ids).toEqual([ids[2]]);
  });

  test("of a key: the others go on", async () => {
    const ids = await insertWaiting(stored, [{ key: "a" }, { key: "a" }, { key: "a" }, { key: "b" }]);
    await arrived(database, ids);
    const puller = new Puller(database, { key: { concurrency: 1 } });
    const first = await puller.take();
    expect(first.ids.toSorted()).toEqual([nth(ids, 0), nth(ids, 3)].toSorted());
    await puller.end(
      nth(
        first.rows.filter(({ id }) => id === ids[0]),
        0,
      ),
    );
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("two that take at once share the places", async () => {
    const ids = await insertWaiting(
      stored,
      Array.from({ length: 10 }, () => ({})),
    );
    await arrived(database, ids);
    const pullers = Array.from({ length: 4 }, () => new Puller(database, { concurrency: 3 }));
    const taken = await Promise.all(pullers.map((puller) => puller.take()));
    expect(taken.flatMap(({ ids }) => ids)).toHaveLength(3);
  });

  test("an instance that starts again gets back at once what it had taken, another instance when the lease is over", async () => {
    const ids = await insertWaiting(stored, [{ timeoutSeconds: 1 }, {}]);
    await arrived(database, ids);
    await new Puller(database, { concurrency: 1 }, { instanceId: "one" }).take();
    const other = new Puller(database, { concurrency: 1 }, { instanceId: "two" });
    expect((await other.take()).ids).toEqual([]);
    const again = await new Puller(database, { concurrency: 1 }, { instanceId: "one" }).take();
    expect(again.ids).toEqual([ids[0]]);
    await endLeases(stored);
    expect((await other.take()).ids).toEqual([ids[0]]);
    const [row] = await stored.query("select generation, claims from eventhub.dispatches where id = $1", [ids[0]]);
    // The third is alone, and counts when its call begins.
    expect(row).toEqual({ generation: 2, claims: 2 });
  });
});

describe("rate", () => {
  test("calls get their times, a second ahead at most, after the burst", async () => {
    const ids = await insertWaiting(
      stored,
      Array.from({ length: 30 }, () => ({})),
    );
    await arrived(database, ids);
    const puller = new Puller(database, { rate: { limit: 5, perSeconds: 1, burst: 3 } });
    const { rows, blocked, nextMs } = await puller.take();
    expect(rows.map(({ id }) => id)).toEqual(ids.slice(0, 8));
    const flights = await stored.query<{ ms: number }>(
      "select (extract(epoch from starts_at - min(starts_at) over ()) * 1000)::int as ms from eventhub.flights order by starts_at",
    );
    expect(flights.map(({ ms }) => ms)).toEqual([0, 0, 0, 200, 400, 600, 800, 1000]);
    expect(blocked).toBe("rate");
    expect(nextMs).toBeGreaterThan(400);
    expect(nextMs).toBeLessThanOrEqual(700);
  });

  test("an answer that was lost and is asked for ten seconds late gives no burst", async () => {
    const ids = await insertWaiting(
      stored,
      Array.from({ length: 6 }, () => ({})),
    );
    await arrived(database, ids);
    const puller = new Puller(database, { rate: { limit: 5, perSeconds: 1, burst: 1 } });
    const token = randomUUID();
    await puller.take(16, token);
    await stored.query("update eventhub.flights set starts_at = starts_at - interval '10 seconds'");
    const { rows } = await puller.take(16, token);
    expect(rows.map(({ start_ms }) => start_ms)).toEqual([0, 200, 400, 600, 800, 1000]);
  });

  test("of a key: one at its limit keeps no other waiting", async () => {
    const loud = await insertWaiting(
      stored,
      Array.from({ length: 20 }, () => ({ key: "loud" })),
    );
    const quiet = await insertWaiting(stored, [{ key: "quiet" }]);
    await arrived(database, [...loud, ...quiet]);
    const puller = new Puller(database, { key: { rate: { limit: 1, perSeconds: 10, burst: 1 } } });
    const { ids } = await puller.take();
    expect(ids.toSorted()).toEqual([nth(loud, 0), nth(quiet, 0)].toSorted());
  });

  test("a limit that was raised applies at once", async () => {
    const ids = await insertWaiting(
      stored,
      Array.from({ length: 5 }, () => ({})),
    );
    await arrived(database, ids);
    const slow = new Puller(database, { rate: { limit: 1, perSeconds: 3600, burst: 1 } });
    expect((await slow.take()).ids).toEqual([ids[0]]);
    const fast = new Puller(database, { rate: { limit: 1000, perSeconds: 1, burst: 1 } });
    expect((await fast.take()).ids).toEqual(ids.slice(1));
  });
});

describe("fairness", () => {
  test("keys take turns, by their weights", async () => {
    const keys = ["a", "b", "c"];
    const ids = await insertWaiting(
      stored,
      keys.flatMap((key) => Array.from({ length: 20 }, () => ({ key }))),
    );
    await arrived(database, ids);
    const puller = new Puller(database, { key: { weights: { c: 2 } } });
    const { rows } = await puller.take();
    const counts = Object.groupBy(rows, ({ flow_key }) => flow_key ?? "");
    expect(Object.fromEntries(Object.entries(counts).map(([key, list]) => [key, list?.length]))).toEqual({
      a: 4,
      b: 4,
      c: 8,
    });
  });

  test("a newcomer neither waits for those before it nor makes up for the past", async () => {
    const before = await insertWaiting(
      stored,
      Array.from({ length: 40 }, () => ({ key: "before" })),
    );
    await arrived(database, before);
    const puller = new Puller(database, {});
    await puller.take();
    const newcomers = await insertWaiting(stored, [{ key: "newcomer" }, { key: "newcomer" }]);
    await arrived(database, newcomers.slice(0, 1));
    expect((await puller.take(2)).rows.map(({ flow_key }) => flow_key).toSorted()).toEqual(["before", "newcomer"]);
  });

  test("within a key what has been due longest comes first", async () => {
    const ids = await insertWaiting(stored, [
      { dueInSeconds: -1 },
      { dueInSeconds: -3 },
      { dueInSeconds: 60 },
      { dueInSeconds: -2 },
    ]);
    await arrived(database, ids);
    const { ids: taken } = await new Puller(database, {}).take();
    expect(taken).toEqual([ids[1], ids[3], ids[0]]);
  });
});

describe("order", () => {
  test("one after the other, each with a higher position; other keys beside it", async () => {
    const ids = await insertWaiting(stored, [{ order: "x" }, { order: "x" }, { order: "y" }, { order: "x" }]);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const first = await puller.take();
    expect(first.ids.toSorted()).toEqual([nth(ids, 0), nth(ids, 2)].toSorted());
    expect((await puller.take()).ids).toEqual([]);
    const x1 = nth(
      first.rows.filter(({ id }) => id === ids[0]),
      0,
    );
    await puller.end(x1);
    const second = await puller.take();
    expect(second.ids).toEqual([ids[1]]);
    expect(nth(second.rows, 0).position).toBeGreaterThan(x1.position ?? Number.NaN);
    await puller.end(nth(second.rows, 0));
    expect((await puller.take()).ids).toEqual([ids[3]]);
  });

  test("a retry of the first keeps its key waiting, and its position", async () => {
    const ids = await insertWaiting(stored, [{ order: "x", maxRetries: 3 }, { order: "x" }]);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const first = await puller.take();
    await puller.end(nth(first.rows, 0), "failed", { status: "ongoing", delaySeconds: 0.2 });
    const { ids: none, pace, nextMs } = await puller.take();
    expect(none).toEqual([]);
    expect(pace).toBe(true);
    expect(nextMs).toBeLessThanOrEqual(200);
    await new Promise((resolve) => setTimeout(resolve, nextMs ?? 0));
    const again = await puller.take();
    expect(again.rows.map(({ id, position }) => ({ id, position }))).toEqual([
      { id: ids[0], position: nth(first.rows, 0).position },
    ]);
  });

  test("skip goes on after a failure, hold does not, until it is retried or released", async () => {
    const skipped = await insertWaiting(stored, [{ order: "x" }, { order: "x" }]);
    await arrived(database, skipped);
    const skipping = new Puller(database, {});
    await skipping.end(nth((await skipping.take()).rows, 0), "failed");
    expect((await skipping.take()).ids).toEqual([skipped[1]]);

    const ids = await insertWaiting(stored, [{ order: "h" }, { order: "h" }]);
    await arrived(database, ids);
    const holding = new Puller(database, { hold: true });
    await holding.end(nth((await holding.take()).rows, 0), "failed");
    expect((await holding.take()).ids).toEqual([]);
    expect(await arrived(database, ids, { rules: { hold: true } })).toMatchObject({ wanted: 0 });
    await stored.query("update eventhub.dispatches set held = null where id = $1", [ids[0]]);
    await arrived(database, ids);
    expect((await holding.take()).ids).toEqual([ids[1]]);
  });

  test("a cancel makes room for the next, but not while the cancelled one is called", async () => {
    const ids = await insertWaiting(stored, [{ order: "x" }, { order: "x" }, { order: "x" }]);
    await arrived(database, ids);
    const cancel = (id: string | undefined) =>
      stored.query("update eventhub.dispatches set status = 'cancelled', resulted_at = now() where id = $1", [id]);
    await cancel(ids[0]);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const { rows } = await puller.take();
    expect(rows.map(({ id }) => id)).toEqual([ids[1]]);
    await cancel(ids[1]);
    await arrived(database, ids);
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(nth(rows, 0));
    expect((await puller.take()).ids).toEqual([ids[2]]);
  });
});

describe("nothing is forgotten", () => {
  test("the same token takes nothing more", async () => {
    const ids = await insertWaiting(stored, [{}, {}, {}]);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const token = crypto.randomUUID();
    expect((await puller.take(1, token)).ids).toEqual([ids[0]]);
    expect((await puller.take(1, token)).ids).toEqual([ids[0]]);
  });

  test("dispatches whose arrival was never reported are found key by key", async () => {
    const ids = await insertWaiting(stored, [{ key: "a" }, { key: "b" }, { order: "o", key: "c" }, {}]);
    const [row] = await stored.query<{ ids: string[] }>("select eventhub.flow_sweep('LIMITED', 60, 500) as ids");
    expect(row?.ids.toSorted()).toEqual(ids.toSorted());
    await arrived(database, row?.ids ?? []);
    expect((await new Puller(database, {}).take()).ids.toSorted()).toEqual(ids.toSorted());
  });

  test("a paused destination is not called", async () => {
    const ids = await insertWaiting(stored, [{}]);
    await stored.query("insert into eventhub.destinations (name, paused_at) values ('LIMITED', now())");
    expect(await arrived(database, ids)).toMatchObject({ wanted: 0 });
    expect((await new Puller(database, {}).take()).ids).toEqual([]);
  });

  test("many dispatches get two instances, more if those are full, and somebody who looks again in time", async () => {
    const ids = await insertWaiting(
      stored,
      Array.from({ length: 40 }, () => ({})),
    );
    expect(await arrived(database, ids)).toEqual({ wanted: 2, dueInMs: 0 });
    expect(await arrived(database, ids)).toEqual({ wanted: 0, dueInMs: null });
    const full = (size: number) => arrived(database, [], { size, full: true });
    const pullers = [new Puller(database, {}), new Puller(database, {})];
    for (const puller of pullers) expect(await puller.take()).toMatchObject({ taken: 16, more: true });
    expect(await full(16)).toEqual({ wanted: 1, dueInMs: 0 });
    expect(await full(16)).toEqual({ wanted: 1, dueInMs: 0 });
    expect(await full(16)).toEqual({ wanted: 0, dueInMs: null });
    await stored.clear();
    const later = await insertWaiting(stored, [{ dueInSeconds: 60 }]);
    const arrival = await arrived(database, later);
    expect(arrival?.wanted).toBe(1);
    expect(arrival?.dueInMs).toBeGreaterThan(58_000);
    expect(await arrived(database, later)).toEqual({ wanted: 0, dueInMs: null });
  });
});
