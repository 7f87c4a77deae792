import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { type Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { TAILED, type Tailed, type TailItem } from "../../../../schema/contract/tail.ts";
import { DatabaseError } from "../../../../schema/database/database-error.ts";
import { printableJson } from "../../../../schema/text/printable.ts";
import { MAX_TAIL_ITEMS } from "../../../../schema/vocabulary/operator-limits.ts";
import type { MethodContext } from "../../../../workers/hub/operator/context.ts";
import { METHODS } from "../../../../workers/hub/operator/methods.ts";
import { OptionOf } from "../../completion/option-of.ts";
import { shorten, widthOf } from "../../text-width.ts";
import { defined } from "../given-options.ts";
import { line, lineWidth } from "../print.ts";
import { missedLine, tailLine } from "../tail/line.ts";
import { follower, type News } from "../tail/unseen-items.ts";
import type { MethodCommand } from "./command.ts";
import { addDispatchFilter, filterOf, words } from "./filter-options.ts";

/** Half a second between two looks: everything is shown within a second. */
const LOOK_MS = 500;
/** The longest wait after looks that failed. */
const MAX_WAIT_MS = 30_000;

const isTailed = (word: string): word is Tailed => TAILED.some((one) => one === word);

function sorts(text: string): Tailed[] {
  const given = words(text);
  if (given.every(isTailed)) return given;
  throw new InvalidArgumentError(`Give some of ${TAILED.join(", ")}.`);
}

/** `tail`: follows what happens, until Ctrl-C. */
export const TAIL: MethodCommand = {
  options: (command: Command) =>
    addDispatchFilter(command)
      .addOption(
        new OptionOf("--only <sorts>", `of ${TAILED.join(", ")}; several with commas`, {
          values: TAILED,
          several: true,
        }).argParser(sorts),
      )
      .option("--no-backfill", "do not start with the last minute"),
  work: ({ options }, context, json) =>
    tail(context, filterOf(options), {
      json,
      only: options.only as Tailed[] | undefined,
      backfill: options.backfill !== false,
    }),
  examples: ["", "--destination BILLING --only attempt,result", "--status failed,lost --no-backfill"],
};

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

/** Lines of at least this many places include the id. */
const WITH_ID = 120;

/** With its time, unless the terminal is narrow. */
function timedLine(item: TailItem): string {
  const width = lineWidth() ?? Number.POSITIVE_INFINITY;
  const id = item.what === "event" ? item.eventId : item.dispatchId;
  const end = width < WITH_ID ? "" : `  ${id}`;
  const text = `${pc.dim(item.at.toISOString().slice(11, 19))} ${tailLine(item)}`;
  const bare = stripVTControlCharacters(text);
  return `${widthOf(bare) > width - end.length ? shorten(bare, width - end.length) : text}${pc.dim(end)}`;
}
