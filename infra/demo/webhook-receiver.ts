import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import type { EventPayload } from "../../schema/contract/index.ts";
import { isCloudEvent } from "../../schema/payload/check-cloud-event.ts";
import { MAX_PAYLOAD_BYTES } from "../../schema/vocabulary/limits.ts";

/** Room for a payload and the CloudEvent around it. */
const MAX_BODY_BYTES = 2 * MAX_PAYLOAD_BYTES;

/** The receiver of the demo's webhook. It stands for somebody else's server. */
export interface WebhookReceiver {
  /** The address at which it takes webhooks. */
  url: string;
  /** The secret with which the sender signs. */
  secret: string;
  stop(): Promise<void>;
}

/** Starts a server that accepts CloudEvents with a valid signature (204), and refuses everything else for good (400). */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const verifier = new Webhook(secret);
  const server = createServer((request, response) => void receive(request, response, verifier));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    secret,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function receive(request: IncomingMessage, response: ServerResponse, verifier: Webhook): Promise<void> {
  try {
    const body = await readBody(request);
    const event = verifier.verify(body, request.headers as Record<string, string>) as EventPayload;
    const good = request.headers["content-type"] === "application/cloudevents+json" && isCloudEvent(event);
    response.writeHead(good ? 204 : 415).end();
  } catch {
    response.writeHead(400).end();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error("the body is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
