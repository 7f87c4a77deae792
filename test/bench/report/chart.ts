import type { Contender, Row } from "../bench.ts";
import { short, titleOf } from "./table.ts";

const CONTENDERS = [
  { contender: "handle", name: "cf-eventhub, handle", color: "#f6821f" },
  { contender: "handleBatch", name: "cf-eventhub, handleBatch", color: "#fbad41" },
  { contender: "peer", name: "cf-eventhub 0.3.5 (npm)", color: "#8a8f98" },
] as const satisfies readonly { contender: Contender; name: string; color: string }[];

const WIDTH = 1_000;
const LABELS = 480;
const BAR = 14;
const GAP = 16;
const TOP = 44;
const NUMBERS = 90;

/** The theme of the page on GitHub that shows the chart. There, a picture follows the reader's theme, and not that of the system. */
export type Theme = "light" | "dark";
const INK: Record<Theme, string> = { light: "#24292f", dark: "#d0d7de" };

/** Draws bars for the rows that are rates. The bars of one row are to scale; different rows are not. */
export function drawChart(rows: readonly Row[], subtitle: string, theme: Theme): string {
  const rates = rows.filter(({ unit }) => unit === "/s");
  let y = TOP;
  const groups = rates.map((row) => {
    const bars = CONTENDERS.flatMap(({ contender, color }) => {
      const median = row.values[contender]?.median;
      return median === undefined ? [] : [{ median, color }];
    });
    const most = Math.max(...bars.map(({ median }) => median));
    const title = text(0, y + (bars.length * BAR) / 2 + 4, titleOf(row));
    const drawn = bars.map(({ median, color }, i) => {
      const width = Math.max(1, (median / most) * (WIDTH - LABELS - NUMBERS));
      const top = y + i * BAR;
      return `<rect x="${LABELS}" y="${top}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${color}"/>${text(LABELS + width + 6, top + 10, `${short(median)}/s`)}`;
    });
    y += bars.length * BAR + GAP;
    return [title, ...drawn].join("");
  });
  const legend = CONTENDERS.map(
    ({ name, color }, i) =>
      `<rect x="${i * 200}" y="6" width="10" height="10" fill="${color}"/>${text(i * 200 + 15, 15, name)}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 14}" role="img" aria-label="Throughput of each case">
<style>text{font:12px system-ui,sans-serif;fill:${INK[theme]}}</style>
${[...legend, ...groups, text(0, y + 4, subtitle)].join("\n")}
</svg>
`;
}

const text = (x: number, y: number, content: string) =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${content.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;
