import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBaggage } from "../../../schema/trace/baggage.ts";
import { readTrace } from "../../../schema/trace/trace-context.ts";
import { readTraceparent, spanContextOf, traceparentOf } from "../../../schema/trace/traceparent.ts";
import { readTracestate } from "../../../schema/trace/tracestate.ts";
import {
  MAX_BAGGAGE_LENGTH,
  MAX_BAGGAGE_MEMBERS,
  MAX_TRACESTATE_LENGTH,
  MAX_TRACESTATE_MEMBERS,
} from "../../../schema/vocabulary/limits.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const TRACE = `00-${TRACE_ID}-${SPAN_ID}-01`;

describe("a traceparent", () => {
  test.each([
    [TRACE, TRACE],
    [`00-${TRACE_ID}-${SPAN_ID}-00`, `00-${TRACE_ID}-${SPAN_ID}-00`],
    // The random flag of level 2 stays; unknown flags are removed.
    [`00-${TRACE_ID}-${SPAN_ID}-03`, `00-${TRACE_ID}-${SPAN_ID}-03`],
    [`00-${TRACE_ID}-${SPAN_ID}-ff`, `00-${TRACE_ID}-${SPAN_ID}-03`],
    // Later versions are read as far as version 00 goes.
    [`cc-${TRACE_ID}-${SPAN_ID}-01`, TRACE],
    [`cc-${TRACE_ID}-${SPAN_ID}-01-what-the-future-will-be-like`, TRACE],
    [`cc-${TRACE_ID}-${SPAN_ID}-01-`, TRACE],
  ])("of %s is read as %s", (text, read) => {
    expect(readTraceparent(text)).toBe(read);
  });

  test.each([
    "",
    "x",
    TRACE.toUpperCase(),
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${"0".repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${"0".repeat(16)}-01`,
    `${TRACE}-more`,
    `${TRACE}-`,
    `${TRACE}x`,
    `cc-${TRACE_ID}-${SPAN_ID}-01.more`,
    ` ${TRACE}`,
    `${TRACE}\n`,
    `00-${TRACE_ID}-${SPAN_ID}-1`,
    `0-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`,
  ])("of %j is invalid", (text) => {
    expect(readTraceparent(text)).toBeUndefined();
    expect(spanContextOf(text)).toBeUndefined();
  });

  test("contains a trace, a span and the sampled flag, and can be written again", () => {
    expect(spanContextOf(TRACE)).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, sampled: true });
    expect(spanContextOf(TRACE.replace(/01$/, "02"))).toMatchObject({ sampled: false });
    expect(traceparentOf({ traceId: TRACE_ID, spanId: SPAN_ID, sampled: true })).toBe(TRACE);
    expect(traceparentOf({ traceId: TRACE_ID, spanId: SPAN_ID, sampled: false })).toBe(TRACE.replace(/01$/, "00"));
  });
});

describe("a tracestate", () => {
  const members = (count: number, value = "1") => Array.from({ length: count }, (_, n) => `k${n}=${value}`);

  test.each([
    ["rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"],
    [" rojo=1 ,\t congo=2,,", "rojo=1,congo=2"],
    ["tenant@system=a b", "tenant@system=a b"],
    ["0abc=1", "0abc=1"],
    ["a=!~", "a=!~"],
    [members(MAX_TRACESTATE_MEMBERS).join(","), members(MAX_TRACESTATE_MEMBERS).join(",")],
  ])("of %j is read as %j", (text, read) => {
    expect(readTracestate(text)).toBe(read);
  });

  test.each([
    "",
    " ,",
    "novalue",
    "a=",
    "A=1",
    "a=1,a=2",
    "a=1=2",
    "a=\u00e9",
    "a=1\nb=2",
    "a b=1",
    `${"k".repeat(257)}=1`,
    `a=${"v".repeat(257)}`,
    members(MAX_TRACESTATE_MEMBERS + 1).join(","),
    "a=1,".repeat(100_000),
  ])("of %.40j is invalid, and is dropped as a whole", (text) => {
    expect(readTracestate(text)).toBeUndefined();
  });

  test("loses its long members first if it is too long, and then its last ones", () => {
    const long = `long=${"v".repeat(200)}`;
    const short = members(10, "v".repeat(40));
    expect(readTracestate([long, ...short].join(","))).toBe(short.join(","));
    const kept = readTracestate(members(20, "v".repeat(40)).join(",")) ?? "";
    expect(kept.length).toBeLessThanOrEqual(MAX_TRACESTATE_LENGTH);
    expect(kept.length).toBeGreaterThan(MAX_TRACESTATE_LENGTH - 46);
    expect(kept.startsWith("k0=")).toBe(true);
    expect(readTracestate(`${long},${long.replace("long", "other")},${long.replace("long", "third")}`)).toBeUndefined();
  });
});

describe("baggage", () => {
  const members = (count: number, value = "1") => Array.from({ length: count }, (_, n) => `k${n}=${value}`);

  test.each([
    ["userId=alice,serverNode=DF%2028,isProduction=false", "userId=alice,serverNode=DF%2028,isProduction=false"],
    ["key1 = value1;property1 ; k2 = v2 ,\tkey2=", "key1=value1;property1;k2=v2,key2="],
    ["a=b=c", "a=b=c"],
    [",a=1,,", "a=1"],
  ])("of %j is read as %j", (text, read) => {
    expect(readBaggage(text)).toBe(read);
  });

  test.each([
    "",
    ",",
    "novalue",
    "a b=1",
    "a=x y",
    'a="1"',
    "a=1;",
    "=1",
    "a=\\",
    "a=\u00e9",
    "a=1\r\nX: y",
    "a".repeat(1_000_000),
  ])("of %.40j is invalid", (text) => {
    expect(readBaggage(text)).toBeUndefined();
  });

  test("loses its last members if it is too long or has too many", () => {
    const most = members(MAX_BAGGAGE_MEMBERS).join(",");
    expect(readBaggage(most)).toBe(most);
    expect(readBaggage(members(MAX_BAGGAGE_MEMBERS + 1).join(","))).toBe(most);
    const full = `a=${"v".repeat(MAX_BAGGAGE_LENGTH - 2)}`;
    expect(readBaggage(full)).toBe(full);
    expect(readBaggage(`${full.slice(1).replace("=", "a=")},b=1`)).toBe(full);
    expect(readBaggage(`${full}v`)).toBeUndefined();
  });
});

test("whatever is read from any text can be sent as a header, and is read back unchanged", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc
      .array(fc.constantFrom("a", "k1", "=", ",", ";", " ", "\t", "%20", "é", "\0", "@", '"'), { maxLength: 30 })
      .map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, text, (tracestate, baggage) => {
      const { trace } = readTrace({ traceparent: TRACE, tracestate, baggage });
      const headers = new Headers(Object.entries(trace));
      expect(Object.fromEntries(headers)).toEqual(trace);
      expect(readTrace(trace)).toEqual({ trace, ignored: [] });
    }),
  );
});

test("an ignored value is named with the required form, and a tracestate is dropped with its traceparent", () => {
  expect(readTrace({ traceparent: "odd", tracestate: "a=1", baggage: "odd" })).toEqual({
    trace: {},
    ignored: [
      "traceparent must be a W3C traceparent (00-<32 hex digits>-<16 hex digits>-<2 hex digits>, in lower case, no id of zeros only)",
      "baggage must be W3C baggage (key=value;property, separated by commas, values percent-encoded)",
    ],
  });
  expect(readTrace({ traceparent: TRACE, tracestate: "odd" })).toEqual({
    trace: { traceparent: TRACE },
    ignored: ["tracestate must be a W3C tracestate (up to 32 of key=value, separated by commas)"],
  });
  expect(readTrace({ traceparent: "", tracestate: "" })).toEqual({ trace: {}, ignored: [] });
});
