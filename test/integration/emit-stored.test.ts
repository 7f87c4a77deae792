import { PgDialect } from "drizzle-orm/pg-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { RouteInput } from "../../schema/config/routes.ts";
import type { EmitOptions } from "../../schema/contract/index.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { storeEvents } from "../../schema/queries/events/store-events.ts";
import type { DispatchNotice } from "../../schema/queue/messages.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { claim } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const HOUR = 3_600;
const neon = () => openDatabase(database);

/** Emits one event, and returns its notices. */
async function emitOne(payload: object, routes: RouteInput[], options: EmitOptions = {}): Promise<DispatchNotice[]> {
  const notices: DispatchNotice[] = [];
  await emit(payload, options, {
    routes: compileRoutes({ routes }),
    database: neon(),
    enqueue: (sent) => notices.push(...sent),
    routePending: () => undefined,
  });
  return notices;
}

/** The seconds from the commit to the first attempt, as they are stored. */
async function storedDelay(): Promise<number | undefined> {
  const [row] = await database.query<{ seconds: number }>(
    "select extract(epoch from next_attempt_at - created_at)::float8 as seconds from eventhub.dispatches",
  );
  return row?.seconds;
}

test("each event of a call is stored with its own payload, whatever line breaks and escapes are in it", async () => {
  const payloads = Array.from({ length: 12 }, (_, n) => ({
    n,
    "a\nb\r": "\n\\n\u2028\u0085\f\v\\u000a",
    deep: [{ text: `line ${n}\n`.repeat(n) }],
  }));
  for (const options of [{}, { idempotencyKey: "key" }]) {
    const { events } = await emit(payloads, options, {
      routes: compileRoutes({ routes: [] }),
      database: neon(),
      enqueue: () => undefined,
      routePending: () => undefined,
    });
    for (const [n, { id }] of events.entries()) {
      const [row] = await database.query("select payload, payload_bytes from eventhub.events where id = $1", [id]);
      expect(row).toEqual({ payload: payloads[n], payload_bytes: Buffer.byteLength(JSON.stringify(payloads[n])) });
    }
  }
});

describe("the first attempt", () => {
  test.each<[string, number | undefined, EmitOptions, number]>([
    ["at once", undefined, {}, 0],
    ["after the route's delay", HOUR, {}, HOUR],
    ["after the call's delay instead of the route's", HOUR, { delaySeconds: 90 }, 90],
    ["at once where the call says so", HOUR, { delaySeconds: 0 }, 0],
    ["now, of a moment that has passed", HOUR, { deliverAt: new Date(Date.now() - 60_000) }, 0],
    ["now, of a moment before 1970", HOUR, { deliverAt: new Date(-1) }, 0],
    ["now, of the first moment that a Date can hold", undefined, { deliverAt: new Date(-8.64e15) }, 0],
  ])("is %s, in the row as in the message", async (_, delaySeconds, options, seconds) => {
    const before = Date.now();
    const route = { destination: "A", ...(delaySeconds === undefined ? {} : { delaySeconds }) };
    const [notice] = await emitOne({}, [route], options);
    expect(await storedDelay()).toBe(seconds);
    if (seconds > 0) expect(notice?.dueAt).toBeGreaterThanOrEqual(before + seconds * 1_000);
    else expect(notice?.dueAt).toBeLessThanOrEqual(Date.now());
  });

  test("is at the moment that the call says", async () => {
    const deliverAt = new Date(Date.now() + HOUR * 1_000);
    const [notice] = await emitOne({}, [{ destination: "A", delaySeconds: 5 }], { deliverAt });
    const rows = await database.query("select next_attempt_at from eventhub.dispatches");
    expect(rows).toEqual([{ next_attempt_at: deliverAt }]);
    // By the clock of a Worker, it is as far ahead as by that of the database.
    expect(notice?.dueAt).toBeGreaterThanOrEqual(deliverAt.getTime() - 1);
    expect(notice?.dueAt).toBeLessThan(deliverAt.getTime() + 60_000);
  });

  test("is not made earlier, neither by reconciling nor by a claim that comes too soon", async () => {
    const [notice] = await emitOne({}, [{ destination: "A" }], { delaySeconds: HOUR });
    await database.query("update eventhub.dispatches set enqueued_at = now() - interval '1 day'");
    expect(await neon().run(requeueUnclaimed({ graceSeconds: 0, limit: 10 }))).toEqual([]);
    expect(await claim(neon(), notice?.id ?? "")).toMatchObject({ answer: "early" });
  });
});

describe("a member that is undefined", () => {
  const payload = { to: "A", coupon: undefined, list: [{ sku: "x", gone: undefined }] };

  test.each([
    { path: "$..sku", exact: "x" },
    { path: "$.coupon", exists: false },
    { path: "$[?@.sku == 'x']", length: { exact: 0 }, quantifier: "none" },
    { path: "$[?count(@.*) == 1]", exists: true },
    { path: "$.list[?length(@) == 1].sku", exact: "x" },
    { path: "$.list[0]", length: 1 },
  ] as const)("is left out for %j as well, as it is not in what is stored", async (condition) => {
    const [stored] = await Promise.all([
      emitOne(JSON.parse(JSON.stringify(payload)), [{ destination: "A", condition }]),
    ]);
    expect(await emitOne(payload, [{ destination: "A", condition }])).toHaveLength(stored.length);
  });

  test("hides nothing that follows it", async () => {
    expect(await emitOne(payload, [{ destination: "A", condition: { path: "$..sku", exact: "x" } }])).toHaveLength(1);
  });
});

describe("a trace context", () => {
  const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const stored = () => database.query("select payload, traceparent, tracestate, baggage from eventhub.events");

  test("is kept with every event of a call", async () => {
    const options = { traceparent: TRACE, tracestate: "shop=1", baggage: "tenant=7" };
    await emit([{ n: 1 }, { n: 2 }], options, {
      routes: compileRoutes({ routes: [] }),
      database: neon(),
      enqueue: () => undefined,
      routePending: () => undefined,
    });
    expect(await stored()).toEqual([1, 2].map((n) => ({ payload: { n }, ...options })));
  });

  test("loses its baggage with the payload, since that is a producer's own as well", async () => {
    await emitOne({ n: 1 }, [], { traceparent: TRACE, baggage: "user=ada" });
    await database.query(
      "update eventhub.events set created_at = now() - interval '9 days', id = eventhub.uuid_at(now() - interval '9 days')",
    );
    await database.query("select eventhub.expire_payloads(interval '8 days')");
    expect(await stored()).toEqual([{ payload: null, traceparent: TRACE, tracestate: null, baggage: null }]);
  });

  test("that is not there costs the statement nothing", () => {
    const event = { id: "e", payloadJson: "{}", payloadBytes: 2, idempotencyKey: undefined, idempotencyIndex: 0 };
    const textOf = (more: object) =>
      new PgDialect().sqlToQuery(storeEvents([{ ...event, causedBy: undefined, hops: 0, ...more }], []));
    expect(JSON.stringify(textOf({}))).not.toMatch(/tracestate|baggage|traceparent\\":/);
    expect(textOf({ baggage: "a=1" }).sql).toContain("baggage text");
  });
});
