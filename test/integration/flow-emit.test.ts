import type { SQL } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Operation } from "../../schema/contract/operations.ts";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { routePending } from "../../workers/hub/emit/route-pending.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { retryDispatch } from "../../workers/hub/operator/retry.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { operatorOn } from "../support/history.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const to = (kind: string) => ({ destination: kind, condition: { path: "$.to", contains: kind } });
const routes = compileRoutes({
  destinations: {
    LIMITED: { limits: [{ key: "$.customer", concurrency: 2 }] },
    ORDERED: { order: { key: "$.order", onFailure: "hold" } },
    BOTH: { limits: [{ key: "$.customer", concurrency: 2 }], order: { key: "$.order", onFailure: "skip" } },
    FREE: {},
  },
  routes: ["LIMITED", "ORDERED", "BOTH", "FREE"].map(to),
});

async function emitHere(payload: object | object[], idempotencyKey?: string) {
  const notices: DispatchNotice[] = [];
  await emit(payload, idempotencyKey === undefined ? {} : { idempotencyKey }, {
    routes,
    database: openDatabase(database),
    enqueue: (sent) => notices.push(...sent),
    routePending: () => undefined,
  });
  return notices;
}

const route = async () => {
  const notices: DispatchNotice[] = [];
  const context = { database: openDatabase(database), routes };
  await routePending({ ...context, enqueue: async (sent) => void notices.push(...sent) });
  return notices;
};

interface Row {
  id: string;
  n: number;
  destination: string;
  flow_key: string | null;
  order_key: string | null;
  waiting: boolean | null;
  seq: number | null;
}

/** All dispatches in the order of their turns, those without a turn first. */
const rows = () =>
  database.query<Row>(`select d.id, (e.payload->>'n')::int as n, d.destination, d.flow_key, d.order_key, d.waiting, d.seq::int
    from eventhub.dispatches d join eventhub.events e on e.id = d.event_id order by d.seq nulls first, d.destination, d.id`);

/** The last turn that was drawn. */
const lastTurn = async () => {
  const [row] = await database.query<{ last: number }>("select last_value::int as last from eventhub.turns");
  return row?.last ?? 0;
};

test("an event's dispatches are stored with the keys of their destinations, and the queue is told which have rules", async () => {
  const notices = await emitHere({ to: ["LIMITED", "ORDERED", "BOTH", "FREE"], customer: "ada", order: 7, n: 1 });
  const turn = await lastTurn();
  expect((await rows()).map(({ id, n, ...row }) => row)).toEqual([
    { destination: "FREE", flow_key: null, order_key: null, waiting: null, seq: null },
    { destination: "LIMITED", flow_key: "ada", order_key: null, waiting: true, seq: null },
    { destination: "ORDERED", flow_key: "", order_key: "7", waiting: false, seq: turn - 1 },
    { destination: "BOTH", flow_key: "ada", order_key: "7", waiting: false, seq: turn },
  ]);
  expect(notices.map(({ destination, flow }) => [destination, flow])).toEqual([
    ["LIMITED", true],
    ["ORDERED", true],
    ["BOTH", true],
    ["FREE", undefined],
  ]);
});

test("the statement of a call to destinations without limits and order does not mention them", async () => {
  const statements: string[] = [];
  const inner = openDatabase(database);
  const told = {
    ...inner,
    run: (query: SQL<unknown>) => {
      statements.push(JSON.stringify([textOf(query), parametersOf(query)]));
      return inner.run(query);
    },
  } as Database;
  const context = { routes, database: told, enqueue: () => undefined, routePending: () => undefined };
  await emit([{ to: ["FREE"] }, { to: [] }], {}, context);
  await emit([{ to: ["LIMITED", "FREE"] }], {}, context);
  await emit([{ to: ["LIMITED", "ORDERED"] }], {}, context);
  const words = ["flow_key", "waiting", "seq", "ordinality", "turns"];
  expect(statements.map((text) => words.filter((word) => text.includes(word)))).toEqual([
    [],
    ["flow_key", "waiting"],
    words,
  ]);
});

test("a call without ordered dispatches draws no turn", async () => {
  const before = await lastTurn();
  await emitHere([{ to: ["LIMITED"] }, { to: ["FREE"] }]);
  expect(await lastTurn()).toBe(before);
  expect((await rows()).map(({ seq }) => seq)).toEqual([null, null]);
});

test("a thousand events of a call draw their turns in the order of the payloads, whatever the order of their ids", async () => {
  // The statement has the call's events in the order of their keys; the joins may find them in any order.
  await emitHere(
    Array.from({ length: 1_000 }, (_, n) => ({ to: ["ORDERED", "BOTH"], order: n % 3, n })),
    "a call",
  );
  const stored = await rows();
  expect(stored.map(({ n, destination }) => [n, destination])).toEqual(
    Array.from({ length: 1_000 }, (_, n) => [
      [n, "ORDERED"],
      [n, "BOTH"],
    ]).flat(),
  );
  const [first] = stored;
  expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, index) => (first?.seq ?? 0) + index));
});

test("a duplicate draws no turn", async () => {
  const payloads = [1, 2, 3].map((n) => ({ to: ["ORDERED"], order: "a", n }));
  await emitHere(payloads.slice(0, 2), "again");
  const before = await lastTurn();
  await emitHere(payloads, "again");
  expect(await lastTurn()).toBe(before + 1);
  expect((await rows()).map(({ n }) => n)).toEqual([1, 2, 3]);
});

test("a call that was answered is before one that began then, in each of its keys", async () => {
  for (const n of [1, 2, 3]) await emitHere({ to: ["ORDERED"], order: "a", n });
  expect((await rows()).map(({ n }) => n)).toEqual([1, 2, 3]);
});

test("what was emitted in SQL gets its keys and its turn when it is routed, in an order", async () => {
  const payload = `{"to": ["ORDERED", "LIMITED"], "customer": {"id": 5}, "order": true}`;
  await database.query("select eventhub.emit($1::jsonb || jsonb_build_object('n', n)) from generate_series(1, 150) n", [
    payload,
  ]);
  expect(await rows()).toEqual([]);
  const notices = await route();
  expect(notices.filter(({ flow }) => flow)).toHaveLength(300);
  const [limited, ordered] = [await rows()].flatMap((all) => [all.slice(0, 150), all.slice(150)]);
  expect(new Set(limited?.map(({ id, n, ...row }) => JSON.stringify(row)))).toEqual(
    new Set([
      JSON.stringify({ destination: "LIMITED", flow_key: '{"id":5}', order_key: null, waiting: true, seq: null }),
    ]),
  );
  const written = await database.query<{ n: number }>(
    "select (payload->>'n')::int as n from eventhub.events order by id",
  );
  expect(ordered?.map(({ n, order_key, waiting }) => [n, order_key, waiting])).toEqual(
    written.map(({ n }) => [n, "true", false]),
  );
});

test("what is routed without an order draws no turn", async () => {
  const before = await lastTurn();
  await database.query(`select eventhub.emit('{"to": ["LIMITED", "FREE"]}')`);
  const notices = await route();
  expect(notices.map(({ destination, flow }) => [destination, flow]).sort()).toEqual([
    ["FREE", undefined],
    ["LIMITED", true],
  ]);
  expect(await lastTurn()).toBe(before);
});

test("a retry takes the place of the dispatch that it retries, and is not yet first", async () => {
  await emitHere([1, 2].map((n) => ({ to: ["ORDERED"], order: "a", n })));
  const [failed, next] = await rows();
  await database.query(
    "update eventhub.dispatches set status = 'failed', resulted_at = now(), head = null, held = true, position = 9, waiting = false where id = $1",
    [failed?.id],
  );
  const before = await lastTurn();
  const { id } = await retryDispatch(operatorOn(database), failed?.id, {});
  expect(await lastTurn()).toBe(before);
  const [retry] = await database.query(
    "select flow_key, order_key, seq::int, waiting, head, held, position from eventhub.dispatches where id = $1",
    [id],
  );
  expect(retry).toEqual({
    flow_key: "",
    order_key: "a",
    seq: failed?.seq,
    waiting: false,
    head: null,
    held: null,
    position: null,
  });
  expect(next?.seq).toBe((failed?.seq ?? 0) + 1);
});

test("a retry of what has limits alone waits for them, and one of what has none for nothing", async () => {
  await emitHere({ to: ["LIMITED", "FREE"], customer: "ada" });
  await database.query(
    "update eventhub.dispatches set status = 'failed', resulted_at = now(), waiting = case when waiting then false end",
  );
  for (const { id } of await rows()) await retryDispatch(operatorOn(database), id, {});
  const retries = await database.query(
    "select destination, flow_key, waiting, seq from eventhub.dispatches where retry_of is not null order by destination",
  );
  expect(retries).toEqual([
    { destination: "FREE", flow_key: null, waiting: null, seq: null },
    { destination: "LIMITED", flow_key: "ada", waiting: true, seq: null },
  ]);
});

test.each(["same", "current"] as const)(
  "a replay with the %s routing draws new turns, in the events' order",
  async (routing) => {
    await emitHere(Array.from({ length: 120 }, (_, n) => ({ to: ["BOTH", "FREE"], customer: "ada", order: "a", n })));
    const before = await lastTurn();
    const operator = { ...operatorOn(database), routes: () => routes };
    expect(((await replayEvents(operator, {}, { routing })) as Operation).affected).toBe(240);
    const replayed = (await rows()).filter(({ seq }) => seq !== null && seq > before);
    expect(replayed.map(({ id, n, ...row }) => row)).toEqual(
      Array.from({ length: 120 }, (_, n) => ({
        destination: "BOTH",
        flow_key: "ada",
        order_key: "a",
        waiting: false,
        seq: before + 1 + n,
      })),
    );
    const events = await database.query<{ n: number }>(
      "select (payload->>'n')::int as n from eventhub.events order by id",
    );
    expect(replayed.map(({ n }) => n)).toEqual(events.map(({ n }) => n));
  },
);
