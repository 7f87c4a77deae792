import { type DispatchNotice, type DispatchQueue, enqueue } from "../../schema/messages.ts";
import { errorText, log } from "../../workflows/log.ts";

/** After a commit: what the queue refuses, reconciling finds in Postgres. Never throws. */
export async function enqueueCommitted(queue: DispatchQueue, notices: readonly DispatchNotice[]): Promise<void> {
  try {
    await enqueue(queue, notices);
  } catch (error) {
    log("warn", "enqueue.failed", { dispatches: notices.length, error: errorText(error) });
  }
}
