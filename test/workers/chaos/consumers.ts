import { WorkerEntrypoint, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import type { BatchItem, EventPayload, HandleContext } from "../../../schema/contract/index.ts";
import { answerOf } from "./answer.ts";
import { type CampaignEnv, decide, tell, wait } from "./campaign.ts";
import type { Act, Answer, ChaosPayload } from "./wire.ts";

const HUGE_BYTES = 40 * 1024 * 1024;
const HANG_MS = 120_000;

/** Does what its payload's script says, and reports each call to the campaign: when it began, and what it is about to answer. */
export class Consumer extends WorkerEntrypoint<CampaignEnv> {
  async handle(payload: EventPayload, context: HandleContext): Promise<unknown> {
    const [result] = await serve(this.env, [{ payload, context }]);
    return result;
  }
}

/** The same for batches: one script that hangs, throws or answers too much affects the whole call. */
export class BatchConsumer extends WorkerEntrypoint<CampaignEnv> {
  async handleBatch(items: BatchItem[]): Promise<unknown> {
    return serve(this.env, items);
  }
}

async function serve(env: CampaignEnv, items: readonly BatchItem[]): Promise<unknown[]> {
  const calls = await Promise.all(
    items.map(async ({ payload, context: { dispatchId, attempt, destination } }) => {
      const call = crypto.randomUUID();
      await tell(env, "/call/start", { call, dispatchId, attempt, destination });
      return { call, act: actOf(payload, attempt) };
    }),
  );
  const answered = (answer?: Answer) =>
    Promise.all(
      calls.map(({ call, act }) => {
        const returned = answeredBy(act);
        const end = answer === undefined ? { answer: answerOf(returned), ...askedBy(returned) } : { answer };
        return tell(env, "/call/end", { call, ...end });
      }),
    );

  const { fault } = await decide(env, "consumer");
  if (fault === "hang") await wait(HANG_MS);
  if (fault !== null) {
    await answered("throw");
    throw new Error("this consumer has disappeared");
  }
  const kinds = new Set(calls.map(({ act }) => act.kind));
  if (kinds.has("hang")) await wait(HANG_MS);
  if (kinds.has("throw")) {
    await answered("throw");
    throw new Error("the consumer's own database is away");
  }
  if (kinds.has("huge")) {
    await answered("huge");
    return calls.map(() => ({ result: "complete", reason: "x".repeat(HUGE_BYTES / calls.length) }));
  }
  await wait(Math.max(...calls.map(({ act }) => (act.kind === "answer" ? (act.afterMs ?? 0) : 0))));
  await answered();
  return calls.map(({ act }) => answeredBy(act));
}

function actOf(payload: EventPayload, attempt: number): Act {
  const { script } = payload as unknown as ChaosPayload;
  return script[Math.min(attempt, script.length) - 1] ?? { kind: "answer", value: "complete" };
}

const answeredBy = (act: Act) => (act.kind === "answer" ? act.value : undefined);

/** A user's Workflow. Whatever dies, an instance runs once: the number that it has drawn is reported only after it is stored. */
export class Starter extends WorkflowEntrypoint<CampaignEnv, ChaosPayload> {
  override async run(event: Readonly<WorkflowEvent<ChaosPayload>>, step: WorkflowStep): Promise<void> {
    const as = await step.do("draw", () => Promise.resolve(crypto.randomUUID()));
    const { instanceId: dispatchId, payload } = event;
    await step.do("arrive", () => tell(this.env, "/arrival", { destination: "STARTER", dispatchId, as, n: payload.n }));
  }
}

const askedBy = (returned: unknown) => {
  const asked = typeof returned === "object" && returned !== null && "retryAfterSeconds" in returned;
  return asked ? { retryAfterSeconds: Number(returned.retryAfterSeconds) } : {};
};

export default class extends WorkerEntrypoint<CampaignEnv> {
  override fetch(): Response {
    return new Response("consumers");
  }

  override async queue({ messages }: MessageBatch<{ id: string; data: ChaosPayload }>): Promise<void> {
    await Promise.all(
      messages.map(({ id: as, body: { id: eventId, data } }) =>
        tell(this.env, "/arrival", { destination: "MESSAGES", eventId, as, n: data.n }),
      ),
    );
  }
}
