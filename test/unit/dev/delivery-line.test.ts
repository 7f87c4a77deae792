import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { type Delivery, deliveryLine, unroutedLine } from "../../../infra/cli/dev/delivery-line.ts";

const DELIVERY: Delivery = {
  id: "d",
  event: "01a2237b-befa-71ef-8e7d-c61c7206d5b6",
  name: "order.paid",
  destination: "BILLING",
  status: "complete",
  attempts: 1,
  reason: null,
  ms: 12.3,
  nextSeconds: -1,
};
const lineOf = (delivery: Partial<Delivery>) => stripVTControlCharacters(deliveryLine({ ...DELIVERY, ...delivery }));

test.each<[Partial<Delivery>, string]>([
  [{}, "order.paid → BILLING complete 12 ms"],
  [{ name: null }, "01a2237b-befa-71ef-8e7d-c61c7206d5b6 → BILLING complete 12 ms"],
  [{ attempts: 3, ms: 2_345 }, "order.paid → BILLING complete 2.3 s, 3 attempts"],
  [{ status: "failed", reason: "no\nsuch account" }, "order.paid → BILLING failed 12 ms: no such account"],
  [
    { status: "ongoing", ms: null, reason: "busy", attempts: 2, nextSeconds: 4 },
    "order.paid → BILLING attempt 2 failed: busy, next in 4.0 s",
  ],
  [{ name: "\u001b[2Jx" }, "\\u001b[2Jx → BILLING complete 12 ms"],
])("a delivery is told in a line", (delivery, line) => {
  expect(lineOf(delivery)).toBe(line);
});

test("so is an event that goes nowhere", () => {
  expect(stripVTControlCharacters(unroutedLine("order.lost"))).toBe("order.lost → no route takes it");
});
