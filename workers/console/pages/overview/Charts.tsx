import type { Traffic } from "../../../../schema/contract/operator.ts";
import { count } from "../../format/text.ts";
import { duration } from "../../format/time.ts";
import type { FlowRow } from "./chart.ts";

/** A column of a chart's table, with the class of its line (`--c-...` in assets/base.css). */
interface Column {
  name: string;
  tone: "emitted" | "good" | "bad" | "p50" | "p95" | "p99";
}

interface ChartProps {
  id: string;
  title: string;
  /** `count` or `ms`. */
  unit: "count" | "ms";
  columns: readonly Column[];
  rows: readonly { at: Date; values: readonly (number | null)[] }[];
}

/** A chart is its table, which the script draws: without a script, or with a screen reader, there are the numbers. */
const Chart = ({ id, title, unit, columns, rows }: ChartProps) => (
  <figure class="chart" id={id} data-unit={unit}>
    <figcaption>
      <span class="strong">{title}</span>
      <span class="legend">
        {columns.map(({ name, tone }) => (
          <span class={`key k-${tone}`}>{name}</span>
        ))}
      </span>
    </figcaption>
    <div class="plot js" hx-morph-skip="" aria-hidden="true" />
    <details>
      <summary>Numbers</summary>
      <section class="scroll" tabindex={0} aria-label={`${title}, as a table`}>
        <table class="rows compact">
          <thead>
            <tr>
              <th>From (UTC)</th>
              {columns.map(({ name, tone }) => (
                <th class="num" data-tone={tone}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, values }) => (
              <tr data-at={String(at.getTime() / 1_000)}>
                <td class="num">{at.toISOString().slice(0, 16).replace("T", " ")}</td>
                {values.map((value) => (
                  <td class="num" data-value={value === null ? "" : String(value)}>
                    {value === null ? "" : unit === "ms" ? duration(value) : count(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  </figure>
);

/** Emitted, delivered and failed over time. */
export const FlowChart = ({ rows }: { rows: readonly FlowRow[] }) => (
  <Chart
    id="chart-flow"
    title="Events in, dispatches out"
    unit="count"
    columns={[
      { name: "emitted", tone: "emitted" },
      { name: "delivered", tone: "good" },
      { name: "failed", tone: "bad" },
    ]}
    rows={rows.map((row) => ({ at: row.at, values: [row.emitted, row.delivered, row.failed] }))}
  />
);

/** Latency percentiles over time. */
export const LatencyChart = ({ latency, rows }: { latency: Traffic["latency"]; rows: readonly FlowRow[] }) => {
  const at = new Map(latency.map((row) => [row.at.getTime(), row]));
  return (
    <Chart
      id="chart-latency"
      title="From due to result"
      unit="ms"
      columns={[
        { name: "p50", tone: "p50" },
        { name: "p95", tone: "p95" },
        { name: "p99", tone: "p99" },
      ]}
      rows={rows.map((row) => {
        const found = at.get(row.at.getTime());
        return { at: row.at, values: [found?.p50Ms ?? null, found?.p95Ms ?? null, found?.p99Ms ?? null] };
      })}
    />
  );
};
