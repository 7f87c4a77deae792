import { WorkerEntrypoint } from "cloudflare:workers";
import type { EventPayload, HandleContext } from "../../../schema/contract.ts";
import { type CampaignEnv, decide, tell, wait } from "./campaign.ts";
import type { Act, Answer, ChaosPayload } from "./wire.ts";

const HUGE_BYTES = 40 * 1024 * 1024;
const HANG_MS = 120_000;

/** Does what its payload's script says, and tells the campaign of each call: when it began, and what it is about to answer. */
export class Consumer extends WorkerEntrypoint<CampaignEnv> {
  async handle(payload: EventPayload, context: HandleContext): Promise<unknown> {
    const call = crypto.randomUUID();
    const { dispatchId, attempt, destination } = context;
    await tell(this.env, "/call/start", { call, dispatchId, attempt, destination });
    const answered = (answer: Answer) => tell(this.env, "/call/end", { call, answer });

    const { fault } = await decide(this.env, "consumer");
    if (fault !== null) {
      await answered("throw");
      throw new Error("this consumer has disappeared");
    }
    const { script } = payload as unknown as ChaosPayload;
    const act: Act = script[Math.min(attempt, script.length) - 1] ?? { kind: "answer", value: "complete" };
    switch (act.kind) {
      case "hang":
        await wait(HANG_MS);
        return "complete";
      case "throw":
        await answered("throw");
        throw new Error(act.message);
      case "huge":
        await answered("huge");
        return { result: "complete", reason: "x".repeat(HUGE_BYTES) };
      case "answer":
        if (act.afterMs !== undefined) await wait(act.afterMs);
        await answered(answerOf(act.value));
        return act.value;
    }
  }
}

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
