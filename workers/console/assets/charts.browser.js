// @ts-check
// Draws each chart from the table in it, again when the table or the theme changes.
(() => {
  /** @type {any} */
  const UPlot = /** @type {any} */ (window).uPlot;
  if (UPlot === undefined) return;

  const HEIGHT = 190;
  /** Fewer values than that are shown as points too. */
  const SPARSE = 12;
  /** @type {Map<Element, { plot: any, columns: string }>} */
  const drawn = new Map();

  // A custom property is read as it is written, `light-dark(...)`: only where it is used does it become a colour that a canvas takes.
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);

  /** @param {string} name @param {number} [alpha] */
  function color(name, alpha = 1) {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
  }

  /** @param {number} ms */
  const milliseconds = (ms) =>
    ms < 1000
      ? `${Math.round(ms)} ms`
      : ms < 120_000
        ? `${+(ms / 1000).toFixed(1)} s`
        : `${Math.round(ms / 60_000)} min`;
  const number = new Intl.NumberFormat();

  /** @param {Element} figure */
  function read(figure) {
    const heads = [...figure.querySelectorAll("th[data-tone]")];
    const rows = [...figure.querySelectorAll("tr[data-at]")];
    const value = (/** @type {Element} */ cell) => {
      const text = cell.getAttribute("data-value");
      return text === null || text === "" ? null : Number(text);
    };
    return {
      names: heads.map((head) => ({
        name: head.textContent?.trim() ?? "",
        tone: head.getAttribute("data-tone") ?? "",
      })),
      data: [
        rows.map((row) => Number(row.getAttribute("data-at"))),
        ...heads.map((_, index) => rows.map((row) => value(row.querySelectorAll("td[data-value]")[index] ?? row))),
      ],
    };
  }

  /** The time of day; at midnight the day. @param {number} seconds */
  function clock(seconds) {
    const at = new Date(seconds * 1000);
    const isMidnight = at.getHours() === 0 && at.getMinutes() === 0;
    return isMidnight
      ? at.toLocaleDateString([], { month: "short", day: "numeric" })
      : at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  }

  /** @param {Element} figure @param {{ name: string, tone: string }[]} names @param {number} width @param {number} rows */
  function options(figure, names, width, rows) {
    const isMs = figure.getAttribute("data-unit") === "ms";
    const show = (/** @type {number | null} */ v) => (v === null ? "–" : isMs ? milliseconds(v) : number.format(v));
    const axis = {
      stroke: color("--dim"),
      grid: { stroke: color("--line"), width: 1 },
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
    };
    return {
      width,
      height: HEIGHT,
      padding: [8, 8, 0, 0],
      cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
      scales: {
        y: {
          range: (/** @type {any} */ _, /** @type {number} */ _min, /** @type {number} */ max) => [
            0,
            max > 0 ? max * 1.1 : 1,
          ],
        },
      },
      axes: [
        {
          ...axis,
          space: 70,
          size: 28,
          values: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits.map(clock),
        },
        {
          ...axis,
          size: isMs ? 58 : 50,
          space: 36,
          values: (/** @type {any} */ _, /** @type {number[]} */ splits) =>
            splits.map((v) => (isMs || Number.isInteger(v) ? show(v) : "")),
        },
      ],
      series: [
        {
          label: "From",
          value: (/** @type {any} */ _, /** @type {number | null} */ v) =>
            v === null ? "–" : new Date(v * 1000).toLocaleString([], { dateStyle: "short", timeStyle: "short" }),
        },
        ...names.map(({ name, tone }) => ({
          label: name,
          stroke: color(`--c-${tone}`),
          fill:
            tone === "bad"
              ? color(`--c-${tone}`)
              : tone === "good" || tone === "p50"
                ? color(`--c-${tone}`, 0.13)
                : undefined,
          width: 1.5,
          dash: tone === "emitted" || tone === "p99" ? [4, 3] : undefined,
          spanGaps: isMs,
          paths: tone === "bad" ? UPlot.paths.bars({ size: [0.7, 14, 2] }) : undefined,
          // A line needs two neighbours: what stands alone is a point.
          points: { show: isMs && rows < SPARSE, size: 5 },
          value: (/** @type {any} */ _, /** @type {number | null} */ v) => show(v),
        })),
      ],
    };
  }

  /** @param {(number | null)[][]} data */
  const filled = (data) => (data[1] ?? []).filter((value) => value !== null).length;

  /** @param {Element} figure */
  function draw(figure) {
    const place = figure.querySelector(".plot");
    if (!(place instanceof HTMLElement) || place.clientWidth === 0) return;
    const { names, data } = read(figure);
    const columns = `${names.map(({ name }) => name).join()} ${filled(data) < SPARSE}`;
    const before = drawn.get(figure);
    if (before?.columns === columns) return before.plot.setData(data);
    before?.plot.destroy();
    drawn.set(figure, {
      columns,
      plot: new UPlot(options(figure, names, place.clientWidth, filled(data)), data, place),
    });
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
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", () => {
    for (const [figure, { plot }] of drawn) {
      const width = figure.querySelector(".plot")?.clientWidth ?? 0;
      if (width > 0) plot.setSize({ width, height: HEIGHT });
    }
  });
})();
