import { setTimeout as sleep } from "node:timers/promises";
import type { Tailed } from "../../../../schema/contract/tail.ts";
import { DatabaseError } from "../../../../schema/database/database-error.ts";
import { printableJson } from "../../../../schema/text/printable.ts";
import { MAX_TAIL_ITEMS } from "../../../../schema/vocabulary/operator-limits.ts";
import type { MethodContext } from "../../../../workers/hub/operator/context.ts";
import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { defined } from "../given-options.ts";
import { line } from "../print.ts";
import { missedLine, timedLine } from "./line.ts";
import { follower, type News } from "./unseen-items.ts";

/** Half a second between two looks: everything is shown within a second. */
const LOOK_MS = 500;
/** The longest wait after looks that failed. */
const MAX_WAIT_MS = 30_000;

/** How to follow. */
interface TailingOptions {
  json: boolean;
  only: Tailed[] | undefined;
  backfill: boolean;
  /** The time between two looks, in milliseconds. */
  everyMs?: number;
}

/** Prints what happens, each item once, until it is stopped. A look that the database does not answer is reported on stderr, and repeated. */
export async function tail(
  context: Pick<MethodContext, "database">,
  filter: object,
  { json, only, backfill, everyMs = LOOK_MS }: TailingOptions,
): Promise<never> {
  const read = (after: Date | undefined) =>
    METHODS.tail.run(context as MethodContext, filter, defined({ only, after, limit: MAX_TAIL_ITEMS }));
  const look = follower(read, backfill);
  for (let wait = everyMs; ; ) {
    try {
      tell(await look(), json);
      wait = everyMs;
    } catch (error) {
      // A fault that a person must correct does not go away by itself.
      if (!(error instanceof DatabaseError) || error.misconfigured) throw error;
      wait = Math.min(MAX_WAIT_MS, Math.max(1, wait) * 2);
      console.error(
        line([new Date(), `[unavailable] ${error.message}; looking again in ${Math.ceil(wait / 1_000)} s`]),
      );
    }
    await sleep(wait);
  }
}

function tell(news: News, json: boolean): void {
  const lines = json ? news.items.map((item) => printableJson(item)) : news.items.map(timedLine);
  if (news.missed > 0) {
    const { missed, exact } = news;
    lines.unshift(json ? printableJson({ what: "missed", missed, exact }) : missedLine(news));
  }
  if (lines.length > 0) console.log(lines.join("\n"));
}
