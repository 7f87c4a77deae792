/**
 * `npm run bench:traces` measures the cost of tracing, in one run with alternating rounds: bursts and single emits with tracing off, with a collector
 * that accepts every span at once, and with one that never answers. With tracing on, everything is traced.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WrongCall } from "../../infra/cli/exit.ts";
import { integerOption } from "../../infra/cli/number-option.ts";
import { parseOptions, readCall } from "../../infra/cli/script-call.ts";
import { INTERRUPTED, onInterrupt } from "../../infra/local/interrupt.ts";
import { type BareCollector, startBareCollector } from "../support/bare-collector.ts";
import { alternate, PAYLOAD_BYTES } from "./bench.ts";
import { short } from "./report/table.ts";
import { startOurs } from "./stack/ours.ts";
import { startBackend } from "./stack/start-backend.ts";
import type { System } from "./stack/system.ts";
import { median, quantile, spread } from "./statistics.ts";

const HELP = `npm run bench:traces -- [--rounds N] [--dispatches N]

What tracing costs: throughput of bursts, and latency of single emits, with
tracing off, with a collector that takes every span at once, and with one that
never answers, in alternating rounds. The ratios are to tracing off, of the same
round.

  --rounds N      rounds of each (default 7)
  --dispatches N  dispatches of a burst (default 2000)
  --help          this`;

const WAYS = ["off", "quick", "hang"] as const;
type Way = (typeof WAYS)[number];

const TITLES: Readonly<Record<Way, string>> = {
  off: "tracing off",
  quick: "collector takes spans",
  hang: "collector hangs",
};

/** The calls of a burst, as in the benchmark with the peer. */
const BURST = { to: "ONE", perCall: 100, connections: 8, bytes: PAYLOAD_BYTES };
/** Single emits, for their latency, and for how long they begin. */
const SINGLE = { to: "ONE", perCall: 1, connections: 8, bytes: PAYLOAD_BYTES, events: 1_000, seconds: 2 };
const WARM_UP_DISPATCHES = 500;

/** The results of a round: the dispatches per second of a burst, and the latencies of single emits in milliseconds. */
interface Round {
  throughput: number;
  p50: number;
  p99: number;
}

const options = readCall({ name: "bench:traces", help: HELP }, readOptions);
const { signal } = onInterrupt();
try {
  await compare(options.rounds, options.dispatches);
} catch (error) {
  if (!signal.aborted) throw error;
  console.error("interrupted: all is stopped, nothing is compared");
  process.exitCode = INTERRUPTED;
}

function readOptions(args: readonly string[]): { rounds: number; dispatches: number } {
  const values = parseOptions(args, {
    rounds: { type: "string", default: "7" },
    dispatches: { type: "string", default: "2000" },
  });
  const dispatches = integerOption("dispatches", values.dispatches, 100, 1_000_000);
  if (dispatches % BURST.perCall !== 0)
    throw new WrongCall(`--dispatches must be a multiple of ${BURST.perCall}, got ${dispatches}`);
  return { rounds: integerOption("rounds", values.rounds, 1, 1_000), dispatches };
}

async function compare(rounds: number, dispatches: number): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "eventhub-bench-traces-"));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const backend = await startBackend(directory);
  resources.defer(() => backend.stop());
  const collectors = {
    quick: await startBareCollector(() => "quick"),
    hang: await startBareCollector(() => "hang"),
  };
  for (const collector of Object.values(collectors)) resources.defer(() => collector.stop());
  // All systems use one database, but only one of them works at a time.
  const systems = {} as Record<Way, System>;
  for (const way of WAYS) {
    signal.throwIfAborted();
    console.error(`starting: ${TITLES[way]}`);
    const settings = way === "off" ? {} : { OTLP_ENDPOINT: collectors[way].url, OTLP_SAMPLE_RATE: "1" };
    systems[way] = await startOurs(join(directory, way), backend, settings);
    resources.defer(() => systems[way].stop());
  }
  for (const way of WAYS) {
    signal.throwIfAborted();
    console.error(`warming up: ${TITLES[way]}`);
    await measure(systems[way], "warm", Math.min(WARM_UP_DISPATCHES, dispatches));
  }
  const warm = { quick: collectors.quick.requests(), hang: collectors.hang.requests() };
  if (warm.quick === 0 || warm.hang === 0) throw new Error("nothing was traced");
  const found = await alternate(WAYS, rounds, async (way, round) => {
    signal.throwIfAborted();
    const result = await measure(systems[way], `round-${round}`, dispatches);
    console.error(`${TITLES[way]}: ${short(result.throughput)}/s, emit ${short(result.p50)} ms`);
    return result;
  });
  print(found, collectors, dispatches);
}

/** Runs one burst, and single emits after it. */
async function measure(system: System, run: string, dispatches: number): Promise<Round> {
  await system.reset();
  const burst = await system.emit({ ...BURST, run: `${run}-burst`, events: dispatches });
  const settledAt = await system.settled(burst.startedAt, dispatches);
  await system.reset();
  const single = await system.emit({ ...SINGLE, run: `${run}-single` });
  await system.settled(single.startedAt, single.latencies.length);
  return {
    throughput: (dispatches / (settledAt - burst.startedAt)) * 1_000,
    p50: quantile(single.latencies, 0.5),
    p99: quantile(single.latencies, 0.99),
  };
}

function print(
  found: Record<Way, Round[]>,
  collectors: Readonly<Record<Exclude<Way, "off">, BareCollector>>,
  dispatches: number,
): void {
  const of = (way: Way, key: keyof Round) => found[way].map((round) => round[key]);
  /** The ratio to tracing off in the same round: the median, the lowest and the highest. */
  const ratio = (way: Way, key: keyof Round) => {
    const off = of("off", key);
    const { median: middle, min, max } = spread(of(way, key).map((value, n) => value / (off[n] ?? Number.NaN)));
    return `${middle.toFixed(3)} (${min.toFixed(3)}-${max.toFixed(3)})`;
  };
  console.log(`${found.off.length} rounds, bursts of ${short(dispatches)} dispatches, single emits with 8 at once`);
  for (const way of WAYS) {
    const [throughput, p50, p99] = (["throughput", "p50", "p99"] as const).map((key) => short(median(of(way, key))));
    console.log(`${TITLES[way].padEnd(22)} ${throughput} dispatches/s, emit p50 ${p50} ms, p99 ${p99} ms`);
    if (way === "off") continue;
    console.log(`  of tracing off       ${ratio(way, "throughput")} of the throughput`);
    console.log(`                       ${ratio(way, "p50")} of the emit's p50, ${ratio(way, "p99")} of its p99`);
    console.log(`  requests             ${collectors[way].requests()} to the collector`);
  }
}
