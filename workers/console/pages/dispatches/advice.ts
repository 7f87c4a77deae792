import type { DispatchSummary } from "../../../../schema/contract/operator.ts";
import { STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { keyName } from "../../format/flow-text.ts";

/** The meaning of a final status without success, and advice, in a sentence or two. */
export function adviceOn(
  dispatch: DispatchSummary & { retriedBy?: string | null; held?: boolean },
): string | undefined {
  if (dispatch.retriedBy) return "It has been retried: the newer dispatch shows how that went.";
  const facts = STATUSES[dispatch.status];
  const advice = facts.unhappy ? facts.advice(dispatch) : undefined;
  if (dispatch.held !== true) {
    if (advice === undefined || !dispatch.orderKey) return advice;
    return `${advice} In its key, ${keyName(dispatch.orderKey)}, others may have gone on: a retry is called after them.`;
  }
  return `${advice} It holds its key, ${keyName(dispatch.orderKey ?? "")}: later dispatches of the key wait until this one is retried, or the key is released without it.`;
}
