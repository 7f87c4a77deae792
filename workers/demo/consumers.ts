import { WorkerEntrypoint } from "cloudflare:workers";
import type { Consumer, EventHub, EventPayload, HandleContext, HandleReturn } from "../../schema/contract/index.ts";
import { takeJobs } from "./kinds.ts";

/** Always succeeds, at once. */
export class StableConsumer extends WorkerEntrypoint implements Consumer {
  handle(): HandleReturn {
    return "complete";
  }
}

/** Takes 100 ms, as a call of an external API does. */
export class SlowConsumer extends WorkerEntrypoint implements Consumer {
  async handle(): Promise<HandleReturn> {
    await scheduler.wait(100);
    return "complete";
  }
}

/** Fails the first attempt of every second dispatch. The dispatch's id decides which, so that a repeated call gets the same answer. */
export class FlakyConsumer extends WorkerEntrypoint implements Consumer {
  handle(_payload: EventPayload, { attempt, dispatchId }: HandleContext): HandleReturn {
    const unlucky = Number.parseInt(dispatchId.slice(-1), 16) % 2 === 1;
    if (unlucky && attempt === 1) return { result: "failed", reason: "flaky by design: the next attempt succeeds" };
    return "complete";
  }
}

/** Emits an event of its own for each event. */
export class ReactingConsumer extends WorkerEntrypoint<{ EVENTHUB: EventHub }> implements Consumer {
  async handle(payload: EventPayload, context: HandleContext): Promise<HandleReturn> {
    const { events } = await this.env.EVENTHUB.emit(
      { kind: "demo.follow_up", action: payload.action ?? null, follows: context.eventId },
      // Thanks to the key, two calls for one dispatch emit once. Thanks to the context, a route from the answer back to here would not loop for ever.
      { idempotencyKey: `follow-up-${context.idempotencyKey}`, context },
    );
    return { result: "complete", reason: `emitted ${events[0]?.id}` };
  }
}

export { CrmConsumer } from "./crm.ts";
export { BatchingConsumer, Onboarding } from "./kinds.ts";

/** Does not listen on HTTP: consumers are called over RPC, or take messages from a Queue. */
export default {
  queue: takeJobs,
  fetch: () => new Response("consumers have no HTTP interface\n", { status: 404 }),
};
