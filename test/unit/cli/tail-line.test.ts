import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { missedLine, tailLine } from "../../../infra/cli/ops/tail/line.ts";
import type { TailedAttempt, TailedEvent, TailedResult } from "../../../schema/contract/tail.ts";

const EVENT_ID = "01a2237b-befa-71ef-8e7d-c61c7206d5b6";
const OF = {
  key: "k",
  at: new Date("2026-11-29T06:13:00Z"),
  eventId: EVENT_ID,
  kind: "order.paid",
  dispatchId: "d",
  destination: "BILLING",
  route: "r",
  reason: null,
  tookMs: 12.3,
} as const;
const result = (changes: Partial<TailedResult> = {}) =>
  tailLine({ ...OF, what: "result", status: "complete", attempts: 1, ...changes });
const attempt = (changes: Partial<TailedAttempt> = {}) =>
  tailLine({ ...OF, what: "attempt", attempt: 2, result: "failed", nextAttemptAt: null, ...changes });
const event = (changes: Partial<TailedEvent> = {}) =>
  tailLine({ ...OF, what: "event", dispatches: 2, routed: true, refused: false, ...changes });

test.each([
  [result(), "order.paid → BILLING complete 12 ms"],
  [result({ kind: null }), `${EVENT_ID} → BILLING complete 12 ms`],
  [result({ attempts: 3, tookMs: 2_345 }), "order.paid → BILLING complete 2.3 s, 3 attempts"],
  [result({ status: "failed", reason: "no\nsuch account" }), "order.paid → BILLING failed 12 ms: no such account"],
  [result({ kind: "\u001b[2Jx" }), "\\u001b[2Jx → BILLING complete 12 ms"],
  [
    attempt({ reason: "busy", nextAttemptAt: new Date("2026-11-29T06:13:04Z") }),
    "order.paid → BILLING attempt 2 failed: busy, next in 4.0 s",
  ],
  [attempt(), "order.paid → BILLING attempt 2 failed"],
  [event(), "order.paid → 2 dispatches"],
  [event({ dispatches: 0 }), "order.paid → no route takes it"],
  [event({ dispatches: 0, routed: false }), "order.paid → not routed yet"],
  [event({ dispatches: 0, refused: true }), "order.paid → refused: it does not match the definition of its kind"],
])("an item of the tail is one line: %s", (line, expected) => {
  expect(stripVTControlCharacters(line)).toBe(expected);
});

test("the number of items that were missed is one line", () => {
  const said = (missed: number, exact: boolean) => stripVTControlCharacters(missedLine({ items: [], missed, exact }));
  expect(said(17, true)).toBe("17 more happened that are not shown");
  expect(said(10_000, false)).toBe("more than 10000 more happened that are not shown");
});
