import { expectRoute, fakeEventHub } from "cf-eventhub-workflows/testing";
import { expect, test } from "vitest";
import { bill } from "../workers/consumer/bill";
import routing from "./routing.json";

const paid = { kind: "order.paid", id: "o-1", total: 12 };

test("a paid order goes to BILLING, and a free order goes nowhere", () => {
  expectRoute(routing, paid).toReachOnly(["BILLING"]);
  expectRoute(routing, { ...paid, total: 0 }).toReachOnly([]);
});

test("a paid order is billed", async () => {
  const hub = fakeEventHub(routing);
  await hub.emit(paid, { idempotencyKey: "order-paid-o-1" });
  const [attempt] = await hub.deliverTo("BILLING", { handle: bill });
  expect(attempt).toMatchObject({ attempt: 1, result: "complete", status: "complete" });
});
