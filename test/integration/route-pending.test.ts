import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { storeEvents } from "../../schema/queries/events/store-events.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { MAX_DISPATCHES_PER_ROUND, routePending } from "../../workers/hub/emit/route-pending.ts";
import { noneWaitsBelow, unroutedFrom } from "../../workers/hub/emit/unrouted-from.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const routesTo = (count: number) =>
  compileRoutes({ routes: Array.from({ length: count }, (_, n) => ({ name: `route ${n}`, destination: "A" })) });

/** Whether the next `emit` of an isolate sees that events wait. */
const unroutedAt = async (isolate: Database, now = Date.now()) =>
  (await isolate.run(storeEvents([], [], unroutedFrom(isolate, now))))[0]?.unrouted;

/** One run: how many events it routed, and how many dispatches it reported to the queue. */
async function run(routes: number, isolate = openDatabase(database)) {
  const notices: DispatchNotice[] = [];
  const routed = await routePending({
    database: isolate,
    routes: routesTo(routes),
    enqueue: async (sent) => void notices.push(...sent),
  });
  return { routed, notices: notices.length };
}

const emitInSql = (count: number, payload = "jsonb_build_object('n', i)") =>
  database.query(`select eventhub.emit(${payload}) from generate_series(1, $1) i`, [count]);

const left = async () =>
  (await database.query<{ n: number }>("select count(*)::int as n from eventhub.events where not routed"))[0]?.n;

describe("events that were written in SQL are all routed in one run", () => {
  test("also where they are large, so that few are read at once", async () => {
    await emitInSql(40, "jsonb_build_object('text', repeat('x', 500000))");
    expect(await run(1)).toEqual({ routed: 40, notices: 40 });
    expect(await left()).toBe(0);
  });

  test("also where each makes so many dispatches that a round has room for few", async () => {
    const routes = MAX_DISPATCHES_PER_ROUND / 4 + 1;
    await emitInSql(7);
    expect(await run(routes)).toEqual({ routed: 7, notices: 7 * routes });
    expect(await left()).toBe(0);
  });

  test("and one that makes more than a round has room for gets a round of its own", async () => {
    await emitInSql(2);
    expect(await run(MAX_DISPATCHES_PER_ROUND + 1)).toEqual({ routed: 2, notices: 2 * (MAX_DISPATCHES_PER_ROUND + 1) });
  });
});

describe("what was routed is not passed over again by each emit, until a vacuum", () => {
  test("but what is written later is seen at once, and what commits late within a minute", async () => {
    const isolate = openDatabase(database);
    await emitInSql(3);
    expect(await unroutedAt(isolate)).toBe(true);
    await run(1, isolate);
    const [newest] = await database.query<{ id: string }>("select id from eventhub.events order by id desc limit 1");
    expect(unroutedFrom(isolate)).toBe(newest?.id);
    expect(await unroutedAt(isolate)).toBe(false);
    await emitInSql(1);
    expect(await unroutedAt(isolate)).toBe(true);
    expect(await run(1, isolate)).toEqual({ routed: 1, notices: 1 });
    // Its transaction began an hour ago.
    await emitInSql(1);
    await database.query(
      "update eventhub.events set id = eventhub.uuid_at(now() - interval '1 hour') where not routed",
    );
    expect(await unroutedAt(isolate)).toBe(false);
    expect(await unroutedAt(isolate, Date.now() + 60_000)).toBe(true);
    expect(await run(1, isolate)).toEqual({ routed: 1, notices: 1 });
  });

  test("a look from the middle is trusted no longer than the whole one before it, and none that knows less", () => {
    const isolate = openDatabase(database);
    noneWaitsBelow(isolate, "b", "c", 0);
    expect(unroutedFrom(isolate, 0)).toBeUndefined();
    noneWaitsBelow(isolate, undefined, "b", 0);
    noneWaitsBelow(isolate, "c", "e", 1);
    expect(unroutedFrom(isolate, 1)).toBe("b");
    noneWaitsBelow(isolate, "b", "d", 59_000);
    expect(unroutedFrom(isolate, 59_999)).toBe("d");
    expect(unroutedFrom(isolate, 60_000)).toBeUndefined();
    // A clock that was set back.
    expect(unroutedFrom(isolate, -1)).toBeUndefined();
  });
});
