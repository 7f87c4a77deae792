import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { MAX_TRIES } from "../../schema/database/connection.ts";
import { storeEvents } from "../../schema/queries/events/store-events.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

let system: System;
beforeAll(async () => {
  system = await startSystem({ faulty: true });
});
afterAll(() => system?.stop());
afterEach(() => system.faults.clear());

const STORE = storeEvents([], []);
const stored = async (key: string) =>
  (await system.database.query("select id from eventhub.events where idempotency_key = $1", [key])).length;
const callsOf = async (eventId: string) => (await system.calls(eventId)).length;
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error) => error.message,
  );

test("a database that refuses before the commit: nothing is stored, the caller is told, and its repeat stores once", async () => {
  await system.faults.plan({ place: "database", fault: "refuse", times: MAX_TRIES, statement: STORE });
  const emit = () => system.emit({ to: "SCRIPTED" }, { idempotencyKey: "refused" });
  expect(await refusalOf(emit())).toMatch(/^\[unavailable\] database: .*repeat the call, with an idempotencyKey/);
  expect(await stored("refused")).toBe(0);
  const { events } = await emit();
  expect(events[0]?.duplicate).toBe(false);
  expect(await system.settled(events[0]?.id ?? "")).toMatchObject([{ status: "complete", attempts: 1 }]);
  expect(await stored("refused")).toBe(1);
});

test.each(["cut after", "error 500 after"])(
  "an answer that is lost after the commit (%s): stored once, also without a key",
  async (fault) => {
    await system.faults.plan({ place: "database", fault, statement: STORE });
    const { events } = await system.emit({ to: "SCRIPTED", fault });
    expect(events).toMatchObject([{ duplicate: false, dispatches: [{ destination: "SCRIPTED" }] }]);
    expect(await system.database.query("select id from eventhub.events where payload->>'fault' = $1", [fault])).toEqual(
      [{ id: events[0]?.id }],
    );
    expect(await system.settled(events[0]?.id ?? "")).toMatchObject([
      { id: events[0]?.dispatches[0]?.id, status: "complete" },
    ]);
  },
);

test("every answer lost: the caller repeats and learns what is stored; it is delivered once, by reconciling", async () => {
  await system.faults.plan({ place: "database", fault: "cut after", times: MAX_TRIES, statement: STORE });
  const emit = () => system.emit({ to: "both" }, { idempotencyKey: "lost answers" });
  expect(await refusalOf(emit())).toMatch(/^\[unavailable\]/);
  expect(await stored("lost answers")).toBe(1);
  const { events } = await emit();
  expect(events).toMatchObject([
    { duplicate: true, dispatches: [{ destination: "SCRIPTED" }, { destination: "SINGLE" }] },
  ]);
  expect(await system.reconcile()).toMatchObject({ requeued: 2 });
  const rows = await system.settled(events[0]?.id ?? "");
  expect(rows.map(({ id }) => id)).toEqual(events[0]?.dispatches.map(({ id }) => id));
  expect(await callsOf(events[0]?.id ?? "")).toBe(2);
});

test("two calls with one key at once, while the first one's answer is lost: one event, both are told its id", async () => {
  await system.faults.plan({ place: "database", fault: "cut after", statement: STORE });
  const emit = () => system.emit({ to: "SCRIPTED" }, { idempotencyKey: "twins" });
  const answers = await Promise.all([emit(), emit()]);
  expect(await stored("twins")).toBe(1);
  expect(answers[0].events[0]?.id).toBe(answers[1].events[0]?.id);
  await system.reconcile();
  await system.settled(answers[0].events[0]?.id ?? "");
  expect(await callsOf(answers[0].events[0]?.id ?? "")).toBe(1);
});

test("a queue that refuses does not concern the caller: reconciling enqueues", async () => {
  await system.faults.plan({ place: "queue.send", fault: "refuse" });
  const { events } = await system.emit({ to: "SCRIPTED" });
  await system.faults.happened("refuse");
  expect(await system.reconcile()).toMatchObject({ requeued: 1 });
  expect(await system.settled(events[0]?.id ?? "")).toMatchObject([{ status: "complete", attempts: 1 }]);
});

test("300 dispatches of one call, whose messages the queue refuses, are delivered by reconciling, each once", async () => {
  await system.faults.plan({ place: "queue.send", fault: "refuse" });
  const { events } = await system.emit(Array.from({ length: 300 }, (_, n) => ({ to: "SCRIPTED", n })));
  await system.faults.happened("refuse");
  expect(await system.reconcile()).toMatchObject({ requeued: 300 });
  const ids = events.map(({ id }) => id);
  await eventually(async () => {
    const [row] = await system.database.query<{ n: number }>(
      "select count(*)::int as n from eventhub.dispatches where status = 'complete' and attempts = 1 and event_id = any($1)",
      [ids],
    );
    return row?.n === 300 ? true : undefined;
  }, "all are delivered");
  const calls = (await system.calls()).filter(({ context }) => ids.includes(context.eventId));
  expect(calls).toHaveLength(300);
});

test("a database that hangs is asked again, and the call is answered", async () => {
  await system.faults.plan({ place: "database", fault: "hang after", statement: STORE });
  const { events } = await system.emit({ to: "SCRIPTED" }, { idempotencyKey: "hung" });
  expect(events).toMatchObject([{ duplicate: false }]);
  expect(await stored("hung")).toBe(1);
  expect(await system.settled(events[0]?.id ?? "")).toMatchObject([{ status: "complete", attempts: 1 }]);
});
