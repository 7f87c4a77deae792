import { WorkerEntrypoint } from "cloudflare:workers";
import type {
  BatchConsumer,
  BatchItem,
  Consumer,
  EventPayload,
  HandleContext,
  HandleReturn,
} from "cf-eventhub-workflows";

export default class extends WorkerEntrypoint implements Consumer {
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleReturn> {
    if (context.attempt === 1) return { result: "failed", reason: `not ${payload.id} yet`, retryAfterSeconds: 5 };
    return "complete";
  }
}

export class Batches extends WorkerEntrypoint implements BatchConsumer {
  async handleBatch(items: BatchItem[]): Promise<HandleReturn[]> {
    return items.map(({ context }) => (context.hops > 1 ? "ignored" : "complete"));
  }
}
