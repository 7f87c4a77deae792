import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import type { Database } from "../../schema/database/connection.ts";
import { drainResumed } from "../../schema/queries/destinations/drain-resumed.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";
import { OpenTransaction } from "../support/open-transaction.ts";

/** A dispatch that only waits belongs to nobody, costs nothing, and is not forgotten. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

describe("dispatches that wait long have one instance that looks again, however many more come", () => {
  /** One is called; five more come, one by one. Returns how many instances are wanted for each. */
  async function wantedFor(rules: FlowRules, key?: string): Promise<number[]> {
    const row = key === undefined ? {} : { key };
    const [first] = await insertWaiting(stored, [row]);
    await insertWaiting(stored, [row]);
    await arrived(database, [String(first)], { rules });
    const puller = new Puller(database, rules);
    expect(await puller.take()).toMatchObject({ taken: 1 });
    const wanted: number[] = [];
    for (let n = 0; n < 5; n++) {
      const ids = await insertWaiting(stored, [row]);
      // The call takes long, and nobody has looked since.
      await stored.query("update eventhub.flow_destinations set looked_at = now() - interval '3 seconds', started = 0");
      const arrival = await arrived(database, ids, { rules });
      wanted.push(arrival?.wanted ?? 0);
      // The wanted instance comes, and finds nothing that may be called.
      if (arrival?.wanted === 1)
        expect(await new Puller(database, rules).take()).toMatchObject({ taken: 0, pace: true });
    }
    return wanted;
  }

  test("at the destination's rate", async () => {
    expect(await wantedFor({ rate: { limit: 1, perSeconds: 86_400, burst: 1 } })).toEqual([1, 0, 0, 0, 0]);
  });

  test("at the destination's concurrency, while a call takes long", async () => {
    expect(await wantedFor({ concurrency: 1 })).toEqual([1, 0, 0, 0, 0]);
  });

  test("at a key's rate", async () => {
    expect(await wantedFor({ key: { rate: { limit: 1, perSeconds: 86_400, burst: 1 } } }, "a")).toEqual([
      1, 0, 0, 0, 0,
    ]);
  });

  test("at a key's concurrency", async () => {
    expect(await wantedFor({ key: { concurrency: 1 } }, "a")).toEqual([1, 0, 0, 0, 0]);
  });
});

test("a key at its concurrency is not overdue, however long its calls take", async () => {
  const ids = await insertWaiting(stored, [
    { key: "a", dueInSeconds: -300 },
    { key: "a", dueInSeconds: -300 },
  ]);
  const rules = { key: { concurrency: 1 } };
  await arrived(database, ids, { rules });
  await new Puller(database, rules).take();
  expect(await stored.query("select key, blocked, wake_at > now() as wakes from eventhub.flow_keys")).toEqual([
    { key: "a", blocked: "concurrency", wakes: true },
  ]);
  await stored.query("update eventhub.flow_destinations set looked_at = now() - interval '10 minutes'");
  expect(await stored.query("select dispatch_id from eventhub.overdue_dispatches")).toEqual([]);
});

test("what the last part of a drain had to leave is called as soon as the drain has ended", async () => {
  const ids = await insertWaiting(stored, [{ key: "a" }, { key: "b" }, { key: "c" }]);
  await stored.query("update eventhub.dispatches set enqueued_at = now() - interval '1 minute'");
  // One more has come since, for an earlier moment.
  await stored.query("update eventhub.dispatches set enqueued_at = now() + interval '1 second' where id = $1", [
    ids[2],
  ]);
  await stored.query(
    "insert into eventhub.destinations (name, resumed_at, drain_from) values ('LIMITED', now(), now())",
  );
  await arrived(database, ids);
  const puller = new Puller(database, {});
  expect((await puller.take()).ids).toEqual([]);
  const drain = () => database.run(drainResumed([{ name: "LIMITED", perSecond: 1_000 }], 50), { idempotent: false });
  // Somebody works on it at this moment.
  await using busy = await OpenTransaction.begin(
    stored,
    sql`select from eventhub.dispatches where id = ${nth(ids, 1)}::uuid for update`,
  );
  const drained = await drain();
  expect(drained.map(({ id }) => id)).toEqual([ids[0]]);
  await busy.rollback();
  await stored.query("update eventhub.dispatches set next_attempt_at = now() where id = $1", [ids[0]]);
  await arrived(database, ids.slice(0, 1));
  expect((await puller.take()).ids.toSorted()).toEqual(ids.toSorted());
});

describe("when limits change, keys are looked at again a part at a time", () => {
  const KEYS = 2_500;
  const blocked = async () =>
    Number(
      (
        await stored.query<{ n: number }>("select count(*)::int as n from eventhub.flow_keys where blocked is not null")
      )[0]?.n,
    );

  test("so that nobody waits long for the lock; those that asked for a wait, or that an operator holds, stay asleep", async () => {
    await insertWaiting(
      stored,
      Array.from({ length: KEYS }, (_, n) => ({ key: `k${n}` })),
    );
    await arrived(database, []);
    await stored.query(`
      insert into eventhub.flow_keys (destination, key, ready, blocked, wake_at)
      select 'LIMITED', 'k' || n, false, case when n = 7 then 'cooldown' else 'rate' end, now() + interval '1 day' from generate_series(0, ${KEYS - 1}) n`);
    await stored.query(
      "update eventhub.flow_keys set blocked = null, wake_at = null, paused_at = now() where key = 'k8'",
    );
    await stored.query(
      "update eventhub.flow_destinations set rules = '{\"concurrency\": 3}', rules_at = now() - interval '1 minute'",
    );
    const rules: FlowRules = { key: { concurrency: 5 } };
    expect(await arrived(database, [], { rules })).toMatchObject({ wanted: 2 });
    // One less, since one is held.
    expect(await blocked()).toBe(KEYS - 1 - 1_000);
    const puller = new Puller(database, rules);
    expect(await puller.take(1)).toMatchObject({ taken: 1, more: true });
    expect(await blocked()).toBe(KEYS - 1 - 2_000);
    await puller.take(1);
    expect(await blocked()).toBe(1);
    expect(
      await stored.query(
        "select key from eventhub.flow_keys where not ready and (blocked is not null or paused_at is not null) order by key",
      ),
    ).toEqual([{ key: "k7" }, { key: "k8" }]);
    expect(await stored.query("select look_again from eventhub.flow_destinations")).toEqual([{ look_again: null }]);
  });
});

test("a dispatch that is due in the far future keeps nobody waiting, and is not looked at", async () => {
  const [far, now] = await insertWaiting(stored, [{ dueInSeconds: 300 * 86_400 }, { key: "b" }]);
  await arrived(database, [String(far), String(now)]);
  const puller = new Puller(database, {});
  const { ids, rows } = await puller.take();
  expect(ids).toEqual([now]);
  await puller.end(nth(rows, 0));
  const { pace, nextMs } = await puller.take();
  expect(pace).toBe(true);
  expect(nextMs).toBeGreaterThan(299 * 86_400_000);
});
