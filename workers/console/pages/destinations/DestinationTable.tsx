import { type DestinationState, MAX_HEALTH_SAMPLE, type Stats } from "../../../../schema/contract/operator.ts";
import { UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { limitWords } from "../../format/flow-text.ts";
import { count, percent } from "../../format/text.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";
import { ResultBars } from "./ResultBars.tsx";
import { barsOf, failuresOf } from "./results.ts";

interface DestinationTableProps {
  destinations: readonly DestinationState[];
  stats: Stats | undefined;
  now: Date;
}

/** What the percentiles are. */
export const SAMPLE_NOTE = `The percentiles are of the time from due to result, in a sample of up to ${count(MAX_HEALTH_SAMPLE)} results of each destination.`;

/** Every destination, how it does, and what waits for it. */
export const DestinationTable = ({ destinations, stats, now }: DestinationTableProps) => (
  <table class="rows destinations">
    <caption class="hidden">Destinations and their health</caption>
    <thead>
      <tr>
        <th>Destination</th>
        <th>State</th>
        {stats === undefined ? undefined : <th>Results, 24 h</th>}
        <th class="num">Success, 1 h</th>
        <th class="num">24 h</th>
        <th class="num">p50</th>
        <th class="num">p95</th>
        <th class="num">p99, 24 h</th>
        <th class="num">Failed, 24 h</th>
        <th class="num">Ongoing</th>
      </tr>
    </thead>
    <tbody>
      {destinations.map((one) => (
        <tr id={`n-${one.name}`}>
          <td>
            <a href={hrefOf(one)} data-row="">
              {one.name}
            </a>{" "}
            <span class="dim">{one.kind ?? "not configured"}</span>
          </td>
          <td>
            <DestinationStatus destination={one} />
            {one.flow?.override ? <span class="dim"> limits by hand: {limitWords(one.flow.override)}</span> : undefined}
          </td>
          {stats === undefined ? undefined : (
            <td class="bars-cell">
              <ResultBars bars={barsOf(one.name, stats, now)} />
            </td>
          )}
          <td class="num" data-label="1 h">
            <Rate rate={one.hour.successRate} />
          </td>
          <td class="num" data-label="24 h">
            <Rate rate={one.day.successRate} />
          </td>
          <td class="num" data-label="p50">
            {latency(one.day.p50Ms)}
          </td>
          <td class="num" data-label="p95">
            {latency(one.day.p95Ms)}
          </td>
          <td class="num" data-label="p99">
            {latency(one.day.p99Ms)}
          </td>
          <td class="num" data-label="failed">
            <Failed destination={one} />
          </td>
          <td class="num" data-label="ongoing">
            {one.ongoing === 0 ? (
              <span class="dim">0</span>
            ) : (
              <a href={`/dispatches?status=ongoing&destination=${encodeURIComponent(one.name)}&order=oldest`}>
                {count(one.ongoing)}
              </a>
            )}
            {one.oldestOngoing === null ? undefined : (
              <span class="dim">
                {" "}
                <Time at={one.oldestOngoing} now={now} />
              </span>
            )}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** Paused, draining, or how the last hour went: failing is what has let nothing through. */
export const DestinationStatus = ({ destination }: { destination: DestinationState }) => {
  if (destination.pausedAt !== null) {
    return <Status name="paused" text={destination.pausedBy === "breaker" ? "paused by its breaker" : "paused"} />;
  }
  if (destination.draining) return <Status name="ongoing" text="draining" />;
  const { successRate } = destination.hour;
  if (successRate === null) return <Status name="plain" text="idle" />;
  return successRate === 0 ? <Status name="failed" text="failing" /> : <Status name="complete" text="delivering" />;
};

const hrefOf = ({ name }: DestinationState): string => `/destinations/${encodeURIComponent(name)}`;

const Failed = ({ destination }: { destination: DestinationState }) => {
  const n = failuresOf(destination.day.statuses);
  if (n === 0) return <span class="dim">0</span>;
  const search = { status: [...UNHAPPY_STATUSES], period: "24h", of: "finished", destination: destination.name };
  return (
    <a class="bad" href={`/dispatches${searchQuery(search)}`}>
      {count(n)}
    </a>
  );
};

const Rate = ({ rate }: { rate: number | null }) => (
  <span class={rate === null ? "dim" : rate < 0.95 ? "bad" : rate < 0.995 ? "warn" : ""}>{percent(rate)}</span>
);

const latency = (ms: number | null) => (ms === null ? <span class="dim">–</span> : duration(ms));
