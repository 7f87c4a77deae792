/**
 * `npm run monitoring:check`: starts the local stack with the demo's Workers, sends events through it, makes a real Prometheus scrape its `/metrics`,
 * and runs every query of the dashboard and every alert rule there. Needs `prometheus` and `promtool`, on the PATH or in the folder of
 * PROMETHEUS_BIN.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_METRICS_TOKEN } from "../../schema/vocabulary/defaults.ts";
import { COUNTERS_LAG_SECONDS } from "../../schema/vocabulary/metrics.ts";
import { readBareCall } from "../cli/script-call.ts";
import { emitPayloads } from "../demo/once/emit.ts";
import { demoProject } from "../demo/project.ts";
import { findFreePort } from "../local/free-port.ts";
import { onInterrupt } from "../local/interrupt.ts";
import { Resources } from "../local/resources.ts";
import { startStack } from "../local/stack.ts";
import { ALERTS } from "./alerts.ts";
import { PANELS } from "./dashboard.ts";
import { MONITORING_FILES } from "./files.ts";

readBareCall("monitoring:check", "Runs every query of the dashboard and every alert rule on a real Prometheus.");

const HOW = `Prometheus is not there. On Debian without installing it:
  apt-get download prometheus && dpkg-deb -x prometheus_*.deb prom && PROMETHEUS_BIN=$PWD/prom/usr/bin npm run monitoring:check`;

/** The interval at which answers are renewed. */
const SCRAPE_SECONDS = 15;
const EVENTS = 200;
const PATIENCE_MS = 240_000;

const { signal } = onInterrupt();
await using resources = new Resources();

const env = {
  ...process.env,
  PATH: [process.env.PROMETHEUS_BIN, process.env.PATH].filter((path) => path !== undefined).join(delimiter),
};
const run = (program: string, ...args: string[]): string => execFileSync(program, args, { env, encoding: "utf8" });

async function check(): Promise<string[]> {
  const rules = Object.keys(MONITORING_FILES).find((path) => path.endsWith(".yml")) ?? "";
  try {
    console.log(`${run("prometheus", "--version").split("\n")[0]}\n${run("promtool", "check", "rules", rules)}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new Error(HOW);
    throw error;
  }
  const folder = await mkdtemp(join(tmpdir(), "eventhub-monitoring-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const stack = await startStack({ project: demoProject(), data: join(folder, "stack") }, resources, signal);
  const ask = await startPrometheus(folder, { target: new URL(stack.origin).host, rules });
  // The destinations are known from the first scrape on: what was counted before it has no rate.
  await until(async () => (await ask("eventhub_build_info")).length > 0, "Prometheus has scraped the stack");
  await emitPayloads(stack.origin, EVENTS, { events: 0, dispatchIds: [] }, signal);
  console.log(`${EVENTS} events emitted; counters are ${COUNTERS_LAG_SECONDS} s behind`);
  await until(
    async () => Number((await ask("increase(eventhub_events_emitted_total[5m])"))[0]?.value[1] ?? 0) > EVENTS / 2,
    "the counters have risen",
  );
  // A rate needs two more scrapes.
  await sleep(2 * SCRAPE_SECONDS * 1_000, undefined, { signal });
  return [...(await askPanels(ask)), ...(await askRules(ask))];
}

interface Series {
  metric: Readonly<Record<string, string>>;
  value: [time: number, value: string];
}

type Ask = (query: string) => Promise<Series[]>;

/** Starts Prometheus on a port of its own. Returns a function that queries it. */
async function startPrometheus(folder: string, { target, rules }: { target: string; rules: string }): Promise<Ask> {
  const config = {
    global: { scrape_interval: `${SCRAPE_SECONDS}s`, evaluation_interval: "5s" },
    rule_files: [rules],
    scrape_configs: [
      {
        job_name: "eventhub",
        authorization: { credentials: LOCAL_METRICS_TOKEN },
        static_configs: [{ targets: [target] }],
      },
    ],
  };
  const file = join(folder, "prometheus.yml");
  await writeFile(file, JSON.stringify(config));
  console.log(run("promtool", "check", "config", file));
  const port = await findFreePort();
  const prometheus = spawn(
    "prometheus",
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, "tsdb")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ],
    { env, stdio: ["ignore", "ignore", "inherit"] },
  );
  const ended = new Promise((resolve) => prometheus.once("exit", resolve));
  resources.defer(async () => {
    prometheus.kill();
    await ended;
  });
  return async (query) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query }),
      signal,
    });
    const answer = (await response.json()) as { status: string; error?: string; data: { result: Series[] } };
    if (answer.status !== "success") throw new Error(answer.error);
    return answer.data.result;
  };
}

/** Panels that are empty if nothing is wrong, or nobody has done anything. */
const MAY_BE_EMPTY = / > 0$/;

/** Runs each query of the dashboard as Grafana would for all destinations. */
async function askPanels(ask: Ask): Promise<string[]> {
  const faults: string[] = [];
  for (const { title, queries } of PANELS) {
    for (const { expr } of queries) {
      const query = expr.replaceAll("$destination", ".*").replaceAll("$__rate_interval", "5m");
      const series = await ask(query).catch((error: Error) => error);
      const first = series instanceof Error ? series.message : (series[0]?.value[1] ?? "no series");
      const empty = series instanceof Error || (series.length === 0 && !MAY_BE_EMPTY.test(query));
      console.log(`${empty ? "FAULT" : "ok"}  ${title}: ${first}`);
      if (empty) faults.push(`${title}: ${query}: ${first}`);
    }
  }
  return faults;
}

/** Runs the expression of each rule. Whether it fires depends on the stack. */
async function askRules(ask: Ask): Promise<string[]> {
  const faults: string[] = [];
  for (const { alert, expr } of ALERTS) {
    const series = await ask(expr).catch((error: Error) => error);
    const failed = series instanceof Error;
    console.log(`${failed ? "FAULT" : "ok"}  ${alert}: ${failed ? series.message : `${series.length} series`}`);
    if (failed) faults.push(`${alert}: ${series.message}`);
  }
  return faults;
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`in vain waited for this: ${what}`);
    await sleep(1_000, undefined, { signal });
  }
}

const faults = await check();
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
