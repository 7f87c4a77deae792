import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Exporter } from "../../../schema/trace/exporter.ts";
import type { Span } from "../../../schema/trace/span.ts";
import { newSpanId, newTraceId } from "../../../schema/trace/span-ids.ts";
import {
  EXPORT_PAUSE_MS,
  EXPORT_TIMEOUT_MS,
  MAX_SPANS_PER_EXPORT,
  MAX_WAITING_SPANS,
} from "../../../schema/vocabulary/limits.ts";
import { type Collector, startCollector } from "../../support/collector.ts";

let collector: Collector;
let warned: { event: string; spans: number; error: string }[];
beforeEach(async () => {
  collector = await startCollector();
  warned = [];
  vi.spyOn(console, "warn").mockImplementation((line: string) => void warned.push(JSON.parse(line)));
});
afterEach(() => {
  collector.close();
  vi.restoreAllMocks();
});

const exporter = (url = `${collector.origin}/v1/traces`) =>
  new Exporter({ url, headers: { authorization: "Bearer abc" }, resource: { "service.name": "tests" } });

const span = (more: Partial<Span> = {}): Span => ({
  traceId: newTraceId(),
  spanId: newSpanId(),
  sampled: true,
  name: "deliver BILLING",
  kind: "consumer",
  parentSpanId: undefined,
  links: [],
  startMs: 1_764_000_000_000,
  endMs: 1_764_000_000_250,
  attributes: { "messaging.system": "cf_eventhub" },
  ...more,
});

const fill = (to: Exporter, count: number) => {
  for (let n = 0; n < count; n++) to.add(span());
};

describe("a collector gets", () => {
  test("spans that are valid by the official definitions of the protocol", async () => {
    const to = exporter();
    const link = { traceId: newTraceId(), spanId: newSpanId(), sampled: true };
    const full = span({
      parentSpanId: newSpanId(),
      tracestate: "a=1",
      links: [link],
      attributes: { "messaging.system": "cf_eventhub", "messaging.batch.message_count": 3, "error.type": undefined },
      error: "no binding",
    });
    to.add(full);
    to.add(span({ startMs: 5, endMs: 2, error: true }));
    await to.send();
    expect(collector.faults).toEqual([]);
    expect(collector.requests).toMatchObject([
      { path: "/v1/traces", items: 2, headers: { authorization: "Bearer abc", "content-type": "application/json" } },
    ]);
    expect(collector.spans[0]).toEqual({
      service: "tests",
      resource: { "service.name": "tests" },
      traceId: full.traceId,
      spanId: full.spanId,
      parentSpanId: full.parentSpanId,
      traceState: "a=1",
      flags: 0x301,
      name: "deliver BILLING",
      kind: "consumer",
      startMs: full.startMs,
      endMs: full.endMs,
      attributes: { "messaging.system": "cf_eventhub", "messaging.batch.message_count": 3 },
      links: [{ traceId: link.traceId, spanId: link.spanId }],
      status: { code: 2, message: "no binding" },
    });
    expect(collector.spans[1]).toMatchObject({ startMs: 5, endMs: 5, flags: 0x101, status: { code: 2 } });
  });

  test("spans of several requests of a Worker together, in as few requests as possible", async () => {
    const to = exporter();
    fill(to, 2);
    const first = to.send(50);
    fill(to, MAX_SPANS_PER_EXPORT);
    await Promise.all([first, to.send(50), to.send()]);
    expect(collector.requests.map(({ items }) => items)).toEqual([MAX_SPANS_PER_EXPORT, 2]);
    await to.send();
    expect(collector.requests).toHaveLength(2);
    expect(warned).toEqual([]);
  });
});

describe("spans for a collector are dropped, and counted in the log,", () => {
  test.each([
    ["unavailable", "answered 503"],
    ["elsewhere", "answered 307"],
  ] as const)("if it is %s, and the collector is not called for a while", async (mood, error) => {
    const now = vi.spyOn(Date, "now");
    const to = exporter();
    collector.mood = mood;
    fill(to, MAX_SPANS_PER_EXPORT + 3);
    await to.send();
    expect(warned).toEqual([{ event: "trace.spans_dropped", spans: MAX_SPANS_PER_EXPORT + 3, error }]);
    fill(to, 4);
    await to.send();
    expect(collector.requests).toHaveLength(1);

    collector.mood = "well";
    now.mockReturnValue(Date.now() + EXPORT_PAUSE_MS + 1);
    fill(to, 2);
    await to.send();
    expect(collector.spans).toHaveLength(2);
    expect(warned[1]).toMatchObject({ spans: 4 });
  });

  test("if nothing listens there", async () => {
    const to = exporter("http://127.0.0.1:9/v1/traces");
    fill(to, 1);
    await to.send();
    expect(warned).toMatchObject([{ spans: 1, error: expect.any(String) }]);
  });

  test("if it does not answer in time", async () => {
    const to = exporter();
    collector.mood = "silent";
    const later = globalThis.setTimeout;
    const timed = vi
      .spyOn(globalThis, "setTimeout")
      .mockImplementation(((call: () => void, ms = 0) =>
        later(call, ms === EXPORT_TIMEOUT_MS ? ms / 50 : ms)) as typeof setTimeout);
    fill(to, 1);
    await to.send();
    expect(timed).toHaveBeenCalledWith(expect.any(Function), EXPORT_TIMEOUT_MS);
    timed.mockRestore();
    expect(warned).toMatchObject([{ spans: 1, error: expect.stringMatching(/time/i) }]);
  });

  test("if it refuses some, with its message", async () => {
    const to = exporter();
    collector.mood = "partial";
    fill(to, 2);
    await to.send();
    expect(warned).toEqual([{ event: "trace.spans_dropped", spans: 2, error: "the collector refused them: no room" }]);
  });

  test("if there are more than an isolate keeps", async () => {
    const to = exporter();
    fill(to, MAX_WAITING_SPANS + 5);
    await to.send();
    expect(collector.spans).toHaveLength(MAX_WAITING_SPANS);
    expect(warned.reduce((sum, { spans }) => sum + spans, 0)).toBe(5);
  });
});

test("an endless answer is not read to its end", async () => {
  const to = exporter();
  collector.mood = "endless";
  fill(to, 1);
  await to.send();
  expect(collector.spans).toHaveLength(1);
  expect(warned).toEqual([]);
});
