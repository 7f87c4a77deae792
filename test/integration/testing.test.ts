import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isPortFree } from "../../infra/local/free-port.ts";
import { type RunningEventHub, startEventHub } from "../../infra/testing/index.ts";
import { SHOP } from "../support/shop.ts";

let hub: RunningEventHub;
beforeAll(async () => {
  hub = await startEventHub(SHOP);
}, 300_000);
beforeEach(() => hub.isolate());
afterAll(() => hub?.stop());

const order = (id: string) => ({ method: "POST", body: JSON.stringify({ id }) });
const mailed = async () => (await hub.fetch("shop")).json();

describe("a hub that startEventHub has started", () => {
  test("delivers what a Worker of the project emits, to the end of the chain", async () => {
    const response = await hub.fetch("shop", "/orders", order("o-1"));
    expect(response.status).toBe(201);

    expect(await hub.settled()).toMatchObject([
      {
        destination: "BILLING",
        route: "paid",
        status: "complete",
        attempts: 1,
        reason: null,
        resultedAt: expect.any(Date),
      },
      { destination: "MAIL", route: "invoices", status: "complete", attempts: 2, maxRetries: 5 },
    ]);
    expect(await hub.dispatches({ destination: "MAIL" })).toHaveLength(1);
    expect(await hub.dispatches({ status: "failed" })).toEqual([]);
  });

  test("has an empty database of its own for each test", async () => {
    expect(await hub.sql`select id from eventhub.events`).toEqual([]);
    await hub.emit({ kind: "nobody" });
    expect(await hub.sql`select payload from eventhub.events where payload->>'kind' = ${"nobody"}`).toEqual([
      { payload: { kind: "nobody" } },
    ]);
  });

  test("emits as a producer does, with its options and its refusals", async () => {
    const { events } = await hub.emit([{ kind: "order.paid", id: 1 }], { idempotencyKey: "k", deliverAt: new Date(0) });
    expect(await hub.emit({ kind: "other" }, { idempotencyKey: "k" })).toEqual({
      events: [{ ...events[0], duplicate: true }],
    });
    await expect(hub.emit({}, { delaySeconds: -1 })).rejects.toThrow("[invalid_options] delaySeconds must be");
    await expect(hub.emit([{}, { at: new Date(0) } as never])).rejects.toThrow(
      "[invalid_payload] events[1].at: JSON cannot hold a Date",
    );
    await expect(hub.fetch("shops")).rejects.toThrow("no Worker shops can be fetched; there are shop");
  });

  test("names what is not final in time", async () => {
    const { events } = await hub.emit({ kind: "tomorrow" });
    await expect(hub.settled(events[0]?.id, { timeoutMs: 0 })).rejects.toThrow(
      new RegExp(
        `^not settled after 0 ms: 1 dispatches are ongoing\n  ${events[0]?.dispatches[0]?.id} to MAIL \\(tomorrow\\): 0 of 6 attempts, next at \\d{4}-`,
      ),
    );
  });

  test("calls a consumer again whose Worker was killed during the call", async () => {
    await hub.emit({ kind: "slow" });
    await expect.poll(mailed).toContain("slow");
    await hub.kill();
    expect(await mailed()).not.toContain("invoice.made"); // a workerd that has started again
    expect(await hub.settled()).toMatchObject([{ status: "complete", attempts: 1 }]);
    expect(await mailed()).toEqual(["slow"]);
  }, 300_000);

  test("is joined by its address, from where it can be neither killed nor emptied", async () => {
    const address = JSON.parse(JSON.stringify(hub.address));
    await using joined = await startEventHub({ address });
    await joined.fetch("shop", "/orders", order("o-2"));
    expect(await joined.settled()).toHaveLength(2);
    await expect(joined.kill()).rejects.toThrow("kill() is for whoever has started this hub");
    await expect(joined.isolate()).rejects.toThrow("isolate() is for whoever has started this hub");
    await joined.stop();
    expect(await hub.settled()).toHaveLength(2);
  });

  test("ends all that it has started, however often it is stopped", async () => {
    const ports = [hub.origin, hub.address.databaseUrl].map((url) => Number(new URL(url).port));
    await Promise.all([hub.stop(), hub.stop()]);
    expect(await Promise.all(ports.map(isPortFree))).toEqual([true, true]);
  });
});
