import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { EmitResult } from "../../schema/contract/index.ts";
import { attemptSpanId, dispatchTraceId, newSpanId, newTraceId } from "../../schema/trace/span-ids.ts";
import { type Collector, startCollector } from "../support/collector.ts";
import { emitAndSettle } from "../support/deliver.ts";
import type { ReceivedSpan } from "../support/otlp.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** One trace from a producer's request to the last destination, as an OTLP collector receives it. */

let receiver: Receiver;
let collector: Collector;
let system: System;
beforeAll(async () => {
  [receiver, collector] = await Promise.all([startReceiver(), startCollector()]);
  const otlp = {
    OTLP_ENDPOINT: collector.origin,
    OTLP_HEADERS: "authorization=Bearer%20abc",
    ENVIRONMENT_NAME: "tests",
  };
  system = await startSystem({
    hubVars: otlp,
    executorVars: {
      ...otlp,
      WEBHOOK_ORIGIN: receiver.origin,
      EVENTHUB_INSECURE_WEBHOOKS: "true",
      HOOK_SECRET_NEW: "whsec_bmV3LXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==",
      HOOK_SECRET_OLD: "whsec_b2xkLXNlY3JldC1vZi10aGUtd2ViaG9vay1ob29rcw==",
    },
  });
});
afterAll(async () => {
  await system?.stop();
  receiver?.close();
  collector?.close();
});
beforeEach(() => expect(collector.faults).toEqual([]));

/** A trace that a client has begun. */
function begin(flags = "01") {
  const traceId = newTraceId();
  const spanId = newSpanId();
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Sends a request to the producer, like a client that traces. */
async function request(payload: object, headers: Record<string, string>): Promise<EmitResult> {
  const response = await system.harness
    .getWorker("producer")
    .fetch("/traced", { method: "POST", headers, body: JSON.stringify(payload) });
  return (await response.json()) as EmitResult;
}

const named = (spans: readonly ReceivedSpan[], name: string, nth = 0) => {
  const span = spans.filter((one) => one.name === name)[nth];
  if (span === undefined) throw new Error(`no span ${name} in ${spans.map((one) => one.name)}`);
  return span;
};

describe("one trace", () => {
  test("holds a request's event, its delivery, what the consumer emits, and the webhook that gets it", async () => {
    const client = begin();
    const headers = { traceparent: client.traceparent, tracestate: "shop=1", baggage: "tenant=7" };
    const { events } = await request({ to: "SCRIPTED", script: [{ emit: [{ to: "HOOK" }] }] }, headers);
    const eventId = events[0]?.id ?? "";
    const spans = await collector.spansOf(client.traceId, 4);
    expect(collector.faults).toEqual([]);
    expect(spans).toHaveLength(4);

    const [emitted, delivered, followUp, posted] = [
      spans.find(({ parentSpanId }) => parentSpanId === client.spanId),
      named(spans, "deliver SCRIPTED"),
      spans.find((span) => span.name === "emit eventhub" && span.parentSpanId !== client.spanId),
      named(spans, "deliver HOOK"),
    ];
    // Each is below the one before it, all in one trace.
    expect(emitted?.name).toBe("emit eventhub");
    expect(delivered.parentSpanId).toBe(emitted?.spanId);
    expect(followUp?.parentSpanId).toBe(delivered.spanId);
    expect(posted.parentSpanId).toBe(followUp?.spanId);
    expect(spans.map(({ traceState }) => traceState)).toEqual(["shop=1", "shop=1", "shop=1", "shop=1"]);
    expect(delivered.links).toEqual([{ traceId: client.traceId, spanId: emitted?.spanId }]);

    const [call] = await system.calls(eventId);
    const dispatchId = call?.context.dispatchId ?? "";
    expect(call?.context).toMatchObject({
      traceparent: `00-${client.traceId}-${delivered.spanId}-01`,
      tracestate: "shop=1",
      baggage: "tenant=7",
    });
    expect(delivered.spanId).toBe(attemptSpanId(dispatchId, 1));
    const [posting] = receiver.received.get(String(posted.attributes["messaging.cf_eventhub.dispatch.id"])) ?? [];
    expect(posting?.headers).toMatchObject({
      traceparent: `00-${client.traceId}-${posted.spanId}-01`,
      tracestate: "shop=1",
      baggage: "tenant=7",
    });

    expect(emitted).toMatchObject({
      service: "eventhub-hub",
      kind: "producer",
      resource: { "service.namespace": "eventhub", "deployment.environment.name": "tests" },
      attributes: {
        "messaging.system": "cf_eventhub",
        "messaging.operation.name": "emit",
        "messaging.operation.type": "send",
        "messaging.destination.name": "eventhub",
        "messaging.message.id": eventId,
        "messaging.cf_eventhub.dispatch_count": 1,
        "messaging.cf_eventhub.duplicate_count": 0,
      },
    });
    const [execution] = await system.executions(dispatchId);
    expect(delivered).toMatchObject({
      service: "eventhub-executor",
      kind: "consumer",
      startMs: execution?.started_at.getTime(),
      endMs: execution?.finished_at.getTime(),
      attributes: {
        "messaging.system": "cf_eventhub",
        "messaging.operation.name": "deliver",
        "messaging.operation.type": "process",
        "messaging.destination.name": "SCRIPTED",
        "messaging.message.id": eventId,
        "messaging.cf_eventhub.dispatch.id": dispatchId,
        "messaging.cf_eventhub.dispatch.attempt": 1,
        "messaging.cf_eventhub.result": "complete",
        "messaging.cf_eventhub.route": "scripted",
        "messaging.cf_eventhub.destination.kind": "worker",
        "messaging.cf_eventhub.instance.id": execution?.instance_id,
      },
    });
    expect(posted).toMatchObject({
      kind: "client",
      attributes: { "messaging.operation.type": "send", "server.address": "127.0.0.1" },
    });
    expect(collector.requests.every(({ headers }) => headers.authorization === "Bearer abc")).toBe(true);

    const logged = (name: string) =>
      eventually(async () => {
        const lines = system.harness.getLogs().map(({ message }) => message);
        return lines.find((text) => text.startsWith(`{"event":"${name}"`) && text.includes(eventId));
      }, `${name} is in the log`);
    const { traceId } = client;
    expect(JSON.parse(await logged("event.emitted"))).toMatchObject({ ids: [{ eventId, traceId }] });
    expect(JSON.parse(await logged("dispatch.attempted"))).toMatchObject({
      dispatches: [{ dispatchId, eventId, traceId, attempt: 1, result: "complete" }],
    });
  });

  test("goes on in another hub", async () => {
    const { traceId, traceparent } = begin();
    await emitAndSettle(system, { to: "OTHER_HUB" }, { traceparent, baggage: "tenant=7" });
    const spans = await collector.spansOf(traceId, 3);
    const passedOn = named(spans, "deliver OTHER_HUB");
    expect(passedOn.kind).toBe("producer");
    const there = await eventually(
      async () => collector.spans.find(({ parentSpanId }) => parentSpanId === passedOn.spanId),
      "the other hub has told of it",
    );
    expect(there.name).toBe("emit eventhub");
    const [row] = await system.database.query("select traceparent, baggage from eventhub.events where id = $1", [
      there.attributes["messaging.message.id"],
    ]);
    expect(row).toEqual({ traceparent: `00-${traceId}-${there.spanId}-01`, baggage: "tenant=7" });
  });

  test("has a span for each attempt, with what became of it and nothing that may quote a payload", async () => {
    const { traceId, traceparent } = begin();
    const script = [{ return: { result: "failed", reason: "card 4711" } }, { return: "complete" }];
    const { dispatch, eventId } = await emitAndSettle(system, { to: "SCRIPTED", script }, { traceparent });
    const spans = await collector.spansOf(traceId, 3);
    const emitted = named(spans, "emit eventhub");
    const attempts = [named(spans, "deliver SCRIPTED"), named(spans, "deliver SCRIPTED", 1)];
    expect(attempts.map(({ spanId }) => spanId)).toEqual([1, 2].map((n) => attemptSpanId(dispatch.id, n)));
    expect(attempts.map(({ parentSpanId }) => parentSpanId)).toEqual([emitted.spanId, emitted.spanId]);
    expect(attempts.map(({ status, attributes }) => [status?.code, attributes["error.type"]])).toEqual([
      [2, "failed"],
      [undefined, undefined],
    ]);
    expect(JSON.stringify(spans)).not.toContain("4711");
    const told = (await system.calls(eventId)).map(({ context }) => context.traceparent?.split("-")[2]);
    expect(told).toEqual(attempts.map(({ spanId }) => spanId));
  });

  test("gives each member of a batch its own span", async () => {
    const { traceId, traceparent } = begin();
    const { events } = await system.emit([{ to: "BATCH" }, { to: "BATCH" }], { traceparent });
    const spans = await collector.spansOf(traceId, 3);
    expect(named(spans, "emit eventhub").attributes).toMatchObject({
      "messaging.batch.message_count": 2,
      "messaging.cf_eventhub.dispatch_count": 2,
    });
    const ids = events.map(({ dispatches }) => attemptSpanId(dispatches[0]?.id ?? "", 1));
    const delivered = spans.filter(({ name }) => name === "deliver BATCH");
    expect(delivered.map(({ spanId }) => spanId).sort()).toEqual([...ids].sort());
    const told = await Promise.all(events.map(async ({ id }) => (await system.calls(id))[0]?.context.traceparent));
    expect(told).toEqual(ids.map((id) => `00-${traceId}-${id}-01`));
  });

  test.each(["RATED", "ORDERED", "RATED_BATCH"])("goes on through %s, which has limits or an order", async (to) => {
    const { traceId, traceparent } = begin();
    const { dispatch, eventId } = await emitAndSettle(system, { to, order: 1 }, { traceparent, tracestate: "a=1" });
    const delivered = named(await collector.spansOf(traceId, 2), `deliver ${to}`);
    expect(delivered.spanId).toBe(attemptSpanId(dispatch.id, 1));
    const [call] = await system.calls(eventId);
    expect(call?.context).toMatchObject({ traceparent: `00-${traceId}-${delivered.spanId}-01`, tracestate: "a=1" });
  });

  test("tells a bucket and CloudEvents where they belong", async () => {
    const { traceId, traceparent } = begin();
    const { eventId, of } = await emitAndSettle(
      system,
      { to: "cloudevents", n: traceId },
      { traceparent, tracestate: "a=1" },
    );
    const spans = await collector.spansOf(traceId, 6);
    const { spanId } = named(spans, "emit eventhub");
    // The CloudEvent's extension says where the event was emitted; the header has the attempt's own span.
    const [posted] = receiver.received.get(of("CE_HOOK").id) ?? [];
    expect(JSON.parse(posted?.body ?? "")).toMatchObject({
      id: eventId,
      traceparent: `00-${traceId}-${spanId}-01`,
      tracestate: "a=1",
    });
    expect(posted?.headers.traceparent).toBe(`00-${traceId}-${named(spans, "deliver CE_HOOK").spanId}-01`);
    const message = await eventually(
      async () =>
        (await system.arrivals()).find(({ way, body }) => way === "queue" && (body as { id?: string }).id === eventId),
      "the queue has it",
    );
    expect(message.body).toMatchObject({ traceparent: `00-${traceId}-${spanId}-01` });
  });
});

describe("what is delivered again by hand", () => {
  test("is a trace of its own, linked to that of the event", async () => {
    const { traceId, traceparent } = begin();
    const { dispatch, eventId } = await emitAndSettle(
      system,
      { to: "no retries", script: [{ return: "failed" }] },
      { traceparent },
    );
    const emitted = named(await collector.spansOf(traceId, 2), "emit eventhub");
    await system.operate("retryDispatch", dispatch.id);
    await system.operate("replayEvents", { ids: [eventId] }, { routing: "same" });
    const again = await eventually(async () => {
      const rows = (await system.dispatches(eventId)).filter(({ id }) => id !== dispatch.id);
      return rows.length === 2 ? rows : undefined;
    }, "both are there");
    for (const { id } of again) {
      const [first] = await collector.spansOf(dispatchTraceId(id), 1);
      expect(first).toMatchObject({
        name: "deliver SCRIPTED",
        spanId: attemptSpanId(id, 1),
        links: [{ traceId, spanId: emitted.spanId }],
      });
      expect(first).not.toHaveProperty("parentSpanId");
    }
  });
});

describe("a trace that nobody has begun", () => {
  test("begins at the hub", async () => {
    const { eventId } = await emitAndSettle(system, { to: "SCRIPTED" });
    const [row] = await system.database.query<{ traceparent: string }>(
      "select traceparent from eventhub.events where id = $1",
      [eventId],
    );
    const [, traceId = "", spanId] = row?.traceparent.split("-") ?? [];
    const spans = await collector.spansOf(traceId, 2);
    expect(named(spans, "emit eventhub").spanId).toBe(spanId);
    expect(named(spans, "emit eventhub")).not.toHaveProperty("parentSpanId");
    expect(named(spans, "deliver SCRIPTED").parentSpanId).toBe(spanId);
  });

  test("and is not recorded by who did, is passed on as it is", async () => {
    const { traceId, traceparent } = begin("00");
    const { eventId } = await emitAndSettle(system, { to: "SCRIPTED" }, { traceparent });
    expect((await system.calls(eventId))[0]?.context.traceparent).toBe(traceparent);
    const marker = begin();
    await emitAndSettle(system, { to: "SCRIPTED" }, { traceparent: marker.traceparent });
    await collector.spansOf(marker.traceId, 2);
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });
});

test("a header that is no trace context costs no event", async () => {
  const { events } = await request(
    { to: "SCRIPTED" },
    { traceparent: "00-garbage", tracestate: "a=1", baggage: "also garbage" },
  );
  const [dispatch] = await system.settled(events[0]?.id ?? "");
  expect(dispatch?.status).toBe("complete");
  const [call] = await system.calls(events[0]?.id);
  expect(call?.context).not.toHaveProperty("tracestate");
  expect(call?.context).not.toHaveProperty("baggage");
});

test("a call that is refused is a span that has failed", async () => {
  const { traceId, traceparent } = begin();
  await expect(system.emit([1] as never, { traceparent })).rejects.toThrow("[invalid_payload]");
  const [refused] = await collector.spansOf(traceId, 1);
  expect(refused).toMatchObject({
    name: "emit eventhub",
    attributes: { "error.type": "invalid_payload" },
    status: { code: 2 },
  });
});
