import { type DispatchNotice, enqueue } from "../../schema/queue/messages.ts";
import { errorText, log } from "../../schema/text/log.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";

/** Enqueues what is committed. False if the queue refused: the rows stay as they are, and a later run enqueues them. Never throws. */
export async function send(env: ExecutorEnv, notices: readonly DispatchNotice[]): Promise<boolean> {
  try {
    await enqueue(env.EVENTHUB_QUEUE, notices);
    return true;
  } catch (error) {
    log("warn", "enqueue.failed", { dispatches: notices.length, error: errorText(error) });
    return false;
  }
}
