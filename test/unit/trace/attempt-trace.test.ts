import { v7 as uuidv7 } from "uuid";
import { describe, expect, test } from "vitest";
import { attemptSpanId } from "../../../schema/trace/span-ids.ts";
import { attemptPlace, traceContextOf } from "../../../workflows/attempt-trace.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const EMIT = { traceId: TRACE_ID, spanId: "b7ad6b7169203331", sampled: true };
const TRACE = `00-${TRACE_ID}-${EMIT.spanId}-01`;
const ID = "01890a5d-ac96-774b-bcce-b302099a8057";
const row = { id: ID, attempts: 0, traceparent: TRACE, tracestate: "a=1", baggage: "b=2", again: false };

describe("the span of an attempt", () => {
  test("has a stable id, different for each attempt and dispatch", () => {
    expect(attemptSpanId(ID, 1)).toBe(attemptSpanId(ID, 1));
    const ids = Array.from({ length: 500 }, () => uuidv7()).flatMap((id) =>
      [1, 2, 3, 1_001].map((n) => attemptSpanId(id, n)),
    );
    expect(new Set(ids).size).toBe(2_000);
    expect(ids.every((id) => /^(?!0+$)[0-9a-f]{16}$/.test(id))).toBe(true);
  });

  test("is a child of the span in which its event was emitted, and links to it", () => {
    expect(attemptPlace(row)).toEqual({
      own: { traceId: TRACE_ID, spanId: attemptSpanId(ID, 1), sampled: true },
      parent: EMIT,
      creation: EMIT,
      tracestate: "a=1",
    });
    expect(attemptPlace({ ...row, attempts: 4 })?.own.spanId).toBe(attemptSpanId(ID, 5));
  });

  test("begins a new trace for a manual retry, and later attempts are its children", () => {
    const traceId = ID.replaceAll("-", "");
    const first = { traceId, spanId: attemptSpanId(ID, 1), sampled: true };
    expect(attemptPlace({ ...row, again: true })).toEqual({
      own: first,
      parent: undefined,
      creation: EMIT,
      tracestate: undefined,
    });
    expect(attemptPlace({ ...row, again: true, attempts: 1 })).toMatchObject({
      own: { traceId, spanId: attemptSpanId(ID, 2) },
      parent: first,
      creation: EMIT,
    });
  });

  test.each([
    ["no trace", null],
    ["a trace that is not recorded", TRACE.replace(/01$/, "00")],
    ["what is no trace, of before it was checked", `00-${"0".repeat(32)}-${EMIT.spanId}-01`],
  ])("is missing if the event has %s", (_, traceparent) => {
    expect(attemptPlace({ ...row, traceparent })).toBeUndefined();
  });
});

describe("a destination", () => {
  test("gets the attempt's span if spans are made, and otherwise the event's", () => {
    const rest = { tracestate: "a=1", baggage: "b=2" };
    expect(traceContextOf(row, false)).toEqual({ traceparent: TRACE, ...rest });
    expect(traceContextOf(row, true)).toEqual({ traceparent: `00-${TRACE_ID}-${attemptSpanId(ID, 1)}-01`, ...rest });
    const unrecorded = { ...row, traceparent: TRACE.replace(/01$/, "00") };
    expect(traceContextOf(unrecorded, true)).toEqual({ traceparent: unrecorded.traceparent, ...rest });
  });

  test("gets no tracestate in a new trace", () => {
    expect(traceContextOf({ ...row, again: true }, true)).toEqual({
      traceparent: `00-${ID.replaceAll("-", "")}-${attemptSpanId(ID, 1)}-01`,
      baggage: "b=2",
    });
  });

  test("gets nothing if the event has no trace", () => {
    expect(traceContextOf({ ...row, traceparent: null, tracestate: null, baggage: null }, true)).toEqual({});
  });
});
