import type { DispatchSummary } from "../../../../schema/contract/operator.ts";
import type { DispatchStatus, StatusThatIs } from "../../../../schema/vocabulary/statuses.ts";
import { keyName } from "../../format/flow-text.ts";

type Advice = (dispatch: DispatchSummary) => string;

const ADVICE: Readonly<Partial<Record<DispatchStatus, Advice>>> = {
  failed: ({ destination, attempts, maxRetries }) =>
    attempts > maxRetries
      ? `All ${attempts} attempts failed. Once ${destination} works again, retry it.`
      : `${destination} said that no other attempt can succeed. Correct the cause, then retry it.`,
  misconfigured: ({ destination }) =>
    `The executor cannot reach ${destination}: bind it under that name (and deploy the executor), or remove the route. Then retry it.`,
  lost: () =>
    "Its Workflow instances ended again and again before an attempt could be recorded. Look the instance up in Cloudflare's dashboard, then retry it.",
} satisfies Record<StatusThatIs<"unhappy">, Advice>;

/** The meaning of a final status without success, and advice, in a sentence or two. */
export function adviceOn(
  dispatch: DispatchSummary & { retriedBy?: string | null; held?: boolean },
): string | undefined {
  if (dispatch.retriedBy) return "It has been retried: the newer dispatch shows how that went.";
  const advice = ADVICE[dispatch.status]?.(dispatch);
  if (dispatch.held !== true) {
    if (advice === undefined || !dispatch.orderKey) return advice;
    return `${advice} In its key, ${keyName(dispatch.orderKey)}, others may have gone on: a retry is called after them.`;
  }
  return `${advice} It holds its key, ${keyName(dispatch.orderKey ?? "")}: later dispatches of the key wait until this one is retried, or the key is released without it.`;
}
