import { type DestinationState, MAX_HEALTH_SAMPLE, type Stats } from "../../../../schema/contract/operator.ts";
import {
  DESTINATION_STATES,
  type DestinationStateName,
  type HealthRules,
} from "../../../../schema/vocabulary/destination-states.ts";
import { UNHAPPY_STATUSES } from "../../../../schema/vocabulary/statuses.ts";
import { Status } from "../../components/Status.tsx";
import { Time } from "../../components/Time.tsx";
import { count, percent } from "../../format/amounts.ts";
import { limitWords } from "../../format/flow-text.ts";
import { destinationPath } from "../../format/paths.ts";
import { duration } from "../../format/time.ts";
import { searchQuery } from "../../forms/filters.ts";
import { barsOf, failuresOf } from "./count-results.ts";
import { type DestinationSearch, destinationsPath, SORTS, type Sort } from "./destination-list.ts";
import { ResultBars } from "./ResultBars.tsx";

interface DestinationTableProps {
  destinations: readonly DestinationState[];
  stats: Stats | undefined;
  now: Date;
  /** The present search, for links with another order. */
  search: DestinationSearch;
}

/** Explains the percentiles. */
export const SAMPLE_NOTE = `The percentiles show the time from due to result, in a sample of up to ${count(MAX_HEALTH_SAMPLE)} results of each destination.`;

/** Every destination, its health, and the dispatches that wait for it. */
export const DestinationTable = ({ destinations, stats, now, search }: DestinationTableProps) => (
  <table class="rows destinations">
    <caption class="hidden">Destinations and their health</caption>
    <thead>
      <tr>
        <SortHead sort="name" search={search} />
        <SortHead sort="state" search={search} />
        {stats === undefined ? undefined : <th class="bars-cell">Results, 24 h</th>}
        <SortHead sort="success" search={search} num />
        <th class="num">24 h</th>
        <th class="num p50">p50</th>
        <th class="num p50">p95</th>
        <SortHead sort="p99" search={search} num />
        <SortHead sort="failed" search={search} num />
        <SortHead sort="ongoing" search={search} num />
      </tr>
    </thead>
    <tbody>
      {destinations.map((one) => (
        <tr id={`n-${one.name}`}>
          <td class="name" title={one.name}>
            <a href={destinationPath(one.name)} data-row="">
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
            <Rate rate={one.hour.successRate} rules={one.rules} />
          </td>
          <td class="num" data-label="24 h">
            <Rate rate={one.day.successRate} rules={one.rules} />
          </td>
          <td class="num p50" data-label="p50">
            {latency(one.day.p50Ms)}
          </td>
          <td class="num p50" data-label="p95">
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

/** The head of a column by which the list can be sorted. */
const SortHead = ({ sort, search, num }: { sort: Sort; search: DestinationSearch; num?: boolean }) => (
  <th {...(num ? { class: "num" } : {})} {...(search.sort === sort ? { "aria-sort": "other" as const } : {})}>
    <a href={destinationsPath(search, { sort })}>{SORTS[sort]}</a>
  </th>
);

/** The shape and colour of each state. */
const MARKS: Readonly<Record<DestinationStateName, string>> = {
  failing: "failed",
  degraded: "degraded",
  paused: "paused",
  draining: "ongoing",
  delivering: "complete",
  idle: "plain",
};

/** The state, with its meaning as a tooltip. */
export const DestinationStatus = ({ destination: { state, pausedBy, rules } }: { destination: DestinationState }) => (
  <span title={DESTINATION_STATES[state].means(rules)}>
    <Status name={MARKS[state]} text={state === "paused" && pausedBy === "breaker" ? "paused by its breaker" : state} />
  </span>
);

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

const Rate = ({ rate, rules }: { rate: number | null; rules: HealthRules }) => (
  <span class={rate === null ? "dim" : rateTone(rate, rules)}>{percent(rate)}</span>
);

/** The colour of a rate: that of the state to which it would lead. */
export function rateTone(rate: number, { failingBelow, degradedBelow, degradedBelowWithMany }: HealthRules): string {
  if (rate < Math.max(failingBelow, degradedBelow)) return "bad";
  return rate < degradedBelowWithMany ? "warn" : "";
}

const latency = (ms: number | null) => (ms === null ? <span class="dim">–</span> : duration(ms));
