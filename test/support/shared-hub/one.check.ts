import { expect, inject, test } from "vitest";
import { startEventHub } from "../../../infra/testing/index.ts";

test("file one has its own orders in the hub that both share", async () => {
  await using hub = await startEventHub({ address: inject("eventhub") });
  const { events } = await hub.emit({ kind: "order.paid", id: "one" });
  expect(await hub.settled(events[0]?.id)).toMatchObject([{ destination: "BILLING", status: "complete" }]);
});
