import { type DispatchNotice, type DispatchQueue, enqueue } from "../schema/queue/messages.ts";
import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";

/** Enqueues committed dispatches with `send`. False if the queue refused: the rows stay as they are, and reconciling enqueues them. Never throws. */
export async function enqueueCommitted(
  queue: DispatchQueue,
  notices: readonly DispatchNotice[],
  send: (queue: DispatchQueue, notices: readonly DispatchNotice[]) => Promise<void> = enqueue,
): Promise<boolean> {
  try {
    await send(queue, notices);
    return true;
  } catch (error) {
    log("warn", "enqueue.failed", { dispatches: notices.length, error: errorText(error) });
    return false;
  }
}
