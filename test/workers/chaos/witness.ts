import { type CampaignEnv, decide, tell, wait } from "./campaign.ts";
import type { About, Answer, CallStart } from "./wire.ts";

/** Longer than any timeout of the campaign's routes. */
const HANG_MS = 120_000;
/** Shorter than some timeouts and longer than others, once a decision's own time is added. */
const LATE_MS = 3_000;

/**
 * Makes a call of a destination, and reports to the campaign when it began and how it was answered. When the campaign says so, the call is refused,
 * its answer is lost, or it is late or hangs.
 */
export async function witness<T>(
  env: CampaignEnv,
  start: About & Omit<CallStart, "call">,
  call: () => Promise<T>,
  answerOf: (answer: T) => Answer,
): Promise<T> {
  const id = crypto.randomUUID();
  await tell(env, "/call/start", { ...start, call: id } as CallStart);
  const end = (answer: Answer) => tell(env, "/call/end", { call: id, answer });
  const { fault, ms } = await decide(env, "destination");
  if (fault === "hang") await wait(HANG_MS);
  if (fault === "late") await wait(LATE_MS + ms);
  if (fault === "refuse") {
    await end("throw");
    throw new Error("the destination is overloaded");
  }
  let answer: T;
  try {
    answer = await call();
  } catch (error) {
    await end("throw");
    throw error;
  }
  if (fault === "refuse after") {
    await end("throw");
    throw new Error("Network connection lost.");
  }
  await end(answerOf(answer));
  return answer;
}
