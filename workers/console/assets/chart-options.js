// @ts-check
// How uPlot draws a figure: its axes, its lines, and the action when a part of it is marked.

import { count } from "../format/amounts.ts";
import { color } from "./chart-color.js";
import { mostOf, timeOf } from "./chart-figure.js";
import { drawHeat, drawUnfinished, markCut, nameLines } from "./chart-marks.js";
import { capOf, heatExtent, msText, rangeOfMs, ticksOfMs } from "./chart-scale.ts";
import { chosenZone } from "./chosen-zone.js";
import { minuteIn, timeOfDay } from "./zone.ts";

/** @typedef {import("./chart-figure.js").Figure} Figure */

/** The height of a drawing without its legend, in CSS pixels. */
export const HEIGHT = 190;

/** The distance in pixels between the texts of an axis of durations. */
const TEXT_PX = 26;

/** The time of day, or at midnight the day. @param {number} seconds */
function tick(seconds) {
  const [at, zone] = [new Date(seconds * 1000), chosenZone()];
  const time = timeOfDay(at, zone);
  if (time !== "00:00") return time;
  return new Intl.DateTimeFormat([], { month: "short", day: "numeric", timeZone: zone }).format(at);
}

/** The lines and texts of an axis. */
const axis = () => ({
  stroke: color("--dim"),
  grid: { stroke: color("--line"), width: 1 },
  ticks: { show: false },
  font: "11px system-ui, sans-serif",
});

/** An axis of durations. It is logarithmic, because they differ by powers of ten. @param {() => Figure} figure */
const lengths = (figure) => ({
  scale: {
    distr: 3,
    range: (/** @type {any} */ _, /** @type {number | null} */ min, /** @type {number | null} */ max) => {
      const [low, high] = heatExtent(figure().bands) ?? [1, 1000];
      return rangeOfMs(Math.min(low, min ?? low), Math.max(high, max ?? high));
    },
  },
  axis: () => ({
    ...axis(),
    size: 58,
    splits: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ low, /** @type {number} */ high) =>
      ticksOfMs(low, high, (high / low) ** (TEXT_PX / HEIGHT)),
    filter: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits,
    values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(msText),
  }),
});

/** @param {() => number | undefined} cap */
const counts = (cap) => ({
  scale: {
    range: (/** @type {any} */ _, /** @type {number} */ _min, /** @type {number} */ max) => [
      0,
      cap() ?? (max > 0 ? max * 1.1 : 1),
    ],
  },
  axis: () => ({
    ...axis(),
    size: 50,
    space: 36,
    values: (/** @type {any} */ _, /** @type {number[]} */ splits) =>
      splits.map((v) => (Number.isInteger(v) ? count(v) : "")),
  }),
});

/** The legend shows the values under the pointer, and none without a pointer. @param {any} u */
function tellPointer(u) {
  u.root.parentElement?.classList.toggle("idle", u.cursor.idx == null);
}

/** Lines and bars without the unfinished bucket, which is drawn in its own way. @param {any} base @param {() => Figure} figure */
const finished =
  (base, figure) =>
  (/** @type {any} */ u, /** @type {number} */ series, /** @type {number} */ from, /** @type {number} */ to) => {
    const end = figure().unfinished ? Math.min(to, u.data[0].length - 2) : to;
    return end < from ? null : base(u, series, from, end);
  };

/** @param {any} paths @param {{ name: string, tone: string }} line @param {() => Figure} figure @param {boolean} sparse */
function seriesOf(paths, { name, tone }, figure, sparse) {
  const { isMs } = figure();
  const isBar = tone === "bad";
  return {
    label: name,
    stroke: color(`--c-${tone}`),
    fill: isBar ? color(`--c-${tone}`) : tone === "good" ? color(`--c-${tone}`, 0.13) : undefined,
    width: tone === "emitted" ? 1 : 1.5,
    spanGaps: isMs,
    paths: finished(isBar ? paths.bars({ size: [0.7, 14, 2] }) : paths.linear(), figure),
    // A line needs two neighbouring values, so a single one is a point.
    points: { show: isMs && sparse, size: 5 },
    value: (/** @type {any} */ _, /** @type {number | null} */ v) => (v === null ? "–" : isMs ? msText(v) : count(v)),
  };
}

/**
 * @param {any} UPlot
 * @param {() => Figure} figure Returns the present figure, because a drawing is kept while its values change.
 * @param {{ width: number, sparse: boolean, pick: (u: any) => void }} options
 */
export function optionsOf(UPlot, figure, { width, sparse, pick }) {
  const { isMs, names } = figure();
  const cap = () => capOf(mostOf(figure()));
  const y = isMs ? lengths(figure) : counts(cap);
  return {
    width,
    height: HEIGHT,
    // The last text of the x axis extends beyond its end by half, and the names of lines are there.
    padding: [10, isMs ? 30 : 24, 0, 0],
    tzDate: (/** @type {number} */ seconds) => {
      const zone = chosenZone();
      return zone === undefined ? new Date(seconds * 1000) : UPlot.tzDate(new Date(seconds * 1000), zone);
    },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
    scales: { x: { range: () => timeOf(figure()) }, y: y.scale },
    hooks: {
      setCursor: [tellPointer],
      ready: [tellPointer],
      setSelect: [pick],
      drawClear: [(/** @type {any} */ u) => drawHeat(u, figure())],
      draw: [
        (/** @type {any} */ u) => {
          drawUnfinished(u, figure());
          const end = isMs ? undefined : cap();
          if (end !== undefined) markCut(u, end);
          if (isMs) nameLines(u, figure());
        },
      ],
    },
    axes: [
      {
        ...axis(),
        space: 70,
        size: 28,
        values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(tick),
      },
      y.axis(),
    ],
    series: [
      {
        label: "From",
        value: (
          /** @type {any} */ u,
          /** @type {number | null} */ v,
          /** @type {any} */ _,
          /** @type {number} */ index,
        ) => {
          if (v === null) return " ";
          const from = minuteIn(new Date((v - figure().bucket / 2) * 1000), chosenZone());
          return figure().unfinished && index === u.data[0].length - 1 ? `${from}, so far` : from;
        },
      },
      ...names.map((line) => seriesOf(UPlot.paths, line, figure, sparse)),
    ],
  };
}
