import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeEventHub, fakeEventHub } from "../../infra/testing/index.ts";
import type { EmitOptions, EventPayload, HandleContext, HandleReturn } from "../../schema/contract/index.ts";
import { MAX_EVENTS_PER_CALL, MAX_HOPS, MAX_PAYLOAD_BYTES } from "../../schema/vocabulary/limits.ts";
import { normaliser } from "../support/normalised.ts";
import { type System, startSystem } from "../support/system.ts";
import type { Act } from "../workers/call.ts";
import { ODD_PAYLOADS } from "../workers/odd-payloads.ts";
import routing from "../workers/routing.json" with { type: "json" };

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const EVENT = "01890a5d-ac96-774b-bcce-b302099a8057";
const TRACE = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
const cloudEvent = { specversion: "1.0", id: "1", source: "/orders", type: "order.paid", data: { to: "nobody" } };

/** The result of a call: its answer, or the message of its refusal. */
const told = (call: Promise<unknown>) => call.catch((error: Error) => error.message);

describe("emit() of a fake hub answers as the hub does", () => {
  const hub = fakeEventHub(routing);

  test.each<[name: string, payload: unknown, options?: unknown]>([
    ["an event that nobody wants", { to: "nobody" }],
    ["one that a route takes", { to: "no retries" }],
    ["one that many routes take", { to: "both" }],
    ["several", [{ to: "both" }, { to: "nobody" }, { to: "SINGLE" }]],
    ["none", []],
    ["none, with options that would be refused", [], { delaySeconds: -1 }],
    ["a key", { to: "both" }, { idempotencyKey: "one" }],
    ["the key again, for another payload", { to: "nobody" }, { idempotencyKey: "one" }],
    ["the key again, for several", [{ to: "SINGLE" }, { to: "SINGLE" }], { idempotencyKey: "one" }],
    ["a CloudEvent", cloudEvent, { cloudEvents: true }],
    ["the CloudEvent again", { ...cloudEvent, data: {} }, { cloudEvents: true }],
    ["one CloudEvent twice in a call", [2, 2].map((id) => ({ ...cloudEvent, id: `${id}` })), { cloudEvents: true }],
    ["a CloudEvent whose source and id are long", { ...cloudEvent, id: "i".repeat(300) }, { cloudEvents: true }],
    ["what is no CloudEvent", { ...cloudEvent, type: 5 }, { cloudEvents: true }],
    ["what looks like one and is not emitted as one", { ...cloudEvent, type: 5 }],
    ["a trace", { to: "nobody" }, { traceparent: TRACE }],
    ["what is no trace", { to: "nobody" }, { traceparent: "00-abc" }],
    ["a context", { to: "nobody" }, { context: { eventId: EVENT, hops: 3 } }],
    ["the end of a chain", { to: "nobody" }, { context: { eventId: EVENT, hops: MAX_HOPS } }],
    ["what is no context", { to: "nobody" }, { context: { eventId: "one", hops: 0 } }],
    ["an unknown option", { to: "nobody" }, { idempotencykey: "k" }],
    ["a delay and a moment", { to: "nobody" }, { delaySeconds: 1, deliverAt: "2026-01-01" }],
    ["a moment too far ahead", { to: "nobody" }, { deliverAt: "2126-01-01" }],
    ["options that are none", { to: "nobody" }, "key"],
    ["an array for a payload", [[1]]],
    ["text for a payload", "order"],
    ["a kind of the hub's own", [{ to: "nobody" }, { kind: "eventhub.paused" }]],
    ["a payload that is too large", { text: "x".repeat(MAX_PAYLOAD_BYTES) }],
    ["too many events", Array(MAX_EVENTS_PER_CALL + 1).fill({})],
  ])("to %s", async (_name, payload, options) => {
    const before = Date.now();
    const [real, fake] = [
      await told(system.emit(payload, options as EmitOptions)),
      await told(hub.emit(payload as EventPayload, options as EmitOptions)),
    ];
    expect(normaliser(before)(fake)).toEqual(normaliser(before)(real));
  });

  // A function crosses RPC as a stub.
  test.each(Object.entries(ODD_PAYLOADS).filter(([name]) => name !== "function"))(
    "to what only RPC carries: %s",
    async (name, make) => {
      const [real, fake] = [await told(system.emitOdd(name)), await told(hub.emit(make() as EventPayload))];
      expect(normaliser(0)(fake)).toEqual(normaliser(0)(real));
    },
  );
});

/** A call that a consumer has received. */
type Called = { payload: EventPayload; context: HandleContext };

/** Does what the payload says, like the system's own consumer, and remembers its calls. */
function scripted(hub: FakeEventHub, calls: Called[]) {
  return {
    handle: async (payload: EventPayload, context: HandleContext): Promise<HandleReturn> => {
      calls.push({ payload, context });
      const script = (payload.script ?? []) as unknown as Act[];
      const act = script[Math.min(context.attempt, script.length) - 1] ?? { return: "complete" };
      if ("throw" in act) throw new Error(act.throw);
      if ("hang" in act) return new Promise(() => undefined);
      if ("emit" in act) await hub.emit(act.emit, { idempotencyKey: `for ${context.idempotencyKey}`, context });
      return "return" in act ? (act.return as HandleReturn) : "complete";
    },
  };
}

const CONSUMERS = ["SCRIPTED", "SINGLE", "CE_WORKER"];

/** What happened to an event and to those that it caused, without ids and times. */
function story(dispatches: readonly object[], calls: readonly Called[]): unknown {
  const order = ({ context }: Called) => `${context.dispatchId} ${context.attempt}`;
  const seen = {
    dispatches: dispatches
      .map((row) => row as Record<string, string>)
      .filter(({ destination = "" }) => CONSUMERS.includes(destination))
      .map(({ route, destination, status, reason, attempts }) => ({ route, destination, status, reason, attempts })),
    calls: [...calls]
      .sort((one, other) => (order(one) < order(other) ? -1 : 1))
      .map(({ payload, context }) => ({ payload, context })),
  };
  // The time that a transform has seen.
  return normaliser(Date.now())(JSON.parse(JSON.stringify(seen).replaceAll(/"at":\d+/g, '"at":0')));
}

async function realStory(payload: EventPayload, options: EmitOptions | undefined): Promise<unknown> {
  const { events } = await system.emit(payload, options);
  const eventId = events[0]?.id ?? "";
  const first = await system.settled(eventId);
  const caused = await system.database.query<{ id: string }>("select id from eventhub.events where caused_by = $1", [
    eventId,
  ]);
  const others = await system.settledEach(caused);
  const ids = [eventId, ...caused.map(({ id }) => id)];
  const calls = (await system.calls()).filter(({ context }) => ids.includes(context.eventId));
  const ours = calls.filter(({ context }) => CONSUMERS.includes(context.destination));
  return story([...first, ...others.flat()], ours);
}

async function fakeStory(payload: EventPayload, options: EmitOptions | undefined): Promise<unknown> {
  const hub = fakeEventHub(routing);
  const calls: Called[] = [];
  const consumer = scripted(hub, calls);
  await hub.emit(payload, options);
  await hub.deliverAll(Object.fromEntries(CONSUMERS.map((name) => [name, consumer])));
  return story(hub.dispatches, calls);
}

const failed = (details: object) => ({ return: { result: "failed", ...details } });
const emits = (event: EventPayload) => ({ to: "SCRIPTED", script: [{ emit: [event] }] }) as unknown as EventPayload;

describe("a dispatch of a fake hub ends as it does with the executor", () => {
  test.each<[name: string, payload: EventPayload, options?: EmitOptions]>([
    ["complete at once", { to: "SCRIPTED" }],
    ["after two failures", { to: "SCRIPTED", script: [{ return: "failed" }, { throw: "no" }, { return: "complete" }] }],
    ["failed when the retries are spent", { to: "SCRIPTED", script: [failed({ reason: "no" })] }],
    ["failed at once", { to: "SCRIPTED", script: [failed({ retry: false, reason: "never" })] }],
    ["ignored", { to: "SCRIPTED", script: [{ return: { result: "ignored", reason: "not ours" } }] }],
    ["after a wait", { to: "SCRIPTED", script: [failed({ retryAfterSeconds: 1 }), { return: "complete" }] }],
    [
      "after a wait that is none",
      { to: "SCRIPTED", script: [failed({ retryAfterSeconds: -1 }), { return: "ignored" }] },
    ],
    ["without an answer in time", { to: "impatient", script: [{ hang: true }] }],
    ["without a known result", { to: "no retries", script: [{ return: { answer: 42 } }] }],
    ["after a delay", { to: "SCRIPTED" }, { delaySeconds: 1, traceparent: TRACE }],
    ["with a payload that its route shapes", { to: "shaped", text: "abc" }],
    ["misconfigured by its transform", { to: "throws", text: "abc" }],
    ["misconfigured by what its transform gives", { to: "gives a list", text: "abc" }],
    ["as a CloudEvent", { to: "cloudevents" }],
    ["with an event that it has caused", emits({ to: "SCRIPTED", script: [{ return: "ignored" }] })],
    ["at the end of a chain", emits({ to: "SINGLE" }), { context: { eventId: EVENT, hops: MAX_HOPS - 1 } }],
  ])("%s", async (_name, payload, options) => {
    expect(await fakeStory(payload, options)).toEqual(await realStory(payload, options));
  });
});
