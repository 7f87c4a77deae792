import { MAX_GROUP_SIZE } from "../../../schema/vocabulary/limits.ts";
import type { Row } from "../bench.ts";
import type { Cost, Costs } from "../cases/counts.ts";
import { SECONDS } from "../cases/emit.ts";
import type { Floor } from "../floor.ts";
import type { Results } from "../results.ts";
import type { Spread } from "../statistics.ts";
import { costLines, dollars, trafficTitles } from "./cost.ts";
import { ratio, short, titleOf } from "./table.ts";

/** The page test/bench/README.md, with the figures of a run; what it costs more, and why, a person adds. */
export function formatReadme({ date, machine, commit, seconds, floor, rows, costs }: Results): string {
  return [
    "# What it costs, and how fast it is",
    `Measured on ${date} at ${commit.replace("-dirty", "")} with \`npm run bench\` (${Math.round(seconds / 60)} minutes) on ${machine}, everything local: each hub in its own
\`wrangler dev\`, both on one PostgreSQL, driven by the same producer Worker, in alternating rounds. Postgres has its normal, safe settings (\`fsync\`,
\`synchronous_commit\`, \`full_page_writes\`, autovacuum), but 512 MB of shared buffers, 300 connections, and checkpoints an hour apart, so that none falls into one round and not
into another.${machine.endsWith("RAM disk") ? " On a RAM disk no commit waits for a disk, of neither." : ""} The peer is the npm package \`cf-eventhub\` 0.3.5
with its Postgres repository, whose queue consumer gets our settings (100 messages, no wait). Ours is as it is deployed, with default settings: \`handle\` gets one
dispatch a call, \`handleBatch\` up to a hundred. wrangler's tracing of local calls, which is a good part of every call's time, is off for both. Medians, and in
brackets the lowest and the highest round.`,
    PICTURE,
    table(
      ["", "handle", "handleBatch", "0.3.5", "handle : 0.3.5", "handleBatch : 0.3.5"],
      rows.map((row) => [
        `(${row.case}) ${titleOf(row)}`,
        cell(row, row.values.handle),
        cell(row, row.values.handleBatch),
        cell(row, row.values.peer),
        times(row, "handle"),
        times(row, "handleBatch"),
      ]),
    ),
    `(c) counts and times the calls of \`emit\`, one event each, until their answer, as many as begin in ${SECONDS.full} seconds; what is delivered beside them and after
them is not in it. Ours answers when the events are committed, and sends to the queue afterwards; 0.3.5 sends within the call. It also opens a database
connection of its own for each call and for each batch of the queue, as it calls \`postgres(dsn)\` in the constructor of its entrypoints: here over TCP to the local
Postgres, with all that a session begins with. In production it takes a Hyperdrive binding, to which one connects quickly, so that this part of the ratio would shrink.`,
    `Of (g), the ratio is to our own speed with empty tables, in rounds that alternate with those beside the million: the median of the neighbours' ratios. Where the peer
gets a smaller burst, more would only take longer, at the same rate or a lower one: its tables slow it as they grow. The floor in the same run, with nothing of ours: ${short(floor.instancesPerSecond.median)} empty Workflow
instances a second with one step each, ${short(floor.callsPerSecond.median)} RPC calls of a consumer, ${short(floor.messagesPerSecond.median)} queue messages, and ${short(floor.roundTripMs.median)} ms for a round trip to the
database's endpoint.${share(floor, rows)}`,
    `What these figures do not say: a local queue has one consumer at a time, and in production Queues would run the peer's consumer many times at once, so (b) shows
what one consumer does while it waits; and a local Workflow engine, queue and database have none of the network's latency.`,
    ...(costs === undefined ? [] : [counts(costs), money(costs)]),
    "Repeat it: `npm run bench` (all of it), `npm run bench -- --quick` (the essential cases), `npm run bench:cost` (the bills, and the source of each price).",
  ].join("\n\n");
}

const PICTURE = `<picture>
  <source media="(prefers-color-scheme: dark)" srcset="results/chart-dark.svg">
  <img alt="Throughput of each case, of this hub and of cf-eventhub 0.3.5" src="results/chart-light.svg">
</picture>`;

/** How much of a dispatch's time in a burst the platform's own parts would take alone: its share of an instance, and its call. */
function share({ instancesPerSecond, callsPerSecond }: Floor, rows: readonly Row[]): string {
  const [burst] = rows.filter((row) => row.case === "a");
  const rate = burst?.values.handle?.median;
  if (rate === undefined) return "";
  const floor = 1_000 / instancesPerSecond.median / MAX_GROUP_SIZE + 1_000 / callsPerSecond.median;
  return ` Of the ${short(1_000 / rate)} ms that a dispatch of the first burst takes
with \`handle\`, ${short(floor)} ms are its hundredth of an instance and its call.`;
}

const cell = ({ unit }: Row, spread: Spread | undefined) =>
  spread === undefined
    ? ""
    : `${short(spread.median)}${unit === "ms" ? " ms" : "/s"}${spread.rounds === 1 ? "" : ` (${short(spread.min)}-${short(spread.max)})`}`;

function times(row: Row, contender: "handle" | "handleBatch"): string {
  const share = row.ofEmpty?.[contender];
  if (share !== undefined) return `${short(share.median)} of empty (${short(share.min)}-${short(share.max)})`;
  const reached = ratio(row, contender);
  return reached === undefined ? "" : row.unit === "ms" ? short(reached) : `${short(reached)} times`;
}

const COUNTED: readonly (readonly [keyof Cost, string])[] = [
  ["databaseRequests", "requests to the database's endpoint"],
  ["databaseConnections", "database connections opened"],
  ["statements", "statements"],
  ["rows", "rows written"],
  ["walBytes", "bytes of WAL, between checkpoints"],
  ["instances", "Workflow instances"],
  ["steps", "Workflow steps"],
  ["workflowBytes", "bytes that Workflows keep"],
  ["queueWrites", "queue messages"],
  ["rpcCalls", "RPC calls"],
];

function counts(costs: Costs): string {
  const columns = [
    ["one at a time", costs.single.handle, costs.single.peer],
    ["50/s", costs.steady.handle, costs.steady.peer],
    ["burst", costs.burst.handle, costs.burst.peer],
  ] as const;
  const value = (key: keyof Cost, cost: Cost | undefined) =>
    cost === undefined ? "" : key.endsWith("Bytes") ? Math.round(cost[key]).toLocaleString("en-US") : short(cost[key]);
  return `What a dispatch takes, counted (with \`handle\`; the peer speaks to Postgres over connections of its own, and makes no requests; the full pages
that follow each checkpoint come on top of the WAL, once a page, however many dispatches share it):\n\n${table(
    ["each dispatch", ...columns.flatMap(([title]) => [title, `${title}, 0.3.5`])],
    COUNTED.map(([key, title]) => [
      title,
      ...columns.flatMap(([, ours, peer]) => [value(key, ours), value(key, peer)]),
    ]),
  )}`;
}

const money = (costs: Costs) =>
  `What a million events cost, one dispatch each, from these counts and published prices (what a plan includes is not billed; rows kept for a
week, and finished Workflow instances for their default seven days, of which only parameters and results of steps are counted):\n\n${table(
    ["", ...trafficTitles],
    costLines(costs).map(({ name, perMillion }) => [name, ...perMillion.map(dollars)]),
  )}`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, i) => (i === 0 ? "---" : "--:")), ...rows].map((line) => `| ${line.join(" | ")} |`).join("\n");
