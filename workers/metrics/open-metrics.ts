import { LATENCY_BOUNDS, METRICS, type MetricName } from "../../schema/vocabulary/metrics.ts";
import type { Sample } from "./samples.ts";

/** @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
export const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** Writes the samples of every family as OpenMetrics. */
export function openMetrics(samples: ReadonlyMap<MetricName, readonly Sample[]>): string {
  const lines = [...samples].flatMap(([name, family]) => [
    ...descriptionOf(name),
    ...family.flatMap((sample) => linesOf(name, sample)),
  ]);
  return [...lines, "# EOF", ""].join("\n");
}

function descriptionOf(name: MetricName): string[] {
  const { type, what, ...entry } = METRICS[name];
  return [
    `# TYPE ${name} ${type}`,
    ...("unit" in entry ? [`# UNIT ${name} ${entry.unit}`] : []),
    `# HELP ${name} ${escaped(what)}.`,
  ];
}

const SUFFIXES = { counter: "_total", gauge: "", info: "_info" } as const;

function linesOf(name: MetricName, { labels, value, buckets }: Sample): string[] {
  const { type, labels: names } = METRICS[name];
  const pairs = names.map((label, index) => [label, labels[index] ?? ""] as const);
  if (type !== "histogram") return [line(`${name}${SUFFIXES[type]}`, pairs, value)];
  const bounds = [...LATENCY_BOUNDS.map(boundText), "+Inf"];
  return [
    ...bounds.map((bound, index) => line(`${name}_bucket`, [...pairs, ["le", bound]], buckets?.[index] ?? 0)),
    line(`${name}_count`, pairs, buckets?.at(-1) ?? 0),
    line(`${name}_sum`, pairs, value),
  ];
}

function line(name: string, pairs: readonly (readonly [string, string])[], value: number): string {
  const labels = pairs.map(([label, text]) => `${label}="${escaped(text)}"`).join(",");
  return `${name}${labels === "" ? "" : `{${labels}}`} ${value}`;
}

/** A bound in the form of the specification, so that all exporters write the same. */
const boundText = (bound: number) => (Number.isInteger(bound) ? `${bound}.0` : String(bound));

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

const escaped = (text: string) => text.replaceAll(/[\\"\n]/g, (character) => ESCAPES[character] ?? character);
