import { describe, expect, test } from "vitest";
import { fakeEventHub } from "../../../infra/testing/index.ts";
import type { BatchItem, EventHub, EventPayload, HandleContext } from "../../../schema/contract/index.ts";
import { firstDayText } from "../../../schema/vocabulary/first-day.ts";
import { MAX_GROUP_BYTES } from "../../../schema/vocabulary/limits.ts";

const NOW = new Date("2026-11-28T12:00:00Z");
const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

const routing = {
  defaultRetryDelay: { type: "constant", interval: 60 },
  destinations: {
    LEDGER: { batch: true, groupSize: 2 },
    ARCHIVE: { kind: "r2", prefix: "events/" },
    HUB: { kind: "hub" },
  },
  routes: [
    {
      name: "paid",
      condition: { path: "$.kind", exact: "order.paid" },
      destination: "BILLING",
      maxRetries: 2,
      timeoutSeconds: 30,
    },
    { name: "reminder", condition: { path: "$.kind", exact: "order.open" }, destination: "MAIL", delaySeconds: 3_600 },
    { name: "entries", condition: { path: "$.kind", exact: "entry" }, destination: "LEDGER" },
    { name: "kept", condition: { path: "$.kind", exact: "kept" }, destination: "ARCHIVE", transform: '{ "n": n + 1 }' },
    { name: "elsewhere", condition: { path: "$.kind", exact: "elsewhere" }, destination: "HUB" },
  ],
};

const paid = { kind: "order.paid", id: "o-1" };
const complete = { handle: () => "complete" as const };
const failing = { handle: () => ({ result: "failed" as const, reason: "no" }) };

describe("a fake hub", () => {
  test("works as a producer's binding, and shows what was emitted", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    const producer = async (EVENTHUB: EventHub) => EVENTHUB.emit(paid, { idempotencyKey: "o-1" });

    const [first, again] = [await producer(hub), await producer(hub)];

    expect(again).toEqual({ events: [{ ...first.events[0], duplicate: true }] });
    expect(hub.emitted).toEqual([
      {
        id: first.events[0]?.id,
        payload: paid,
        options: { idempotencyKey: "o-1" },
        emittedAt: NOW,
        idempotencyKey: "o-1",
        traceparent: undefined,
        causedBy: undefined,
        invalid: undefined,
        hops: 0,
      },
    ]);
    expect(hub.dispatches).toEqual([
      {
        id: first.events[0]?.dispatches[0]?.id,
        eventId: first.events[0]?.id,
        destination: "BILLING",
        route: "paid",
        status: "ongoing",
        reason: null,
        attempts: 0,
        maxAttempts: 3,
        dueAt: NOW,
        payload: paid,
      },
    ]);
  });

  test("keeps a payload as it was emitted, even if the object changes later", async () => {
    const hub = fakeEventHub(routing);
    const order = { ...paid, lines: [1] };
    await hub.emit(order);
    order.lines.push(2);
    const seen: EventPayload[] = [];
    const handle = (payload: EventPayload) => {
      seen.push(payload);
      return "complete" as const;
    };
    await hub.deliverTo("BILLING", { handle });
    expect([hub.emitted[0]?.payload, ...seen]).toEqual(Array(2).fill({ ...paid, lines: [1] }));
  });

  test("delivers a due dispatch once, with a complete context", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    const { events } = await hub.emit(paid, { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` });
    const dispatchId = events[0]?.dispatches[0]?.id ?? "";
    const context: HandleContext = {
      eventId: events[0]?.id ?? "",
      dispatchId,
      destination: "BILLING",
      attempt: 1,
      maxAttempts: 3,
      emittedAt: NOW,
      idempotencyKey: dispatchId,
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      hops: 0,
      cloudEvent: false,
    };
    expect(await hub.deliverTo("BILLING", complete)).toEqual([
      {
        dispatchId,
        eventId: events[0]?.id,
        destination: "BILLING",
        attempt: 1,
        result: "complete",
        reason: null,
        status: "complete",
        retryAt: undefined,
        payload: paid,
        context,
      },
    ]);
    expect(await hub.deliverTo("BILLING", complete)).toEqual([]);
  });

  test("retries a failure after the route's delay, until the retries are used up", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    await hub.emit(paid);
    expect(await hub.deliverTo("BILLING", failing)).toMatchObject([
      { attempt: 1, status: "ongoing", reason: "no", retryAt: at(60) },
    ]);
    hub.advance("59 s");
    expect(await hub.deliverTo("BILLING", failing)).toEqual([]);
    hub.advance(1_000);
    expect(await hub.deliverTo("BILLING", failing)).toMatchObject([{ attempt: 2, retryAt: at(120) }]);
    hub.advance("1 minute");
    expect(await hub.deliverTo("BILLING", failing)).toMatchObject([
      { attempt: 3, status: "failed", retryAt: undefined },
    ]);
    expect(hub.now).toEqual(at(120));
  });

  test("holds a dispatch that the route or the call delays", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    await hub.emit({ kind: "order.open" });
    await hub.emit({ kind: "order.open" }, { deliverAt: at(7_200) });
    expect(hub.dispatches.map(({ dueAt }) => dueAt)).toEqual([at(3_600), at(7_200)]);
    expect(await hub.deliverTo("MAIL", complete)).toEqual([]);
    hub.advance("1 h");
    expect(await hub.deliverTo("MAIL", complete)).toHaveLength(1);
    hub.advance("1 h");
    expect(await hub.deliverTo("MAIL", complete)).toHaveLength(1);
  });

  test("fails a call once its timeout has passed by the hub's clock", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    await hub.emit(paid);
    const delivering = hub.deliverTo("BILLING", { handle: () => new Promise<never>(() => undefined) });
    hub.advance("30 s");
    expect(await delivering).toMatchObject([{ result: "failed", reason: "no answer within 30 s", retryAt: at(90) }]);
  });

  test("delivers a dispatch once if two deliveries run at the same time", async () => {
    const hub = fakeEventHub(routing);
    await hub.emit(paid);
    const both = await Promise.all([hub.deliverTo("BILLING", complete), hub.deliverTo("BILLING", complete)]);
    expect(both.flat()).toHaveLength(1);
  });

  test("calls handleBatch with up to groupSize dispatches", async () => {
    const hub = fakeEventHub(routing);
    await hub.emit([1, 2, 3].map((n) => ({ kind: "entry", n })));
    const batches: unknown[] = [];
    const handleBatch = (items: BatchItem[]) => {
      batches.push(items.map(({ payload }) => payload.n));
      return items.map(({ payload }) => (payload.n === 2 ? "ignored" : "complete"));
    };
    const attempts = await hub.deliverTo("LEDGER", { handleBatch });
    expect(batches).toEqual([[1, 2], [3]]);
    expect(attempts.map(({ result }) => result)).toEqual(["complete", "ignored", "complete"]);
  });

  test("puts the result of the route's transform into a bucket", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    await hub.emit({ kind: "kept", n: 1 });
    const objects: [string, string][] = [];
    await hub.deliverTo("ARCHIVE", { put: (key: string, value: string) => objects.push([key, value]) });
    const id = hub.dispatches[0]?.id;
    expect(objects).toEqual([[`events/2026/11/28/12:00:00.000Z-${id}.json`, '{"n":2}']]);
  });

  test("delivers to another fake hub, where the event has its cause and one hop", async () => {
    const [one, other] = [fakeEventHub(routing), fakeEventHub({ routes: [] })];
    await one.emit({ kind: "elsewhere" });
    const [attempt] = await one.deliverTo("HUB", other);
    expect(attempt?.reason).toBe(`event ${other.emitted[0]?.id}`);
    expect(other.emitted).toMatchObject([{ payload: { kind: "elsewhere" }, causedBy: one.emitted[0]?.id, hops: 1 }]);
  });
});

describe("deliverAll of a fake hub", () => {
  test("continues through delays, retries and events of consumers to the end", async () => {
    const hub = fakeEventHub(routing, { now: NOW });
    await hub.emit(paid);
    const attempts = await hub.deliverAll({
      BILLING: {
        handle: async (_payload, context) => {
          if (context.attempt < 3) return "failed";
          await hub.emit({ kind: "order.open" }, { context });
          return "complete";
        },
      },
      MAIL: complete,
    });
    expect(attempts.map(({ destination, attempt, status }) => [destination, attempt, status])).toEqual([
      ["BILLING", 1, "ongoing"],
      ["BILLING", 2, "ongoing"],
      ["BILLING", 3, "complete"],
      ["MAIL", 1, "complete"],
    ]);
    expect(hub.emitted[1]).toMatchObject({ causedBy: hub.emitted[0]?.id, hops: 1 });
    expect(hub.now).toEqual(at(120 + 3_600));
  });

  test("ends a circle of events, since the hub refuses it at some point", async () => {
    const hub = fakeEventHub(routing);
    await hub.emit(paid);
    const attempts = await hub.deliverAll({
      BILLING: {
        handle: async (payload, context) => {
          await hub.emit(payload, { context });
          return "complete" as const;
        },
      },
    });
    expect(attempts).toHaveLength(9);
    expect(attempts.at(-1)).toMatchObject({
      status: "failed",
      reason: expect.stringMatching(/^EmitError: \[loop\] event /),
    });
  });
});

describe("a fake hub", () => {
  test("reports every fault of a configuration", () => {
    expect(() => fakeEventHub({ routes: [{}] })).toThrow("routes[0].destination");
  });

  test("reports a destination that the configuration does not have", async () => {
    await expect(fakeEventHub(routing).deliverTo("BILING", complete)).rejects.toThrow(
      "the configuration has no destination BILING; it has BILLING, MAIL, LEDGER, ARCHIVE, HUB",
    );
  });

  test("reports what a target lacks", async () => {
    await expect(fakeEventHub(routing).deliverTo("LEDGER", complete)).rejects.toThrow(
      "LEDGER is a Worker: what stands for it needs a method handleBatch()",
    );
  });

  test.each(["soon", -1, Number.NaN])("refuses %j as a time to advance by", (by) => {
    expect(() => fakeEventHub(routing).advance(by)).toThrow('advance takes milliseconds or text such as "90 s"');
  });

  test("can fail one call as if the database were away, with or without saving the events", async () => {
    const hub = fakeEventHub(routing);
    hub.failNext("unavailable");
    await expect(hub.emit(paid)).rejects.toThrow(/^\[unavailable\] database: no answer in time; repeat the call/);
    expect(hub.emitted).toEqual([]);
    hub.failNext("unavailable", { saved: true });
    await expect(hub.emit(paid, { idempotencyKey: "k" })).rejects.toThrow(/^\[unavailable\]/);
    expect((await hub.emit(paid, { idempotencyKey: "k" })).events).toMatchObject([{ duplicate: true }]);
  });
});

test("a batch of a fake hub has at most the bytes of an executor's group", async () => {
  const hub = fakeEventHub({
    destinations: { STOCK: { batch: true } },
    routes: [{ destination: "STOCK", timeoutSeconds: 60 }],
  });
  const payloads = Array.from({ length: 10 }, (_, n) => ({ n, text: "x".repeat(900_000) }));
  await hub.emit(payloads);
  const batches: number[] = [];
  await hub.deliverTo("STOCK", {
    handleBatch: (items) => {
      batches.push(items.length);
      return items.map(() => "complete" as const);
    },
  });
  // Four of them are just below 4 MiB.
  expect(batches).toEqual([4, 4, 2]);
  expect(MAX_GROUP_BYTES).toBe(4 * 2 ** 20);
});

test("a fake hub can fail one call as misconfigured, with an error of the hub", async () => {
  const hub = fakeEventHub(routing);
  hub.failNext("misconfigured");
  await expect(hub.emit(paid)).rejects.toThrow(`[misconfigured] ${firstDayText("no_database_url")}`);
});

test("a fake hub ignores limits and orders, and delivers such dispatches like all others", async () => {
  const hub = fakeEventHub(
    {
      destinations: {
        BILLING: {
          limits: [{ rate: { limit: 1, perSeconds: 3_600 }, concurrency: 1 }],
          order: { key: "$.id", onFailure: "hold" },
          cooldown: "destination",
        },
      },
      routes: [{ destination: "BILLING", maxRetries: 0 }],
    },
    { now: NOW },
  );
  await hub.emit([1, 2, 3].map((n) => ({ id: "o-1", n })));
  const attempts = await hub.deliverTo("BILLING", {
    handle: ({ n }) => (n === 1 ? { result: "failed", reason: "no" } : "complete"),
  });
  expect(attempts.map(({ payload, status }) => [payload?.n, status])).toEqual([
    [1, "failed"],
    [2, "complete"],
    [3, "complete"],
  ]);
});
