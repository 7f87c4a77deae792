import type { Traffic } from "../../../../schema/contract/operator.ts";
import { Minute, ZoneName } from "../../components/Time.tsx";
import { count } from "../../format/amounts.ts";
import { duration } from "../../format/time.ts";
import type { FlowRow } from "./flow-totals.ts";

/** A column of a chart's table, with the class of its line (`--c-...` in assets/colors.css). */
interface Column {
  name: string;
  tone: "emitted" | "good" | "bad" | "p50" | "p95" | "p99";
}

interface ChartRow {
  at: Date;
  values: readonly (number | null)[];
  /** The numbers of results by band of latency, for a heat map behind the lines. */
  bands?: readonly number[] | undefined;
}

interface ChartProps {
  id: string;
  title: string;
  /** `count` or `ms`. */
  unit: "count" | "ms";
  columns: readonly Column[];
  rows: readonly ChartRow[];
  /** The page that shows a time range marked in the chart, given as `from` and `to`. */
  pick: string;
  bucketSeconds: number;
  /** A bucket that ends later is not over yet. */
  now: Date;
}

/** A chart is a table that the script draws. Without a script, or with a screen reader, the numbers remain. */
const Chart = ({ id, title, unit, columns, rows, pick, bucketSeconds, now }: ChartProps) => (
  <figure class="chart" id={id} data-unit={unit} data-pick={pick} data-bucket={String(bucketSeconds)}>
    <figcaption>
      <span class="strong">{title}</span>
      <span class="legend">
        {columns.map(({ name, tone }) => (
          <span class={`key k-${tone}`}>{name}</span>
        ))}
      </span>
      <span class="js">
        {rows.some(({ bands }) => bands !== undefined) ? (
          <span class="key k-heat">the stronger, the more took so long</span>
        ) : undefined}
        {rows.some((row) => goesOn(row, bucketSeconds, now)) ? (
          <span class="key k-unfinished">dashed: not over yet</span>
        ) : undefined}
      </span>
    </figcaption>
    <div class="plot js" hx-morph-skip="" aria-hidden="true" />
    <details>
      <summary>Numbers</summary>
      <section class="scroll" tabindex={0} aria-label={`${title}, as a table`}>
        <table class="rows compact">
          <thead>
            <tr>
              <th>
                From (<ZoneName />)
              </th>
              {columns.map(({ name, tone }) => (
                <th class="num" data-tone={tone}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <NumbersRow
                row={row}
                unit={unit}
                href={bucketPath(pick, row, bucketSeconds)}
                goesOn={goesOn(row, bucketSeconds, now)}
              />
            ))}
          </tbody>
        </table>
      </section>
    </details>
  </figure>
);

/** Whether a bucket is not over yet. Its small value must not look like a fall. */
const goesOn = ({ at }: ChartRow, bucketSeconds: number, now: Date) =>
  at.getTime() + bucketSeconds * 1_000 > now.getTime();

/** The page of one bucket, for readers without a pointer to mark it. */
function bucketPath(pick: string, { at }: ChartRow, bucketSeconds: number): string {
  const utc = (ms: number) => new Date(ms).toISOString().slice(0, 19);
  const from = at.getTime();
  return `${pick}?${new URLSearchParams({ from: utc(from), to: utc(from + bucketSeconds * 1_000) })}`;
}

interface NumbersRowProps {
  row: ChartRow;
  unit: ChartProps["unit"];
  href: string;
  goesOn: boolean;
}

const NumbersRow = ({ row, unit, href, goesOn }: NumbersRowProps) => (
  <tr
    data-at={String(row.at.getTime() / 1_000)}
    {...(row.bands && { "data-bands": row.bands.join() })}
    {...(goesOn ? { "data-unfinished": "" } : {})}
  >
    <td class="num">
      <a href={href}>
        <Minute at={row.at} />
      </a>
      {goesOn ? ", so far" : ""}
    </td>
    {row.values.map((value) => (
      <td class="num" data-value={value === null ? "" : String(value)}>
        {value === null ? "" : unit === "ms" ? duration(value) : count(value)}
      </td>
    ))}
  </tr>
);

interface FigureProps {
  rows: readonly FlowRow[];
  traffic: Traffic;
  pick: string;
  now: Date;
}

/** Emitted, delivered and failed over time. For one destination, dispatched instead of emitted. */
export const FlowChart = ({ rows, traffic, pick, now, ofOne }: FigureProps & { ofOne: boolean }) => (
  <Chart
    id="chart-flow"
    title={ofOne ? "Dispatches in and out" : "Events in, dispatches out"}
    unit="count"
    columns={[
      { name: ofOne ? "dispatched" : "emitted", tone: "emitted" },
      { name: "delivered", tone: "good" },
      { name: "failed", tone: "bad" },
    ]}
    rows={rows.map((row) => ({ at: row.at, values: [row.emitted, row.delivered, row.failed] }))}
    pick={pick}
    bucketSeconds={traffic.bucketSeconds}
    now={now}
  />
);

/** Latency percentiles over time, with a heat map of all latencies behind them. */
export const LatencyChart = ({ rows, traffic, pick, now }: FigureProps) => {
  const at = new Map(traffic.latency.map((row) => [row.at.getTime(), row]));
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
        const values = [found?.p50Ms ?? null, found?.p95Ms ?? null, found?.p99Ms ?? null];
        return { at: row.at, values, bands: found?.bands };
      })}
      pick={pick}
      bucketSeconds={traffic.bucketSeconds}
      now={now}
    />
  );
};
