import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import type { TailItem } from "../../../../schema/contract/tail.ts";
import { printable } from "../../../../schema/text/printable.ts";
import { count } from "../../count-noun.ts";
import { shorten, widthOf } from "../../text-width.ts";
import { status as coloured, lineWidth, short } from "../print.ts";
import type { News } from "./unseen-items.ts";

const NAME_LENGTH = 60;
const REASON_LENGTH = 200;

/**
 * `order.paid → BILLING complete 12 ms`. For an attempt, also why it failed and when the next one is. For an event, also how many dispatches it has.
 */
export function tailLine(item: TailItem): string {
  const head = `${short(item.kind ?? item.eventId, NAME_LENGTH)} ${pc.dim("→")}`;
  if (item.what === "event") return `${head} ${eventText(item)}`;
  const to = `${head} ${pc.bold(printable(item.destination))}`;
  const why = item.reason === null ? "" : `: ${short(item.reason, REASON_LENGTH)}`;
  if (item.what === "attempt") {
    const wait = item.nextAttemptAt === null ? 0 : item.nextAttemptAt.getTime() - item.at.getTime();
    const next = wait > 0 ? `, next in ${duration(wait)}` : "";
    return `${to} ${pc.yellow(`attempt ${item.attempt} ${item.result}`)}${why}${pc.dim(next)}`;
  }
  const tries = item.attempts > 1 ? `, ${item.attempts} attempts` : "";
  return `${to} ${coloured(item.status).text} ${pc.dim(`${duration(item.tookMs)}${tries}`)}${why}`;
}

function eventText({ routed, refused, dispatches }: TailItem & { what: "event" }): string {
  if (!routed) return pc.dim("not routed yet");
  if (refused) return pc.yellow("refused: it does not match the definition of its kind");
  if (dispatches === 0) return pc.yellow("no route takes it");
  return pc.dim(count(dispatches, "dispatch", "dispatches"));
}

/** The line for items that could not be shown. */
export const missedLine = ({ missed, exact }: News): string =>
  pc.yellow(`${exact ? "" : "more than "}${missed} more happened that are not shown`);

function duration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Lines of at least this many places include the id. */
const WITH_ID = 120;

/** {@link tailLine} with its time, and with its id unless the terminal is narrow. */
export function timedLine(item: TailItem): string {
  const width = lineWidth() ?? Number.POSITIVE_INFINITY;
  const id = item.what === "event" ? item.eventId : item.dispatchId;
  const end = width < WITH_ID ? "" : `  ${id}`;
  const text = `${pc.dim(item.at.toISOString().slice(11, 19))} ${tailLine(item)}`;
  const bare = stripVTControlCharacters(text);
  return `${widthOf(bare) > width - end.length ? shorten(bare, width - end.length) : text}${pc.dim(end)}`;
}
