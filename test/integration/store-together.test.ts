import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RouteInput } from "../../schema/config/routes.ts";
import type { EmitResult } from "../../schema/contract/index.ts";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { MAX_SHARED_EVENTS, STORES_AT_ONCE } from "../../workers/hub/emit/store-together.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

/** Calls of `emit()` that come at once in one isolate, and share statements. */

let database: TestDatabase;
let hub: Database;
beforeAll(async () => {
  database = await createDatabase();
  hub = openDatabase(database);
  // A word in the event makes Postgres refuse it, or delays its statement.
  await database.query(`create function public.odd_event() returns trigger language plpgsql as $$ begin
    if new.payload ? 'refused' then raise exception 'not this one' using errcode = '22023'; end if;
    if new.payload ? 'held' then perform pg_advisory_xact_lock(1); end if;
    return new; end $$`);
  await database.query(
    "create trigger odd_event before insert on eventhub.events for each row execute function public.odd_event()",
  );
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const ROUTES: RouteInput[] = [
  { destination: "ONE" },
  { destination: "ORDERED", condition: { path: "$.key", exact: "k" } },
];
const routes = compileRoutes({
  destinations: { ORDERED: { kind: "worker", order: { key: "$.key", onFailure: "hold" } } },
  routes: ROUTES,
});

const notices: DispatchNotice[] = [];
const call = (payload: object): Promise<EmitResult> =>
  emit(
    payload,
    {},
    {
      routes,
      database: hub,
      enqueue: (sent) => notices.push(...sent),
      routePending: () => undefined,
    },
  );
/** As many calls as are stored one by one. */
const first = (payload: object) => Array.from({ length: STORES_AT_ONCE }, () => call(payload));
const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

async function storedIn(work: () => Promise<unknown>): Promise<number> {
  const before = await database.requests();
  await work();
  return (await database.requests()) - before;
}

describe("calls at once", () => {
  test("are stored each alone, as long as they are few", async () => {
    expect(await storedIn(() => Promise.all(first({ n: 1 })))).toBe(STORES_AT_ONCE);
  });

  test("share statements where they are many: each is stored once, and answered with its own", async () => {
    notices.length = 0;
    let answers: EmitResult[] = [];
    const statements = await storedIn(async () => {
      answers = await Promise.all(many(80, (n) => call({ n })));
    });
    // One statement for each of the first calls, and twice as many as the rest needs.
    expect(statements).toBeLessThan(40);
    const rows = await database.query<{ id: string; n: number; dispatch: string }>(
      "select e.id, (payload ->> 'n')::int as n, d.id as dispatch from eventhub.events e join eventhub.dispatches d on d.event_id = e.id order by n",
    );
    expect(rows).toEqual(
      answers.map(({ events: [event] }, n) => ({ id: event?.id, n, dispatch: event?.dispatches[0]?.id })),
    );
    expect(new Set(notices.map(({ id }) => id))).toEqual(new Set(rows.map(({ dispatch }) => dispatch)));
    expect(notices).toHaveLength(80);
  });

  test("keep the order in which a call has its events, and that of calls that follow each other", async () => {
    const beside = many(40, (n) => call({ n }));
    await call([
      { key: "k", n: 1 },
      { key: "k", n: 2 },
    ]);
    await call([
      { key: "k", n: 3 },
      { key: "k", n: 4 },
    ]);
    await Promise.all(beside);
    const rows = await database.query<{ n: number }>(
      "select (payload ->> 'n')::int as n from eventhub.dispatches d join eventhub.events e on e.id = d.event_id where seq is not null order by seq",
    );
    expect(rows.map(({ n }) => n)).toEqual([1, 2, 3, 4]);
  });

  test("with more events than share a statement go alone", async () => {
    const large = call(many(MAX_SHARED_EVENTS + 1, (n) => ({ n })));
    const answers = await Promise.all([...first({}), large]);
    expect(answers.at(-1)?.events).toHaveLength(MAX_SHARED_EVENTS + 1);
  });

  test("are refused each for its own events alone", async () => {
    const calls = many(40, (n) => call(n === 30 ? { n, refused: true } : { n }));
    const answers = await Promise.allSettled(calls);
    expect(answers.flatMap(({ status }, n) => (status === "rejected" ? [n] : []))).toEqual([30]);
    await expect(calls[30]).rejects.toThrow("[invalid_payload] database: 22023 not this one");
    const [row] = await database.query<{ n: number }>("select count(*)::int as n from eventhub.events");
    expect(row?.n).toBe(39);
  });
});

test("a call does not wait for ever for those before it: it stores its events itself, and they are stored once", async () => {
  const holder = await database.pool.connect();
  await holder.query("select pg_advisory_lock(1)");
  const held = first({ held: true });
  const waited = await Promise.all(many(20, (n) => call({ n })));
  expect(waited).toHaveLength(20);
  await holder.query("select pg_advisory_unlock(1)");
  holder.release();
  await Promise.all(held);
  const [row] = await database.query<{ events: number; dispatches: number }>(
    "select (select count(*)::int from eventhub.events) as events, (select count(*)::int from eventhub.dispatches) as dispatches",
  );
  expect(row).toEqual({ events: 20 + STORES_AT_ONCE, dispatches: 20 + STORES_AT_ONCE });
});
