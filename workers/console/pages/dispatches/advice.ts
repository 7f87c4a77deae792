import type { DispatchSummary } from "../../../../schema/contract/operator.ts";
import type { DispatchStatus, StatusThatIs } from "../../../../schema/vocabulary/statuses.ts";
import { keyName } from "../../format/flow-text.ts";

type Advice = (dispatch: DispatchSummary) => string;

const ADVICE: Readonly<Partial<Record<DispatchStatus, Advice>>> = {
  failed: ({ destination, attempts, maxRetries }) =>
    attempts > maxRetries
      ? `All ${attempts} attempts failed. Once ${destination} is in order again, retry it.`
      : `${destination} said that another attempt is of no use. Mend the cause, then retry it.`,
  misconfigured: ({ destination }) =>
    `The executor cannot reach ${destination}: bind it under that name (and deploy the executor), or take the route away. Then retry it.`,
  lost: () =>
    "Its Workflow instances ended again and again before an attempt could be recorded. Look the instance up in Cloudflare's dashboard, then retry it.",
} satisfies Record<StatusThatIs<"unhappy">, Advice>;

/** What a final status without success means, and what to do about it, in a sentence or two. */
export function adviceOn(
  dispatch: DispatchSummary & { retriedBy?: string | null; held?: boolean },
): string | undefined {
  if (dispatch.retriedBy) return "It has been retried: the newer dispatch tells how that went.";
  const advice = ADVICE[dispatch.status]?.(dispatch);
  if (dispatch.held !== true) {
    if (advice === undefined || !dispatch.orderKey) return advice;
    return `${advice} In its key, ${keyName(dispatch.orderKey)}, others may have gone on: a retry is called after those.`;
  }
  return `${advice} It holds its key, ${keyName(dispatch.orderKey ?? "")}: what follows waits until it is retried, or released without it.`;
}
