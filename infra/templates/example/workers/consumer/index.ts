import { WorkerEntrypoint } from "cloudflare:workers";
import type { Consumer, EventPayload, HandleContext, HandleReturn } from "cf-eventhub-workflows";
import { bill } from "./bill";

/** The executor binds this as BILLING. */
export default class extends WorkerEntrypoint implements Consumer {
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleReturn> {
    return bill(payload, context);
  }
}
