// @ts-check
// Everything that is drawn on a chart beside its lines: the heat map behind them, the unfinished bucket, values that were cut off, and the names of
// lines.

import { count } from "../format/amounts.ts";
import { color } from "./chart-color.js";
import { heatOf } from "./chart-scale.ts";

/** @typedef {import("./chart-figure.js").Figure} Figure */

/** Draws inside the plot only. @param {any} u @param {(ctx: CanvasRenderingContext2D, px: number) => void} draw */
function clipped({ ctx, bbox }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, devicePixelRatio);
  ctx.restore();
}

/** Draws the distribution of each bucket's results over durations, behind everything else. @param {any} u @param {Figure} figure */
export function drawHeat(u, { data: [times = []], bands, bucket }) {
  const x = (/** @type {number} */ at) => Math.round(u.valToPos(at, "x", true));
  const y = (/** @type {number} */ ms) => Math.round(u.valToPos(ms, "y", true));
  clipped(u, (ctx) => {
    for (const [index, counts] of bands.entries()) {
      const middle = times[index] ?? 0;
      const left = x(middle - bucket / 2);
      for (const { from, to, dark } of heatOf(counts, u.scales.y.max)) {
        const top = y(to);
        ctx.fillStyle = color("--c-heat", dark);
        ctx.fillRect(left, top, x(middle + bucket / 2) - left, y(Math.max(from, u.scales.y.min)) - top);
      }
    }
  });
}

/** Draws the last bucket while it is unfinished, dashed and hollow, since more may come. @param {any} u @param {Figure} figure */
export function drawUnfinished(u, { names, data, unfinished }) {
  if (!unfinished) return;
  const [times = [], ...series] = data;
  const last = times.length - 1;
  clipped(u, (ctx, px) => {
    ctx.lineWidth = 1.5 * px;
    for (const [index, { tone }] of names.entries()) {
      const [before, now] = [series[index]?.[last - 1] ?? null, series[index]?.[last] ?? null];
      if (now === null) continue;
      const at = (/** @type {number} */ bucket) => u.valToPos(times[bucket] ?? 0, "x", true);
      const y = (/** @type {number} */ value) => u.valToPos(value, "y", true);
      ctx.strokeStyle = color(`--c-${tone}`);
      ctx.setLineDash([3 * px, 3 * px]);
      ctx.beginPath();
      if (tone === "bad") {
        const half = Math.min(0.35 * (at(last) - at(last - 1)), 7 * px);
        if (now > 0) ctx.rect(at(last) - half, y(now), 2 * half, y(0) - y(now));
        ctx.stroke();
        continue;
      }
      if (before !== null) {
        ctx.moveTo(at(last - 1), y(before));
        ctx.lineTo(at(last), y(now));
      }
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.fillStyle = color("--surface");
      ctx.beginPath();
      ctx.arc(at(last), y(now), 2.5 * px, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    }
  });
}

/** The least distance in pixels between the names of two lines. */
const NAME_PX = 12;

/** Writes the name of each line at its end, so that lines do not differ in colour only. @param {any} u @param {Figure} figure */
export function nameLines(u, { names, data: [, ...series] }) {
  const { ctx, bbox } = u;
  const px = devicePixelRatio;
  const ends = names
    .map(({ name, tone }, index) => ({ name, tone, value: series[index]?.findLast((value) => value !== null) ?? null }))
    .filter((/** @type {{ value: number | null }} */ { value }) => value !== null)
    .map(({ name, tone, value }) => ({ name, tone, y: u.valToPos(value, "y", true) }))
    .sort((one, other) => other.y - one.y);
  ctx.save();
  ctx.font = `${11 * px}px system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  let lowest = bbox.top + bbox.height;
  for (const { name, tone, y } of ends) {
    const place = Math.min(Math.max(y, bbox.top), lowest);
    ctx.fillStyle = color(`--c-${tone}`);
    ctx.fillText(name, bbox.left + bbox.width + 5 * px, place);
    lowest = place - NAME_PX * px;
  }
  ctx.restore();
}

/** Writes the values that were cut off at the upper edge. Of neighbours, only the largest. @param {any} u @param {number} cap */
export function markCut(u, cap) {
  const { ctx, bbox } = u;
  const px = devicePixelRatio;
  const [times, ...series] = u.data;
  const cuts = times
    .map((/** @type {number} */ at, /** @type {number} */ index) => {
      const values = series.map((/** @type {(number | null)[]} */ of) => of[index] ?? 0);
      const value = Math.max(...values);
      return { value, stroke: u.series[values.indexOf(value) + 1].stroke(), x: u.valToPos(at, "x", true) };
    })
    .filter((/** @type {{ value: number }} */ { value }) => value > cap)
    .sort((/** @type {{ value: number }} */ one, /** @type {{ value: number }} */ other) => other.value - one.value);
  ctx.save();
  ctx.font = `${11 * px}px system-ui, sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  /** @type {number[]} */
  const told = [];
  for (const { value, stroke, x } of cuts) {
    ctx.fillStyle = stroke;
    ctx.beginPath();
    ctx.moveTo(x - 4 * px, bbox.top + 6 * px);
    ctx.lineTo(x + 4 * px, bbox.top + 6 * px);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
    const text = count(value);
    const half = ctx.measureText(text).width / 2;
    if (told.some((other) => Math.abs(other - x) < 2 * half + 6 * px)) continue;
    told.push(x);
    ctx.fillText(text, Math.min(Math.max(x, bbox.left + half), bbox.left + bbox.width - half), bbox.top + 8 * px);
  }
  ctx.restore();
}
