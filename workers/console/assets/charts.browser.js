// @ts-check
// Draws each chart from the table in it, and draws it again when the table, the theme or the zone changes. Marking a part with the pointer leads to
// the page for that time range.

import { readFigure, timeOf } from "./chart-figure.js";
import { HEIGHT, optionsOf } from "./chart-options.js";
import { wholeBuckets } from "./chart-scale.ts";
import { fieldOf } from "./zone.ts";

(() => {
  /** @type {any} */
  const UPlot = /** @type {any} */ (window).uPlot;
  if (UPlot === undefined) return;

  /** With fewer values than this, they are also shown as points. */
  const SPARSE = 12;
  /** @typedef {{ plot: any, columns: string, read: import("./chart-figure.js").Figure }} Drawing */
  /** @type {Map<Element, Drawing>} */
  const drawn = new Map();

  /** Goes to the page for the marked time range. @param {any} u @param {Element} figure */
  function pick(u, figure) {
    const { left, width } = u.select;
    const path = figure.getAttribute("data-pick");
    const read = drawn.get(figure)?.read;
    if (path === null || read === undefined || width < 4) return;
    const [from, to] = wholeBuckets(u.posToVal(left, "x"), u.posToVal(left + width, "x"), timeOf(read)[0], read.bucket);
    const url = new URL(path, location.href);
    url.searchParams.set("from", fieldOf(new Date(from * 1000), "UTC"));
    url.searchParams.set("to", fieldOf(new Date(to * 1000), "UTC"));
    location.assign(url);
  }

  /** @param {(number | null)[][]} data */
  const filled = (data) => (data[1] ?? []).filter((value) => value !== null).length;

  /** @param {Element} figure */
  function draw(figure) {
    const place = figure.querySelector(".plot");
    if (!(place instanceof HTMLElement) || place.clientWidth === 0) return;
    const read = readFigure(figure);
    const sparse = filled(read.data) < SPARSE;
    const columns = `${read.names.map(({ name }) => name).join()} ${sparse}`;
    const before = drawn.get(figure);
    if (before?.columns === columns) {
      before.read = read;
      return before.plot.setData(read.data);
    }
    before?.plot.destroy();
    /** @type {Drawing} */
    const drawing = { plot: undefined, columns, read };
    drawn.set(figure, drawing);
    const options = { width: place.clientWidth, sparse, pick: (/** @type {any} */ u) => pick(u, figure) };
    drawing.plot = new UPlot(
      optionsOf(UPlot, () => drawing.read, options),
      read.data,
      place,
    );
  }

  const figures = () => [...document.querySelectorAll("figure.chart")];
  function redraw() {
    for (const { plot } of drawn.values()) plot.destroy();
    drawn.clear();
    figures().forEach(draw);
  }

  figures().forEach(draw);
  document.addEventListener("htmx:after:swap", () => {
    for (const [figure, { plot }] of drawn) {
      if (figure.isConnected) continue;
      plot.destroy();
      drawn.delete(figure);
    }
    figures().forEach(draw);
  });
  document.addEventListener("theme", redraw);
  document.addEventListener("zone", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", () => {
    for (const [figure, { plot }] of drawn) {
      const width = figure.querySelector(".plot")?.clientWidth ?? 0;
      if (width > 0) plot.setSize({ width, height: HEIGHT });
    }
  });
})();
