import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import { routePending } from "../../workers/hub/emit/route-pending.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { operatorOn } from "../support/history.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const hub = (total: object, check: "reject" | "warn" = "reject") =>
  compileRoutes({
    events: {
      "order.paid": { schema: { properties: { total }, required: ["total"] }, check },
    },
    eventDefaults: { unknown: "off" },
    routes: [{ name: "paid", condition: { path: "$.kind", exact: "order.paid" }, destination: "BILLING" }],
  });

/** Ids of one millisecond have no order, so the next call gets a later one. */
const emitInSql = async (payload: object) => {
  const [row] = await database.query<{ id: string }>("select eventhub.emit($1::jsonb) as id", [
    JSON.stringify(payload),
  ]);
  await database.query(
    "do $$ declare at timestamptz := clock_timestamp(); begin while clock_timestamp() < at + interval '1 ms' loop end loop; end $$",
  );
  return row?.id ?? "";
};

const route = (routes: ReturnType<typeof hub>) =>
  routePending({ database: openDatabase(database), routes, events: routes.events, enqueue: async () => undefined });

const replay = (routes: ReturnType<typeof hub>, options: object = {}) =>
  replayEvents(
    operatorOn(database, { routes: () => routes, events: () => routes.events }),
    { invalid: true },
    { routing: "current", ...options },
  );

const rows = () =>
  database.query(`
    select e.payload, e.routed, e.invalid, (select count(*)::int from eventhub.dispatches d where d.event_id = e.id) as dispatches
    from eventhub.events e where not e.own order by e.id`);

const wrong = { kind: "order.paid", total: "5" };
const REFUSED = { refused: true, faults: ["total: must be a number, got a string"] };

describe("events of SQL that their schema refuses", () => {
  test("are routed with the others, but have no destination, and keep their faults", async () => {
    await emitInSql({ kind: "order.paid", total: 5 });
    await emitInSql(wrong);
    await emitInSql({ kind: "order.seen" });
    expect(await route(hub({ type: "number" }))).toBe(3);
    expect(await rows()).toEqual([
      { payload: { kind: "order.paid", total: 5 }, routed: true, invalid: null, dispatches: 1 },
      { payload: wrong, routed: true, invalid: REFUSED, dispatches: 0 },
      { payload: { kind: "order.seen" }, routed: true, invalid: null, dispatches: 0 },
    ]);
  });

  test("are delivered if their schema only warns", async () => {
    await emitInSql(wrong);
    await route(hub({ type: "number" }, "warn"));
    expect(await rows()).toEqual([
      { payload: wrong, routed: true, invalid: { ...REFUSED, refused: false }, dispatches: 1 },
    ]);
  });

  test("are delivered by a replay once the schema takes them, and not before", async () => {
    await emitInSql(wrong);
    await route(hub({ type: "number" }));

    await replay(hub({ type: "integer" }));
    expect(await rows()).toMatchObject([{ invalid: REFUSED, dispatches: 0 }]);

    const mended = hub({ type: ["number", "string"] });
    expect(await replay(mended, { dryRun: true })).toMatchObject({ events: 1, dispatches: 1 });
    await replay(mended);
    expect(await rows()).toMatchObject([{ invalid: null, dispatches: 1 }]);

    // An event that was corrected is no longer found.
    await replay(mended);
    expect(await rows()).toMatchObject([{ invalid: null, dispatches: 1 }]);
  });

  test("lose their faults with their payload, since these may repeat it", async () => {
    await emitInSql(wrong);
    await route(hub({ type: "number" }));
    await database.query(
      "update eventhub.events set created_at = now() - interval '9 days', id = eventhub.uuid_at(now() - interval '9 days')",
    );
    await database.query("select eventhub.expire_payloads(interval '8 days')");
    expect(await rows()).toMatchObject([{ payload: null, invalid: null }]);
  });
});
