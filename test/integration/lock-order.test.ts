import { randomUUID } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { pauseDestination } from "../../schema/queries/destinations/pause-destination.ts";
import { cancelDispatches } from "../../schema/queries/dispatches/cancel-dispatches.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { pruneRows } from "../../schema/queries/events/prune-events.ts";
import { startOperation } from "../../schema/queries/operations/start-operation.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { claim, claimOf } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { completed, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
  test_ = await createDatabase();
  database = openDatabase(test_);
});
afterAll(() => test_?.drop());

const context = (over: Database = database) => ({
  routes: compileRoutes({ routes: [{ destination: "ONE" }] }),
  database: over,
  enqueue: () => undefined,
  routePending: () => undefined,
  hops: 0,
});
const deadlocks = async () => {
  await test_.query("select pg_stat_force_next_flush()");
  const [row] = await test_.query<{ deadlocks: string }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return Number(row?.deadlocks);
};
const operation = (action: "pause_destination" | "cancel_dispatches") => ({
  id: randomUUID(),
  actor: "test",
  action,
  arguments: {},
});

/** Resolves once a statement of this database waits for a lock. */
const someoneWaits = () =>
  expect
    .poll(async () => {
      const [row] = await test_.query<{ n: number }>(
        "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return row?.n;
    })
    .toBeGreaterThan(0);

test("an event whose key retention frees between the insert and the look is stored, not only answered", async () => {
  await emit({ n: 1 }, { idempotencyKey: "again" }, context());
  let freed = false;
  const racing: Database = {
    ...database,
    // The two statements with a deletion in between: each sees what is committed when it begins.
    transaction: (async (statements: SQL<unknown>[]) => {
      const rows = [await database.run(statements[0] as SQL<unknown>)];
      if (!freed) {
        freed = true;
        await test_.query(
          "delete from eventhub.dispatches where event_id in (select id from eventhub.events where idempotency_key = 'again')",
        );
        await test_.query("delete from eventhub.events where idempotency_key = 'again'");
      }
      for (const statement of statements.slice(1)) rows.push(await database.run(statement));
      return rows;
    }) as Database["transaction"],
  };
  const { events } = await emit({ n: 2 }, { idempotencyKey: "again" }, context(racing));
  const stored = await test_.query("select id from eventhub.events where idempotency_key = 'again'");
  expect(stored).toEqual([{ id: events[0]?.id }]);
  expect(events[0]?.duplicate).toBe(false);
  expect(await test_.query("select id from eventhub.dispatches where event_id = $1", [events[0]?.id])).toEqual(
    events[0]?.dispatches.map(({ id }) => ({ id })),
  );
});

test("calls with the same keys in different orders store each once, and none waits for another in a circle", async () => {
  const before = await deadlocks();
  const sources = Array.from({ length: 1_000 }, (_, n) => n);
  const event = (n: number) => ({ specversion: "1.0", type: "t", source: "/orders", id: String(n) });
  const orders = Array.from({ length: 8 }, (_, caller) =>
    sources.map((n) => ((n + caller * 125) * (2 * caller + (caller % 8 === 2 || caller % 8 === 7 ? 3 : 1))) % 1_000),
  );
  const results = await Promise.all(orders.map((order) => emit(order.map(event), { cloudEvents: true }, context())));
  expect(results.flatMap(({ events }) => events.filter(({ duplicate }) => !duplicate))).toHaveLength(1_000);
  expect(
    await test_.query("select count(*)::int as n from eventhub.events where idempotency_key like '/orders %'"),
  ).toEqual([{ n: 1_000 }]);
  expect(await deadlocks()).toBe(before);
});

test("records and a cancel of the same dispatches end one after the other", async () => {
  const before = await deadlocks();
  // A planner may read a table of a few hundred rows completely, in no order. A deadlock there is repeated automatically.
  await test_.query(`
    with event as (insert into eventhub.events (id, payload, payload_bytes) values (gen_random_uuid(), '{}', 2) returning id)
    insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
    select gen_random_uuid(), id, 'OTHERS', 'others', 0, '{"type": "constant", "interval": 0}', 30, now() from event, generate_series(1, 2000)`);
  await test_.query("analyze eventhub.dispatches");
  for (let round = 0; round < 20; round++) {
    const ids = await Promise.all(Array.from({ length: 40 }, () => insertDispatch(test_, { destination: "RECORDED" })));
    const { token } = await claim(database, ids);
    const cancel = operation("cancel_dispatches");
    await database.run(startOperation(cancel));
    const chunk = { operationId: cancel.id, position: null, next: null, examined: 40, last: true };
    await Promise.all([
      database.run(
        recordExecutions(
          ids.toReversed().map((id) => completed(id, token)),
          "one",
        ),
      ),
      database.run(cancelDispatches(ids, "by hand", chunk)),
    ]);
    expect(
      await test_.query("select count(*)::int as n from eventhub.executions where dispatch_id = any($1)", [ids]),
    ).toEqual([{ n: 40 }]);
  }
  expect(await deadlocks()).toBe(before);
});

test("a claim that had to wait for any of its rows takes none once a pause was answered", async () => {
  const ids = (await Promise.all([0, 1, 2].map(() => insertDispatch(test_, { destination: "PAUSED_LATE" })))).sort();
  const holder = await test_.pool.connect();
  try {
    await holder.query("begin");
    await holder.query("select from eventhub.dispatches where id = $1 for update", [ids.at(-1)]);
    const claimed = database.run(claimOf(ids));
    await someoneWaits();
    await database.run(pauseDestination("PAUSED_LATE", null, operation("pause_destination")));
    await holder.query("commit");
    expect((await claimed).map(({ answer }) => answer)).toEqual(["held", "held", "held"]);
  } finally {
    holder.release();
  }
  for (const id of ids) expect(await readDispatch(test_, id)).toMatchObject({ claim: null, claims: 0, generation: 1 });
});

test("retention locks the dispatches that it deletes in the order of all others", async () => {
  const before = await deadlocks();
  const ids = await Promise.all(
    Array.from({ length: 40 }, () =>
      insertDispatch(test_, { destination: "OLD", status: "cancelled", resulted_at: new Date(0) }),
    ),
  );
  await test_.query(
    "update eventhub.events e set created_at = now() - interval '9 days' from eventhub.dispatches d where d.event_id = e.id and d.destination = 'OLD'",
  );
  const records = ids
    .toReversed()
    .map((id) =>
      completed(id, randomUUID(), { result: "failed", status: "ongoing", decisive: false, delaySeconds: 0 }),
    );
  await Promise.all([database.run(recordExecutions(records, "one")), database.run(pruneRows(1, 1_000))]);
  expect(await deadlocks()).toBe(before);
});
