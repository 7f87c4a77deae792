import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { findNextLook } from "../../schema/queries/setup/find-next-look.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { type DispatchValues, insertDispatch } from "../support/dispatch-rows.ts";
import { insertWaiting } from "../support/flow-database.ts";
import { planOf } from "../support/query-plans.ts";

/** When the next thing can be overdue, with a grace of a minute, and a minute between two looks. */

let stored: TestDatabase;
let database: Database;
beforeAll(async () => {
  stored = await createDatabase();
  database = openDatabase(stored);
});
afterAll(() => stored?.drop());
afterEach(() => stored.clear());

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
const HOUR = 3_600;
const DAY = 86_400;

/** In whole seconds, or null. The time for the statement and the earlier insertions does not count. */
async function nextLook({ unfinished = false } = {}): Promise<number | null> {
  const [row] = await database.run(findNextLook({ graceSeconds: 60, unfinished, betweenMs: 60_000 }));
  const ms = row?.next_ms ?? null;
  return ms === null ? null : Math.round(ms / 10_000) * 10;
}
const insert = (values: DispatchValues = {}) => insertDispatch(stored, { enqueued_at: new Date(), ...values });
const owned = (values: DispatchValues = {}) => insert({ instance_id: "one", workflow: "DISPATCH", ...values });
const destination = async (values: object) => {
  const names = Object.keys(values);
  await stored.query(
    `insert into eventhub.destinations (${names.join(", ")}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`,
    Object.values(values),
  );
  // The hub's own event about it waits for the next tick.
  await stored.query("update eventhub.events set routed = true");
};

test("nothing is there: never, and the heartbeat says so", async () => {
  expect(await nextLook()).toBeNull();
  expect(await stored.query("select next_at from eventhub.heartbeats where name = 'executor'")).toEqual([
    { next_at: null },
  ]);
});

test("nothing is ongoing: never", async () => {
  await insert({ status: "complete", resulted_at: new Date() });
  await insert({ status: "failed", resulted_at: new Date() });
  expect(await nextLook()).toBeNull();
});

test("the heartbeat says when", async () => {
  await insert({ next_attempt_at: inSeconds(HOUR) });
  await nextLook();
  const [row] = await stored.query<{ s: number }>(
    "select extract(epoch from next_at - now())::float8 as s from eventhub.heartbeats where name = 'executor'",
  );
  expect(Math.round((row?.s ?? 0) / 60)).toBe(61);
});

test("a look that has left something, or was cut short: after the least time between two", async () => {
  expect(await nextLook({ unfinished: true })).toBe(60);
});

describe("what nobody has claimed", () => {
  test("is overdue a grace after it is due", async () => {
    await insert({ next_attempt_at: inSeconds(DAY) });
    await insert({ next_attempt_at: inSeconds(2 * DAY), destination: "OTHER" });
    expect(await nextLook()).toBe(DAY + 60);
  });

  test("and, enqueued again, after the time that it waits for the queue", async () => {
    await insert({ enqueues: 4 });
    expect(await nextLook()).toBe(480);
  });

  test("waits an hour at most, however often it was enqueued", async () => {
    await insert({ enqueues: 40 });
    expect(await nextLook()).toBe(HOUR);
  });

  test("is looked at as soon as there is a look, if it is overdue", async () => {
    await insert({ enqueued_at: inSeconds(-HOUR), next_attempt_at: inSeconds(-HOUR) });
    expect(await nextLook()).toBe(60);
  });
});

describe("what an instance owns", () => {
  test("is overdue a grace after its lease: a healthy one arms nothing soon", async () => {
    await owned({ lease_until: inSeconds(600) });
    expect(await nextLook()).toBe(660);
  });

  test("waits for its retry", async () => {
    await owned({ next_attempt_at: inSeconds(HOUR) });
    expect(await nextLook()).toBe(HOUR + 60);
  });

  test("has more time after fruitless generations", async () => {
    await owned({ lease_until: new Date(), fruitless_generations: 3 });
    expect(await nextLook()).toBe(480);
  });
});

test("beside a thousand that are well, those due later are looked for in time", async () => {
  const [event] = await stored.query<{ id: string }>(
    "insert into eventhub.events (id, payload, payload_bytes) values (gen_random_uuid(), '{}', 2) returning id",
  );
  await stored.query(
    `insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at, instance_id, workflow, lease_until)
     select gen_random_uuid(), $1, 'MANY', 'route', 3, '{"type":"constant","interval":0}', 30, now() - interval '1 hour', 'one', 'DISPATCH', now() + interval '10 minutes'
     from generate_series(1, 1000)`,
    [event?.id],
  );
  expect(await nextLook()).toBe(660);
  await insert({ destination: "MANY", next_attempt_at: inSeconds(-1) });
  expect(await nextLook()).toBe(60);
});

test("is known by the indexes, however many wait", async () => {
  await stored.query(
    `with event as (insert into eventhub.events (id, payload, payload_bytes) values (gen_random_uuid(), '{}', 2) returning id)
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
     select gen_random_uuid(), event.id, 'MANY ' || n % 3, 'route', 3, '{"type":"constant","interval":0}', 30, now() + n * interval '1 s'
     from event, generate_series(1, 60000) n`,
  );
  const plan = await planOf(stored, sql`select eventhub.next_look(60, 30, 60, false)`, "analyze", "buffers");
  const pages = (plan["Shared Hit Blocks"] ?? Number.NaN) + (plan["Shared Read Blocks"] ?? Number.NaN);
  // Of each of the three destinations a thousand rows and some, a page each at most.
  expect(pages).toBeLessThan(5_000);
});

describe("a destination that is paused", () => {
  test("by an operator holds what it has: time brings on nothing", async () => {
    await insert({ enqueued_at: inSeconds(-HOUR), next_attempt_at: inSeconds(-HOUR) });
    await destination({ name: "SCRIPTED", paused_at: new Date(), paused_by: "operator" });
    expect(await nextLook()).toBeNull();
  });

  test("by its breaker is probed, when there is something to probe with", async () => {
    await destination({ name: "SCRIPTED", paused_at: new Date(), paused_by: "breaker", probe_at: inSeconds(300) });
    expect(await nextLook()).toBeNull();
    await insert();
    expect(await nextLook()).toBe(300);
  });

  test("and whose probe is under way is looked at again soon", async () => {
    const probe = await owned();
    const paused = { name: "SCRIPTED", paused_at: new Date(), paused_by: "breaker", probe_at: inSeconds(300) };
    await destination({ ...paused, probe_dispatch: probe, probe_attempt: 0, probed_at: new Date() });
    expect(await nextLook()).toBe(60);
  });

  test("and was resumed is drained before what was given out is due", async () => {
    await insert({ enqueued_at: inSeconds(-HOUR), next_attempt_at: inSeconds(-HOUR) });
    await destination({ name: "SCRIPTED", resumed_at: new Date(), drain_from: new Date(), drained_at: inSeconds(300) });
    expect(await nextLook()).toBe(240);
  });
});

test("bulk work is gone on with when it is abandoned", async () => {
  await stored.query(
    "insert into eventhub.operations (id, actor, action, arguments, updated_at) values ($1, 'ada', 'retry_dispatches', '{}', now() + interval '1 minute')",
    [randomUUID()],
  );
  expect(await nextLook()).toBe(90);
  await stored.query("update eventhub.operations set state = 'finished', finished_at = now()");
  expect(await nextLook()).toBeNull();
});

test("what was emitted in SQL is routed soon", async () => {
  await stored.query("select eventhub.emit('{}')");
  expect(await nextLook()).toBe(60);
});

describe("a destination with limits or an order", () => {
  const FLOW = "insert into eventhub.flow_destinations (destination) values ('LIMITED')";
  const old = () => stored.query("update eventhub.dispatches set id = eventhub.uuid_at(now() - interval '1 hour')");

  test("has nothing: never", async () => {
    await stored.query(FLOW);
    await stored.query("insert into eventhub.flow_keys (destination, key, ready) values ('LIMITED', '', true)");
    expect(await nextLook()).toBeNull();
  });

  test("has something that may be called, and nobody who looks again: soon", async () => {
    await stored.query(FLOW);
    await insertWaiting(stored, [{ key: "a" }]);
    await old();
    await stored.query("insert into eventhub.flow_keys (destination, key, ready) values ('LIMITED', 'a', true)");
    expect(await nextLook()).toBe(60);
  });

  test("is asleep, with one that looks again: a grace after that", async () => {
    await insertWaiting(stored, [{ key: "a" }]);
    await old();
    await stored.query("insert into eventhub.flow_keys (destination, key, ready) values ('LIMITED', 'a', true)");
    await stored.query(
      "insert into eventhub.flow_destinations (destination, pacer, pace_at) values ('LIMITED', 'one', now() + interval '1 hour')",
    );
    expect(await nextLook()).toBe(HOUR + 60);
  });

  test("has a key that an operator holds: time brings on nothing", async () => {
    await stored.query(FLOW);
    await insertWaiting(stored, [{ key: "a" }]);
    await old();
    await stored.query(
      "insert into eventhub.flow_keys (destination, key, ready, paused_at) values ('LIMITED', 'a', false, now())",
    );
    expect(await nextLook()).toBeNull();
  });

  test("has a key that sleeps, and calls under way: when it wakes, or the first lease is over", async () => {
    await stored.query(FLOW);
    await stored.query(
      "insert into eventhub.flow_keys (destination, key, ready, wake_at) values ('LIMITED', 'a', false, now() + interval '2 hours')",
    );
    expect(await nextLook()).toBe(2 * HOUR + 60);
    await stored.query("update eventhub.flow_destinations set reap_at = now() + interval '1 hour'");
    expect(await nextLook()).toBe(HOUR + 60);
  });

  test("has what is due later: a grace after that", async () => {
    await stored.query(FLOW);
    await insertWaiting(stored, [{ key: "a", dueInSeconds: DAY }]);
    await old();
    expect(await nextLook()).toBe(DAY + 60);
  });

  test("has what came just now, whose message may be lost: a grace after it came", async () => {
    await stored.query(FLOW);
    await insertWaiting(stored, [{ order: "a" }]);
    await stored.query("update eventhub.dispatches set waiting = false");
    expect(await nextLook()).toBe(60);
  });

  test("whose keys were not all looked at: soon", async () => {
    await stored.query("insert into eventhub.flow_destinations (destination, swept_key) values ('LIMITED', 'm')");
    expect(await nextLook()).toBe(60);
  });
});
