import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import type { ExecutorContext } from "../context.ts";
import { reconcile } from "./reconcile.ts";

/** Whether the alarm sent this queue message. */
export const isLook = ({ body }: Message<unknown>): boolean => lookOf(body) !== undefined;

/** The look that the hub's alarm asks for in a batch of messages. If there are several, the newest counts. */
export function lookAskedBy({ messages }: MessageBatch<unknown>): string | undefined {
  const looks = messages.filter(isLook).toSorted((one, other) => one.timestamp.getTime() - other.timestamp.getTime());
  return lookOf(looks.at(-1)?.body);
}

function lookOf(body: unknown): string | undefined {
  const look = (body as { look?: unknown } | null | undefined)?.look;
  return typeof look === "string" ? look : undefined;
}

/** Looks, and answers the alarm. Never throws: a look that is not answered is asked for again. */
export async function lookWhenAsked(context: ExecutorContext, look: string): Promise<void> {
  try {
    await reconcile(context, { look });
  } catch (error) {
    log("error", "look.failed", { error: errorText(error) });
  }
}
