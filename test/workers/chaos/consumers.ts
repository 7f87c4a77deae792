import { WorkerEntrypoint } from "cloudflare:workers";
import type { BatchItem, EventPayload, HandleContext } from "../../../schema/contract.ts";
import { type CampaignEnv, decide, tell, wait } from "./campaign.ts";
import type { Act, Answer, ChaosPayload } from "./wire.ts";

const HUGE_BYTES = 40 * 1024 * 1024;
const HANG_MS = 120_000;

/** Does what its payload's script says, and tells the campaign of each call: when it began, and what it is about to answer. */
export class Consumer extends WorkerEntrypoint<CampaignEnv> {
  async handle(payload: EventPayload, context: HandleContext): Promise<unknown> {
    const [result] = await serve(this.env, [{ payload, context }]);
    return result;
  }
}

/** The same for batches: one script that hangs, throws or answers too much does it for the whole call. */
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
      calls.map(({ call, act }) => tell(env, "/call/end", { call, answer: answer ?? answerOf(answeredBy(act)) })),
    );

  if ((await decide(env, "consumer")).fault !== null) {
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

/** The contract's reading of a value, said here again. */
function answerOf(value: unknown): Answer {
  const { result, retry } = (typeof value === "object" && value !== null ? value : { result: value }) as {
    result?: unknown;
    retry?: unknown;
  };
  if (result === "complete" || result === "ignored") return result;
  if (result !== "failed") return "garbage";
  return retry === false ? "failed for good" : "failed";
}

export default class extends WorkerEntrypoint {
  override fetch(): Response {
    return new Response("consumers");
  }
}
