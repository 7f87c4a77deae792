import Table from "cli-table3";
import type { Contender, Row } from "../bench.ts";
import type { Spread } from "../statistics.ts";

const CONTENDERS = ["handle", "handleBatch", "peer"] as const;

/** The share of the speed with empty tables that should remain with a million rows. */
const SHARE_OF_EMPTY = 0.9;

/** A number with three digits, or a whole number. */
export const short = (value: number): string =>
  value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

/** How many times as fast as the peer; for times, the share of the peer's. */
export function ratio({ values }: Row, contender: Contender): number | undefined {
  const own = values[contender];
  return own === undefined || values.peer === undefined ? undefined : own.median / values.peer.median;
}

/** The title of a row, with the note about one contender. */
export const titleOf = ({ title, note }: Row): string => (note === undefined ? title : `${title} (${note})`);

/** The results for the terminal: medians, and below them the spread of the rounds. */
export function formatRows(rows: readonly Row[]): string {
  const table = new Table({
    head: ["", "case", "", "handle", "handleBatch", "peer", "handle/peer", "batch/peer"],
    colAligns: ["left", "left", "left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const row of rows) {
    table.push([
      row.case,
      titleOf(row),
      row.unit,
      ...CONTENDERS.map((contender) => cell(row.values[contender])),
      verdict(row, "handle"),
      verdict(row, "handleBatch"),
    ]);
  }
  return table.toString();
}

const cell = (spread: Spread | undefined) =>
  spread === undefined ? "" : `${short(spread.median)} (${short(spread.min)}-${short(spread.max)})`;

function verdict(row: Row, contender: "handle" | "handleBatch"): string {
  const share = row.ofEmpty?.[contender];
  if (share !== undefined) {
    const met = share.median >= SHARE_OF_EMPTY;
    return `${cell(share)} of empty ${met ? "ok" : "MISSED"} (at least ${SHARE_OF_EMPTY})`;
  }
  const reached = ratio(row, contender);
  if (reached === undefined) return "";
  const target = row.targets?.[contender];
  if (target === undefined) return short(reached);
  const met = row.unit === "ms" ? reached <= target : reached >= target;
  return `${short(reached)} ${met ? "ok" : "MISSED"} (${row.unit === "ms" ? "at most" : "at least"} ${target})`;
}
