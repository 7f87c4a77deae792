import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWebhookReceiver, type WebhookReceiver } from "../../infra/demo/webhook-receiver.ts";
import { webhookUrlFault } from "../../schema/config/destinations/webhook-url.ts";
import routing from "../../workers/routing.json" with { type: "json" };

let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
});
afterAll(() => receiver?.stop());

const EVENT = JSON.stringify({ specversion: "1.0", id: "1", source: "/", type: "t", data: {} });

async function post(body: string, secret: string, contentType = "application/cloudevents+json"): Promise<number> {
  const now = new Date();
  const headers = {
    "content-type": contentType,
    "webhook-id": "d1",
    "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign("d1", now, body),
  };
  return (await fetch(receiver.url, { method: "POST", body, headers })).status;
}

test("the demo's receiver accepts only a signed CloudEvent", async () => {
  expect(await post(EVENT, receiver.secret)).toBe(204);
  expect(await post(EVENT, "whsec_c29tZWJvZHktZWxzZS1lbnRpcmVseS1pbmRlZWQ=")).toBe(400);
  expect(await post("{}", receiver.secret)).toBe(415);
  expect(await post(EVENT, receiver.secret, "application/json")).toBe(415);
});

test("the repository's own configuration has no enabled route to its webhook, and allows no local URL for it", () => {
  const { url } = routing.destinations.WEBHOOK;
  expect(webhookUrlFault(url)).toBeUndefined();
  expect(webhookUrlFault(receiver.url)).toBeDefined();
  expect(routing.routes.filter(({ destination }) => destination === "WEBHOOK").map(({ enabled }) => enabled)).toEqual([
    false,
  ]);
  const deployed = readFileSync(new URL("../../workers/executor/wrangler.jsonc", import.meta.url), "utf8");
  expect(deployed).not.toContain("EVENTHUB_INSECURE_WEBHOOKS");
});
