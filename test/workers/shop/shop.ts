import { WorkerEntrypoint } from "cloudflare:workers";
import type { Consumer, EventHub, EventPayload, HandleContext, HandleReturn } from "../../../schema/contract/index.ts";

interface Env {
  EVENTHUB: EventHub;
}

/** The kinds of the events that Mail was called with since this workerd started. */
const mailed: unknown[] = [];

/** A project's Worker: takes orders over HTTP and emits them; also tells what was mailed. */
export default class extends WorkerEntrypoint<Env> {
  override async fetch(request: Request): Promise<Response> {
    if (request.method === "GET") return Response.json(mailed);
    const order = (await request.json()) as { id: string };
    const { events } = await this.env.EVENTHUB.emit({ kind: "order.paid", ...order }, { idempotencyKey: order.id });
    return Response.json(events[0], { status: 201 });
  }
}

/** Emits an invoice for each order. */
export class Billing extends WorkerEntrypoint<Env> implements Consumer {
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleReturn> {
    await this.env.EVENTHUB.emit({ kind: "invoice.made", order: payload.id ?? null }, { context });
    return "complete";
  }
}

/** Fails at its first attempt, and is slow for slow events. */
export class Mail extends WorkerEntrypoint<Env> implements Consumer {
  async handle({ kind }: EventPayload, { attempt }: HandleContext): Promise<HandleReturn> {
    mailed.push(kind);
    if (kind === "slow") {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return "complete";
    }
    return attempt === 1 ? { result: "failed", reason: "the mail server is away" } : "complete";
  }
}
