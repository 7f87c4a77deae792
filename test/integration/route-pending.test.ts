import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { MAX_DISPATCHES_PER_ROUND, routePending } from "../../workers/hub/emit/route-pending.ts";
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

/** One run: how many events it routed, and how many dispatches it told the queue of. */
async function run(routes: number) {
  const notices: DispatchNotice[] = [];
  const routed = await routePending({
    database: openDatabase(database),
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
