import { DEFAULT_GROUP_SIZE } from "../../../schema/vocabulary/defaults.ts";
import { MAX_GROUP_SIZE } from "../../../schema/vocabulary/limits.ts";
import type { Row } from "../bench.ts";
import type { Cost, Costs } from "../cases/counts.ts";
import { SECONDS } from "../cases/emit.ts";
import type { Floor } from "../floor.ts";
import type { Results } from "../results.ts";
import type { Spread } from "../statistics.ts";
import { costLines, dayLines, dollars, trafficTitles } from "./cost.ts";
import { ratio, short, titleOf } from "./table.ts";

const BILLS = `With little traffic, a bill consists of the Workers' plan, $5 a month, and the database. Up to a hundred events a day, the database sleeps most of the
time. An event keeps it awake for five minutes, with this hub and with the peer: the look that finds what may have been lost comes as soon as the event
is delivered. Once a day, the backstop wakes it as well. A cron each minute, which a hub without the alarm needs, costs $19 a month in any case. From a
thousand events a day on, the database of neither hub sleeps much. At one event a second, this hub costs more because of its Workflow steps. At 50 a second,
groups make up for them.`;

const RUN = `[Where the time goes](profile.md) takes a dispatch apart, and shows that it costs the same beside five million others.

Run it yourself: \`npm run bench\` (everything), \`npm run bench -- --quick\` (the essential cases), \`npm run bench:cost\` (the bills, and the source of each price),
\`npm run bench:scale\` (beside full tables), \`npm run bench:traces\` (with tracing off, on, and on with a collector that hangs).`;

/** The page test/bench/README.md, with the figures of a run. */
export function formatReadme({ date, machine, commit, seconds, floor, rows, costs }: Results): string {
  return [
    "# What it costs, and how fast it is",
    `Measured on ${date} at ${commit.replace("-dirty", "")} with \`npm run bench\` (${Math.round(seconds / 60)} minutes) on ${machine}, everything local.
Each hub runs in its own \`wrangler dev\`. Both use one PostgreSQL, and the same producer Worker drives them in alternating rounds. Postgres has its
normal, safe settings (\`fsync\`, \`synchronous_commit\`, \`full_page_writes\`, autovacuum), but 512 MB of shared buffers, 300 connections, and
checkpoints an hour apart, so that no checkpoint falls into only one of the
rounds.${machine.endsWith("RAM disk") ? " Because of the RAM disk, no commit of either hub waits for a disk." : ""} The peer is the npm package
\`cf-eventhub\` 0.3.5 with its Postgres repository; its queue consumer has our settings (100 messages, no wait). Our hub runs as deployed, with
default settings: \`handle\` gets one dispatch per call, \`handleBatch\` up to a hundred. wrangler's tracing of local calls, which takes a good part
of every call's time, is off for both. The figures are medians, with the lowest and the highest round in brackets.`,
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
    `(c) counts and times the calls of \`emit\`, with one event each, until their answer: as many as begin in ${SECONDS.full} seconds. Deliveries beside
them and after them are not included. Our hub answers when the events are committed, and sends to the queue afterwards; 0.3.5 sends within the call.
0.3.5 also opens a database connection for each call and for each batch of the queue, because it calls \`postgres(dsn)\` in the constructor of its
entrypoints. Here this is a complete new session over TCP to the local Postgres. In production it uses a Hyperdrive binding, where connecting is fast,
so this part of the ratio would shrink.`,
    `In (g), the ratio compares with our own speed with empty tables, in rounds that alternate with those beside the million: it is the median of the
neighbours' ratios. Where the peer gets a smaller burst, a larger one would only take longer, at the same rate or a lower one, because its tables slow
it down as they grow. The platform's floor in the same run, without either hub: ${short(floor.instancesPerSecond.median)} empty Workflow instances per
second with one step each, ${short(floor.callsPerSecond.median)} RPC calls of a consumer, ${short(floor.messagesPerSecond.median)} queue messages, and
${short(floor.roundTripMs.median)} ms for a round trip to the database's endpoint.${share(floor, rows)}${chain(floor, rows)}`,
    ...(rows.some((row) => row.case === "i")
      ? [`In (i), a destination's groups have at most so many dispatches. The default is ${DEFAULT_GROUP_SIZE}.`]
      : []),
    `These figures have two limits. A local queue has one consumer at a time, while in production Queues would run the peer's consumer many times at once;
so (b) shows what one consumer does while it waits. And a local Workflow engine, queue and database have none of the network's latency.`,
    ...(costs === undefined ? [] : [counts(costs), money(costs), days(costs), BILLS]),
    RUN,
  ].join("\n\n");
}

const PICTURE = `<picture>
  <source media="(prefers-color-scheme: dark)" srcset="results/chart-dark.svg">
  <img alt="Throughput of each case, of this hub and of cf-eventhub 0.3.5" src="results/chart-light.svg">
</picture>`;

/** Which share of a dispatch's time in a burst the platform's own parts would take alone: its part of an instance, and its call. */
function share({ instancesPerSecond, callsPerSecond }: Floor, rows: readonly Row[]): string {
  const [burst] = rows.filter((row) => row.case === "a");
  const rate = burst?.values.handle?.median;
  if (rate === undefined) return "";
  const floor = 1_000 / instancesPerSecond.median / MAX_GROUP_SIZE + 1_000 / callsPerSecond.median;
  return ` Of the ${short(1_000 / rate)} ms that a dispatch of the first burst takes with \`handle\`, ${short(floor)} ms are its hundredth of an instance and its call.`;
}

/** Which part of one event's time any hub would need that stores events in Postgres, and delivers them from Workflows. */
function chain({ chainMs }: Floor, rows: readonly Row[]): string {
  const [idle] = rows.filter((row) => row.case === "d");
  const ms = idle?.values.handle?.median;
  if (ms === undefined) return "";
  return ` Of the ${short(ms)} ms of (d), ${short(chainMs.median)} ms are a \`select 1\`, a queue message, a Workflow instance, and in its step a \`select 1\`, a call and another
\`select 1\`, without a line of this hub.`;
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
  return `What a dispatch takes, counted with \`handle\`. (The peer uses its own connections to Postgres, and makes no HTTP requests. The WAL does not include
the full pages that follow each checkpoint; they occur once per page, however many dispatches share it.)\n\n${table(
    ["each dispatch", ...columns.flatMap(([title]) => [title, `${title}, 0.3.5`])],
    COUNTED.map(([key, title]) => [
      title,
      ...columns.flatMap(([, ours, peer]) => [value(key, ours), value(key, peer)]),
    ]),
  )}`;
}

const money = (costs: Costs) =>
  `What a million events cost, with one dispatch each, from these counts and published prices. (What a plan includes is not billed. Rows are kept for a
week, and finished Workflow instances for their default seven days; of these, only parameters and results of steps are counted.)\n\n${table(
    ["", ...trafficTitles],
    costLines(costs).map(({ name, perMillion }) => [name, ...perMillion.map(dollars)]),
  )}`;

function days(costs: Costs): string {
  const { head, rows } = dayLines(costs);
  return `What a month costs, by the number of events per day, at random moments. Brackets show the part that is the database's compute, how often it is woken
per day, and for how many hours it is awake. (Simulated with the alarm's own code and a simulated clock, with published prices, and without what free
plans include.)\n\n${table(head, rows)}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, i) => (i === 0 ? "---" : "--:")), ...rows].map((line) => `| ${line.join(" | ")} |`).join("\n");
