import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Exporter } from "../../../schema/trace/exporter.ts";
import { annotate, platformSpan } from "../../../schema/trace/platform-span.ts";
import type { Span } from "../../../schema/trace/span.ts";
import { attributesOf, EmitTrace } from "../../../workers/hub/emit/emit-span.ts";
import { type Prepared, prepare } from "../../../workers/hub/emit/prepare.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const TRACE = `00-${TRACE_ID}-${SPAN_ID}-01`;
const ACTIVE = { traceId: "1".repeat(32), spanId: "2".repeat(16), sampled: true };

let spans: Span[];
beforeEach(() => {
  spans = [];
});
afterEach(() => vi.restoreAllMocks());

/** A call, by the sample rate and the platform's span, and the trace context that it stores. */
function call(
  caller: Parameters<EmitTrace["begin"]>[0],
  { sampleRate = 1, active = undefined as typeof ACTIVE | undefined } = {},
) {
  const exporter = { add: (span: Span) => spans.push(span) } as unknown as Exporter;
  const trace = new EmitTrace({ exporter, sampleRate }, active);
  const stored = trace.begin(caller);
  return { trace, stored };
}

const event = (traceparent?: string) => ({ id: "e", payloadBytes: 5, traceparent }) as Prepared;
const nothing = { duplicates: 0, dispatches: 0 };

describe("a call of emit", () => {
  test("is a child span of its caller's, and its events are stored with it", () => {
    const { trace, stored } = call({ traceparent: TRACE, tracestate: "a=1", baggage: "b=2" });
    trace.ended(
      [event(stored.traceparent)],
      attributesOf({ events: [event(stored.traceparent)], duplicates: 0, dispatches: 2 }),
    );
    const [span] = spans;
    expect(span).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID, tracestate: "a=1", links: [] });
    expect([span?.name, span?.kind]).toEqual(["emit eventhub", "producer"]);
    expect(span?.attributes).toEqual({
      "messaging.system": "cf_eventhub",
      "messaging.operation.name": "emit",
      "messaging.operation.type": "send",
      "messaging.destination.name": "eventhub",
      "messaging.message.id": "e",
      "messaging.message.body.size": 5,
      "messaging.batch.message_count": undefined,
      "messaging.cf_eventhub.dispatch_count": 2,
      "messaging.cf_eventhub.duplicate_count": 0,
    });
    expect(stored).toEqual({ traceparent: `00-${TRACE_ID}-${span?.spanId}-01`, tracestate: "a=1", baggage: "b=2" });
  });

  test("makes no span if its caller does not record, and passes the context on", () => {
    const traceparent = TRACE.replace(/01$/, "00");
    const { trace, stored } = call({ traceparent }, { active: ACTIVE });
    trace.ended([event()], attributesOf({ events: [event()], ...nothing }));
    expect(stored).toEqual({ traceparent });
    expect(spans).toEqual([]);
  });

  test("begins a trace if there is none, at the configured rate", () => {
    const random = vi.spyOn(Math, "random");
    random.mockReturnValue(0.1);
    expect(call({ baggage: "b=2" }, { sampleRate: 0.1 }).stored).toEqual({ baggage: "b=2" });
    random.mockReturnValue(0.09);
    const { trace, stored } = call({}, { sampleRate: 0.1 });
    trace.ended([event(stored.traceparent)], attributesOf({ events: [event(stored.traceparent)], ...nothing }));
    expect(stored.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(spans).toMatchObject([{ parentSpanId: undefined, traceId: stored.traceparent?.slice(3, 35) }]);
    expect(call({}, { sampleRate: 0 }).stored).toEqual({});
  });

  test("joins the platform's trace if the platform records one and the call has none", () => {
    const { trace } = call({}, { active: ACTIVE, sampleRate: 0 });
    trace.ended([event(), event()], attributesOf({ events: [event(), event()], ...nothing }));
    expect(spans).toMatchObject([{ traceId: ACTIVE.traceId, parentSpanId: ACTIVE.spanId }]);
    expect(spans[0]?.attributes["messaging.batch.message_count"]).toBe(2);
    expect(spans[0]?.attributes["messaging.message.id"]).toBeUndefined();
  });

  test("links once to each trace that its events bring themselves", () => {
    const { trace, stored } = call({});
    trace.ended(
      [event(TRACE), event(stored.traceparent), event(TRACE)],
      attributesOf({ events: [event(TRACE), event(stored.traceparent), event(TRACE)], ...nothing }),
    );
    expect(spans[0]?.links).toEqual([{ traceId: TRACE_ID, spanId: SPAN_ID, sampled: true }]);
  });

  test("with a single CloudEvent has that event's trace as its caller's, unless it gives one itself", async () => {
    const cloudEvent = { specversion: "1.0", id: "1", source: "/shop", type: "paid", traceparent: TRACE };
    const other = TRACE.replace(SPAN_ID, "2".repeat(16));
    const callerOf = async (payload: unknown, options: object) => {
      const callers: unknown[] = [];
      const begin = (caller: Parameters<EmitTrace["begin"]>[0]) => {
        callers.push(caller);
        return caller;
      };
      await prepare(payload, options, { routes: compileRoutes({ routes: [] }), trace: { begin } });
      return callers[0];
    };
    expect(await callerOf(cloudEvent, { cloudEvents: true })).toEqual({ traceparent: TRACE });
    expect(await callerOf(cloudEvent, { cloudEvents: true, traceparent: other })).toEqual({ traceparent: other });
    expect(await callerOf([cloudEvent], { cloudEvents: true })).toEqual({});
    expect(await callerOf(cloudEvent, {})).toEqual({});
  });

  test("makes a failed span if it is refused, and none if its options are refused", () => {
    const { trace } = call({ traceparent: TRACE });
    trace.failed(new Error("[invalid_payload] event: no"));
    // It has ended.
    trace.failed(new Error("odd"));
    call({ traceparent: TRACE }).trace.failed(new Error("odd"));
    expect(spans.map(({ attributes, error }) => [attributes["error.type"], error])).toEqual([
      ["invalid_payload", true],
      ["_OTHER", true],
    ]);
    const exporter = { add: (span: Span) => spans.push(span) } as unknown as Exporter;
    new EmitTrace({ exporter, sampleRate: 1 }, undefined).failed(new Error("[invalid_options] no"));
    expect(spans).toHaveLength(2);
  });
});

describe("the platform's span", () => {
  const of = (context: object | undefined) =>
    platformSpan({ tracing: { getActiveSpan: () => ({ spanContext: () => context }) } });

  test("is used if the platform records it", () => {
    expect(of({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 })).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      sampled: true,
    });
    expect(of({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 0 })).toBeUndefined();
    expect(of({ traceId: "0".repeat(32), spanId: SPAN_ID, traceFlags: 1 })).toBeUndefined();
  });

  test("gets attributes of the call if the platform traces it, and a failure to set them does not affect the call", () => {
    const setAttributes = vi.fn();
    const attributes = attributesOf({ events: [event()], duplicates: 0, dispatches: 1 });
    const withSpan = (span: object) => annotate({ tracing: { getActiveSpan: () => span } }, attributes);
    withSpan({ isTraced: false, setAttributes });
    withSpan({ isTraced: true });
    annotate({}, attributes);
    expect(setAttributes).not.toHaveBeenCalled();
    withSpan({ isTraced: true, setAttributes });
    expect(setAttributes).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ "messaging.message.id": "e" }));
    setAttributes.mockImplementation(() => {
      throw new Error("illegal invocation");
    });
    withSpan({ isTraced: true, setAttributes });
  });

  test("is not used if the runtime lacks parts of the API", () => {
    for (const ctx of [
      {},
      { tracing: {} },
      { tracing: { getActiveSpan: () => undefined } },
      { tracing: { getActiveSpan: () => ({}) } },
    ]) {
      expect(platformSpan(ctx)).toBeUndefined();
    }
    expect(of(undefined)).toBeUndefined();
    const getActiveSpan = () => {
      throw new Error("illegal invocation");
    };
    expect(platformSpan({ tracing: { getActiveSpan } })).toBeUndefined();
  });
});
