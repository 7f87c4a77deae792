import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import type { Answer, ChaosPayload, Reply } from "../workers/chaos/wire.ts";
import type { Journal } from "./journal.ts";

const PATH = "/webhook";
const CHUNK = Buffer.alloc(64 * 1024, "x");

/** Somebody else's server, which webhooks are sent to. It goes away and comes back. */
export interface WebhookReceiver {
  url: string;
  /** The secret with which the sender signs. */
  secret: string;
  /** Cuts every connection and accepts no new one. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server. The n-th request of a dispatch gets the n-th reply of its payload's `replies`, and every request is noted. */
export async function startWebhookReceiver(journal: Journal): Promise<WebhookReceiver> {
  const secret = `whsec_${randomBytes(32).toString("base64")}`;
  const verifier = new Webhook(secret);
  const requests = new Map<string, number>();
  /** Calls that have no answer yet. */
  const open = new Set<string>();

  const end = (call: string, answer: Answer, retryAfterSeconds?: number) => {
    if (open.delete(call)) journal.endCall({ call, answer, retryAfterSeconds });
  };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const dispatchId = String(request.headers["webhook-id"]);
    let payload: ChaosPayload;
    try {
      if (request.url !== PATH) throw new Error(`a request of ${request.url}`);
      payload = verifier.verify(body, request.headers as Record<string, string>) as ChaosPayload;
    } catch (error) {
      journal.unsigned.push(`dispatch ${dispatchId}: ${error instanceof Error ? error.message : String(error)}`);
      response.writeHead(400).end();
      return;
    }
    const call = randomUUID();
    const number = (requests.get(dispatchId) ?? 0) + 1;
    requests.set(dispatchId, number);
    journal.startCall({ call, dispatchId, destination: "WEBHOOK" });
    journal.arrivals.push({ dispatchId, destination: "WEBHOOK", as: call, n: payload.n });
    open.add(call);
    response.once("close", () => open.delete(call));
    const replies = payload.replies ?? [];
    const reply = replies[Math.min(number, replies.length) - 1] ?? { status: 204 };
    await answer(reply, response, (...words) => end(call, ...words));
  }

  const server = createServer((request, response) => {
    // A broken connection needs no handling here: the call has no answer.
    receive(request, response).catch(() => undefined);
  });
  server.keepAliveTimeout = 0;
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const call of open) end(call, "throw");
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return {
    url: `http://127.0.0.1:${port}${PATH}`,
    secret,
    goAway: close,
    comeBack: () => listen(port),
    stop: async () => {
      if (server.listening) await close();
    },
  };
}

/** Replies, and reports the answer before, in the words of the contract. */
async function answer(
  reply: Reply,
  response: ServerResponse,
  say: (answer: Answer, retryAfterSeconds?: number) => void,
): Promise<void> {
  if (reply === "hang") return;
  if (reply === "cut") {
    say("throw");
    response.destroy();
    return;
  }
  const { status, afterMs = 0, retryAfter, bytes = 0 } = reply;
  await sleep(afterMs);
  say(status < 300 ? "complete" : status === 410 ? "failed for good" : "failed", retryAfter);
  response.writeHead(status, {
    ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
    ...(status >= 300 && status < 400 ? { location: `${PATH}/elsewhere` } : {}),
  });
  await pipeline(Readable.from(chunks(bytes)), response);
}

function* chunks(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) yield CHUNK;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
