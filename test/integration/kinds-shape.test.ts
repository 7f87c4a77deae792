import { type CloudEvent, HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitAndSettle } from "../support/deliver.ts";
import { insertDispatch, readDispatch } from "../support/dispatch-rows.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { type DispatchRow, eventually, type System, startSystem } from "../support/system.ts";

/** What destinations of each kind get if a route shapes the payload, and if they want CloudEvents. */

const SECRET = "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==";
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

let receiver: Receiver;
let system: System;
beforeAll(async () => {
  receiver = await startReceiver();
  system = await startSystem({
    executorVars: {
      WEBHOOK_ORIGIN: receiver.origin,
      EVENTHUB_INSECURE_WEBHOOKS: "true",
      HOOK_SECRET_NEW: SECRET,
      HOOK_SECRET_OLD: "whsec_b2xkLXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==",
    },
  });
});
afterAll(async () => {
  await system?.stop();
  receiver?.close();
});

const deliver = (payload: object, options?: object) => emitAndSettle(system, payload, options);

const arrival = (body: Record<string, unknown>) =>
  eventually(
    async () => {
      const found = (await system.arrivals()).find((one) => JSON.stringify(one.body) === JSON.stringify(body));
      return found;
    },
    `${JSON.stringify(body)} arrives`,
  );

async function archived(prefix: string, { id }: DispatchRow) {
  interface Bucket {
    list(options: { prefix: string }): Promise<{ objects: { key: string }[] }>;
    get(key: string): Promise<{ json(): Promise<unknown>; httpMetadata?: { contentType?: string } } | null>;
  }
  const { ARCHIVE } = await system.harness.getWorker<{ ARCHIVE: Bucket }>("executor").getEnv();
  const { objects } = await ARCHIVE.list({ prefix });
  const object = await ARCHIVE.get(objects.find(({ key }) => key.includes(id))?.key ?? "");
  return { body: await object?.json(), contentType: object?.httpMetadata?.contentType };
}

describe("a transform", () => {
  test("shapes what each destination gets, and leaves the event and its other destinations as they are", async () => {
    const { eventId, rows, of } = await deliver({ to: "shaped", text: "é😀", secret: "s" });
    expect(rows.map(({ status }) => status)).toEqual(rows.map(() => "complete"));
    const [event] = await system.database.query<{ payload: object; created_at: Date }>(
      "select payload, created_at from eventhub.events where id = $1",
      [eventId],
    );
    expect(event?.payload).toEqual({ to: "shaped", text: "é😀", secret: "s" });
    const shaped = { shaped: "É😀", at: event?.created_at.getTime() };

    const calls = await system.calls(eventId);
    const called = (destination: string) => calls.find(({ context }) => context.destination === destination)?.payload;
    expect(called("SCRIPTED")).toEqual(shaped);
    expect(called("BATCH")).toEqual(shaped);
    expect(called("SINGLE")).toEqual({ to: "shaped", text: "é😀", secret: "s" });
    await arrival(shaped);
    expect((await archived("archive/", of("ARCHIVE"))).body).toEqual(shaped);
    const [request] = receiver.received.get(of("HOOK").id) ?? [];
    expect(new Webhook(SECRET).verify(request?.body ?? "", request?.headers as Record<string, string>)).toEqual(shaped);
  });

  test("gives each attempt, and a retry by hand, the same payload", async () => {
    const { eventId, of } = await deliver({
      to: "shaped",
      text: "a",
      script: [{ return: { result: "failed", retryAfterSeconds: 1 } }, { return: { result: "failed", retry: false } }],
    });
    expect(of("SCRIPTED")).toMatchObject({ status: "failed", attempts: 2 });
    const retry = await system.operate<{ id: string }>("retryDispatch", of("SCRIPTED").id);
    await eventually(
      async () => ((await readDispatch(system.database, retry.id)).status === "ongoing" ? undefined : true),
      "the retry is final",
    );
    const payloads = (await system.calls(eventId))
      .filter(({ context }) => context.destination === "SCRIPTED")
      .map(({ payload }) => JSON.stringify(payload));
    expect(payloads).toHaveLength(4);
    expect(new Set(payloads).size).toBe(1);
    expect(payloads[0]).toContain('"shaped":"A"');
  });

  test.each([
    ["loops", /^routes\[\d+\]\.transform: takes more than 100000 steps$/],
    ["throws", /^routes\[\d+\]\.transform: no reason \(at character 7\)$/],
    ["gives nothing", /^routes\[\d+\]\.transform: gives nothing, but a payload must be a JSON object$/],
    ["gives a megabyte", /^routes\[\d+\]\.transform: gives 1000011 bytes of JSON, but \d+ are allowed/],
    ["gives a list", /^routes\[\d+\]\.transform: the result: payload must be a JSON object, got an array$/],
  ])("that %s is misconfigured, with its place and no call, and the event stays", async (to, reason) => {
    const { eventId, rows } = await deliver({ to, text: "reason" });
    expect(rows).toMatchObject([{ status: "misconfigured", attempts: 1, reason: expect.stringMatching(reason) }]);
    expect(await system.calls(eventId)).toEqual([]);
    expect(
      await system.database.query("select payload is not null as there from eventhub.events where id = $1", [eventId]),
    ).toEqual([{ there: true }]);
  });

  test("may make more than a destination takes, which is that destination's failure", async () => {
    const { rows } = await deliver({ to: "too long for a queue", text: "x".repeat(63_600) });
    expect(rows).toMatchObject([
      { status: "failed", attempts: 1, reason: "the payload has 127211 bytes, but a Queue takes messages of 127000" },
    ]);
  });

  test("is shown by explain, with what it would deliver", async () => {
    const explained = await system.operate<{ name: string; transformed?: object }[]>("explain", {
      to: "throws",
      text: "x",
    });
    expect(explained.find(({ name }) => name === "throws")?.transformed).toEqual({
      fault: expect.stringMatching(/^routes\[\d+\]\.transform: no x/),
    });
  });
});

describe("between save and delivery a route", () => {
  const settled = async (values: Parameters<typeof insertDispatch>[1]) => {
    const id = await insertDispatch(system.database, { enqueued_at: new Date(0), ...values }, { text: "secret" });
    await system.reconcile();
    return eventually(async () => {
      const row = await readDispatch(system.database, id);
      return row.status === "ongoing" ? undefined : row;
    }, "the dispatch is final");
  };
  const payloadOf = async (row: DispatchRow) => (await system.calls(row.event_id))[0]?.payload;

  test("with a transform was renamed: its payload never goes out as it is, when the retries are spent either", async () => {
    const row = await settled({ route: "its old name", transformed: true, max_retries: 0 });
    expect(row).toMatchObject({
      status: "misconfigured",
      attempts: 1,
      reason: 'the executor\'s configuration has no route "its old name", whose transform shapes the payload',
    });
    expect(await payloadOf(row)).toBeUndefined();
  });

  test("without one was renamed: it is delivered as before", async () => {
    const row = await settled({ route: "its old name", transformed: false });
    expect(row).toMatchObject({ status: "complete" });
    expect(await payloadOf(row)).toEqual({ text: "secret" });
  });

  test("got a transform, or lost it: what it is now counts", async () => {
    const got = await settled({ route: "shaped worker", transformed: false });
    expect(await payloadOf(got)).toMatchObject({ shaped: "SECRET" });
    const lost = await settled({ route: "scripted", transformed: true });
    expect(await payloadOf(lost)).toEqual({ text: "secret" });
  });
});

test("a Queue and a Workflow that want it get the context beside the payload, with the trace", async () => {
  const trace = { traceparent: TRACE, tracestate: "shop=1", baggage: "tenant=7" };
  const payload = { to: "with context", n: 1 };
  const { eventId, rows, of } = await deliver(payload, trace);
  expect(rows.map(({ status }) => status)).toEqual(["complete", "complete"]);
  const arrived = await eventually(async () => {
    const found = (await system.arrivals()).filter(({ body }) => JSON.stringify(body).includes(eventId));
    return found.length === 2 ? found : undefined;
  }, "queue and Workflow have it");
  const [event] = await system.database.query<{ created_at: Date }>(
    "select created_at from eventhub.events where id = $1",
    [eventId],
  );
  const contextOf = (destination: string) => {
    const dispatchId = of(destination).id;
    const emittedAt = event?.created_at.toISOString();
    const attempts = { attempt: 1, maxAttempts: 3, idempotencyKey: dispatchId, hops: 0, cloudEvent: false };
    return { eventId, dispatchId, destination, emittedAt, ...attempts, ...trace };
  };
  const bodies = new Map(arrived.map(({ way, body }) => [way, body]));
  expect(bodies.get("queue")).toEqual({ payload, context: contextOf("CTX_JOBS") });
  expect(bodies.get("workflow")).toEqual({ payload, context: contextOf("CTX_ONBOARDING") });
});

describe("a CloudEvent", () => {
  const order = (id: string) => ({
    specversion: "1.0",
    id,
    source: "/shop",
    type: "order.paid",
    time: "2020-01-01T00:00:00Z",
    partition: 7,
    traceparent: TRACE,
    data: { to: "cloudevents", n: 1 },
  });
  const DESTINATIONS = ["CE_ARCHIVE", "CE_HOOK", "CE_JOBS", "CE_ONBOARDING", "CE_WORKER"];

  test("that is emitted is routed by its attributes and its data, and arrives as it is everywhere", async () => {
    const event = order("everywhere");
    const { eventId, rows, of } = await deliver(event, { cloudEvents: true });
    expect(rows.map(({ destination, status }) => [destination, status]).sort()).toEqual(
      DESTINATIONS.map((destination) => [destination, "complete"]),
    );
    expect(await system.calls(eventId)).toMatchObject([
      { payload: event, context: { traceparent: TRACE, cloudEvent: true } },
    ]);
    expect(await archived("cloudevents/", of("CE_ARCHIVE"))).toEqual({
      body: event,
      contentType: "application/cloudevents+json",
    });
    const arrived = await eventually(async () => {
      const found = (await system.arrivals()).filter(({ body }) => (body as { id?: string }).id === "everywhere");
      return found.length === 2 ? found : undefined;
    }, "queue and Workflow have it");
    expect(arrived.map(({ way, body }) => [way, body]).sort()).toEqual([
      ["queue", event],
      ["workflow", event],
    ]);
    const [request] = receiver.received.get(of("CE_HOOK").id) ?? [];
    expect(request?.headers["content-type"]).toBe("application/cloudevents+json");
    new Webhook(SECRET).verify(request?.body ?? "", request?.headers as Record<string, string>);
    const { body = "", headers = {} } = request ?? {};
    expect((HTTP.toEvent({ headers, body }) as CloudEvent).toJSON()).toMatchObject({
      ...event,
      time: "2020-01-01T00:00:00.000Z",
    });
  });

  test("is stored once under its source and id, also within one call", async () => {
    const first = await system.emit([order("twice"), order("other"), order("twice")], { cloudEvents: true });
    expect(first.events.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    expect(first.events[2]?.id).toBe(first.events[0]?.id);
    const again = await system.emit(order("twice"), { cloudEvents: true });
    expect(again.events).toEqual([{ ...first.events[0], duplicate: true }]);
    expect(
      (await system.emit({ ...order("twice"), source: "/else" }, { cloudEvents: true })).events[0]?.duplicate,
    ).toBe(false);
    expect((await system.emit(order("twice"))).events[0]?.duplicate).toBe(false);
  });

  test("that is none is refused with its place", async () => {
    await expect(system.emit([order("a"), { ...order("b"), source: "" }], { cloudEvents: true })).rejects.toThrow(
      "[invalid_payload] events[1].source: must not be empty",
    );
  });

  test("carries what was emitted as a plain payload", async () => {
    const { eventId, of } = await deliver({ to: "cloudevents", n: 2 }, { traceparent: TRACE });
    const [row] = await system.database.query<{ created_at: Date }>(
      "select created_at from eventhub.events where id = $1",
      [eventId],
    );
    const [request] = receiver.received.get(of("CE_HOOK").id) ?? [];
    const { body = "", headers = {} } = request ?? {};
    expect((HTTP.toEvent({ headers, body }) as CloudEvent).toJSON()).toEqual({
      specversion: "1.0",
      id: eventId,
      source: "https://tests.example/hub",
      type: "cf-eventhub.event",
      time: row?.created_at.toISOString(),
      datacontenttype: "application/json",
      traceparent: TRACE,
      data: { to: "cloudevents", n: 2 },
    });
  });

  test("carries what only looks like one, emitted without the option, from a producer or in SQL", async () => {
    const lookalike = order("lookalike");
    const { eventId, rows, of } = await deliver(lookalike);
    expect(rows.map(({ status }) => status)).toEqual(DESTINATIONS.map(() => "complete"));
    const [request] = receiver.received.get(of("CE_HOOK").id) ?? [];
    expect(JSON.parse(request?.body ?? "{}")).toMatchObject({ id: eventId, data: lookalike });
    expect(await system.calls(eventId)).toMatchObject([{ payload: { id: eventId, data: lookalike } }]);

    await system.database.query("select eventhub.emit($1)", [JSON.stringify(order("in SQL"))]);
    expect(
      await system.database.query("select cloud_event from eventhub.events where payload ->> 'id' = 'in SQL'"),
    ).toEqual([{ cloud_event: false }]);
  });

  test("of events from before it was kept how they were emitted is what looks like one", async () => {
    const id = await insertDispatch(
      system.database,
      { destination: "CE_WORKER", route: "cloudevents worker", enqueued_at: new Date(0) },
      order("old"),
    );
    await system.database.query(
      "update eventhub.events set cloud_event = null where id = (select event_id from eventhub.dispatches where id = $1)",
      [id],
    );
    await system.reconcile();
    const row = await eventually(async () => {
      const found = await readDispatch(system.database, id);
      return found.status === "ongoing" ? undefined : found;
    }, "the dispatch is final");
    expect(await system.calls(row.event_id)).toMatchObject([{ payload: order("old"), context: { cloudEvent: true } }]);
  });

  test("carries what a transform has made", async () => {
    const { rows } = await deliver({ to: "shaped cloudevent", text: "a" });
    const [request] = receiver.received.get(rows[0]?.id ?? "") ?? [];
    expect(JSON.parse(request?.body ?? "{}")).toMatchObject({ specversion: "1.0", data: { shaped: "A" } });
  });
});
