import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findFreePort } from "../../infra/local/ports.ts";
import { endProcesses, findGroup } from "../../infra/local/processes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 90_000;

/** All the campaign's Workers in one `wrangler dev`, which can be killed, frozen and started again on the same state. */
export interface Workerd {
  origin: string;
  start(): Promise<void>;
  /** SIGKILL for the whole process group, at once. */
  kill(): Promise<void>;
  /** SIGSTOP for all of it, and SIGCONT after `ms`. */
  freeze(ms: number): Promise<void>;
  stop(): Promise<void>;
  logFile: string;
}

/** @param variables What every Worker gets. */
export async function prepareWorkerd(directory: string, variables: Record<string, string>): Promise<Workerd> {
  const port = await findFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const logFile = join(directory, "workers.log");
  const configurations = await writeConfigurations(join(directory, "workers"), variables);
  let child: ChildProcess | undefined;

  const group = () => (child?.pid === undefined ? [] : findGroup(child.pid));
  const signal = (name: NodeJS.Signals) => {
    if (child?.pid !== undefined && group().length > 0) process.kill(-child.pid, name);
  };

  async function start(): Promise<void> {
    child = launch(port, configurations, directory, logFile);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(origin))) {
      if (Date.now() > deadline || child.exitCode !== null) throw new Error(`the Workers do not start: see ${logFile}`);
      await sleep(100);
    }
  }

  async function kill(): Promise<void> {
    signal("SIGKILL");
    while (group().length > 0) await sleep(20);
  }

  return {
    origin,
    logFile,
    start,
    kill,
    freeze: async (ms) => {
      signal("SIGSTOP");
      await sleep(ms);
      signal("SIGCONT");
    },
    stop: () => endProcesses(group()),
  };
}

function launch(port: number, configurations: string[], directory: string, logFile: string): ChildProcess {
  const log = openSync(logFile, "a");
  try {
    return spawn(
      process.execPath,
      [
        join(ROOT, "node_modules/wrangler/bin/wrangler.js"),
        "dev",
        ...configurations.flatMap((path) => ["--config", path]),
        `--port=${port}`,
        "--ip=127.0.0.1",
        "--inspector-port=0",
        `--persist-to=${join(directory, "state")}`,
        "--show-interactive-dev-session=false",
      ],
      {
        cwd: ROOT,
        detached: true,
        stdio: ["ignore", log, log],
        env: {
          ...process.env,
          WRANGLER_SEND_METRICS: "false",
          WRANGLER_HIDE_BANNER: "true",
          WRANGLER_WRITE_LOGS: "false",
          WRANGLER_REGISTRY_PATH: join(directory, "registry"),
          NO_COLOR: "1",
          FORCE_COLOR: undefined,
        },
      },
    );
  } finally {
    closeSync(log);
  }
}

async function answers(origin: string): Promise<boolean> {
  try {
    const response = await fetch(origin, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** One configuration a Worker, and one `.dev.vars` for all. The first one gets the port. */
async function writeConfigurations(directory: string, variables: Record<string, string>): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(join(directory, ".dev.vars"), lines.join(""));
  return Promise.all(
    Object.entries(WORKERS).map(async ([name, rest]) => {
      const path = join(directory, `${name}.json`);
      const main = join(ROOT, `test/workers/chaos/${name}.ts`);
      await writeFile(path, JSON.stringify({ name, main, compatibility_date: "2026-10-30", ...rest }));
      return path;
    }),
  );
}

const queue = "chaos-dispatches";
const producers = [{ binding: "EVENTHUB_QUEUE", queue }];
const consumer = (binding: string, entrypoint = "Consumer") => ({ binding, service: "consumers", entrypoint });
const workflows = [
  { name: "chaos", binding: "DISPATCH", class_name: "Dispatch" },
  { name: "chaos-single", binding: "EVENTHUB_WORKFLOW_SINGLE", class_name: "Dispatch" },
];
const WORKERS: Record<string, object> = {
  producer: {
    services: [
      { binding: "EVENTHUB", service: "hub" },
      { binding: "EXECUTOR", service: "executor" },
    ],
    workflows: workflows.map((workflow) => ({ ...workflow, script_name: "executor" })),
  },
  hub: { queues: { producers } },
  executor: {
    // Few retries, so that they are exhausted while the campaign looks.
    queues: { producers, consumers: [{ queue, max_batch_size: 20, max_batch_timeout: 0, max_retries: 3 }] },
    workflows,
    services: [
      ...["STEADY", "EAGER", "SINGLE", "LATER"].map((binding) => consumer(binding)),
      consumer("BATCH", "BatchConsumer"),
    ],
  },
  consumers: {},
};
