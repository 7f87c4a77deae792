// @ts-check
// Reads a figure's table, which has everything that is drawn.

/**
 * @typedef {object} Figure
 * @property {{ name: string, tone: string }[]} names The names of its lines.
 * @property {(number | null)[][]} data The middle of each bucket in seconds, then the values of each line.
 * @property {number[][]} bands The number of results of each bucket by band of latency; empty if the table has none.
 * @property {boolean} unfinished Whether the last bucket is not over yet.
 * @property {number} bucket The length of a bucket, in seconds.
 * @property {boolean} isMs Whether values are milliseconds instead of counts.
 */

/** @param {Element} figure @returns {Figure} */
export function readFigure(figure) {
  const heads = [...figure.querySelectorAll("th[data-tone]")];
  const rows = [...figure.querySelectorAll("tr[data-at]")];
  const bucket = Number(figure.getAttribute("data-bucket"));
  const value = (/** @type {Element} */ cell) => {
    const text = cell.getAttribute("data-value");
    return text === null || text === "" ? null : Number(text);
  };
  return {
    names: heads.map((head) => ({ name: head.textContent?.trim() ?? "", tone: head.getAttribute("data-tone") ?? "" })),
    data: [
      rows.map((row) => Number(row.getAttribute("data-at")) + bucket / 2),
      ...heads.map((_, index) => rows.map((row) => value(row.querySelectorAll("td[data-value]")[index] ?? row))),
    ],
    bands: rows.map((row) => (row.getAttribute("data-bands") ?? "").split(",").filter(Boolean).map(Number)),
    unfinished: rows.at(-1)?.hasAttribute("data-unfinished") ?? false,
    bucket,
    isMs: figure.getAttribute("data-unit") === "ms",
  };
}

/** The largest value of each bucket among all lines. @param {Figure} figure */
export function mostOf({ data: [times = [], ...series] }) {
  return times.map((_, index) => Math.max(0, ...series.map((values) => values[index] ?? 0)));
}

/**
 * The time range of a figure, in seconds: from the beginning of its first bucket to the end of its last.
 * @param {Figure} figure
 * @returns {[number, number]}
 */
export function timeOf({ data: [times = []], bucket }) {
  return [(times[0] ?? 0) - bucket / 2, (times.at(-1) ?? 0) + bucket / 2];
}
