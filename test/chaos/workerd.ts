import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../../infra/local/paths.ts";
import { findFreePort } from "../../infra/local/ports.ts";
import { endProcesses, findGroup } from "../../infra/local/processes.ts";
import { startWranglerDev } from "../../infra/local/wrangler-dev.ts";

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
  const logFile = join(directory, "workers.log");
  const configurations = await writeConfigurations(join(directory, "workers"), variables);
  let leader: number | undefined;

  const group = () => (leader === undefined ? [] : findGroup(leader));
  const signal = (name: NodeJS.Signals) => {
    if (leader !== undefined && group().length > 0) process.kill(-leader, name);
  };

  async function start(): Promise<void> {
    await startWranglerDev({
      configurations,
      port,
      state: join(directory, "state"),
      registry: join(directory, "registry"),
      log: logFile,
      append: true,
      onSpawn: (pid) => {
        leader = pid;
      },
    });
  }

  async function kill(): Promise<void> {
    signal("SIGKILL");
    while (group().length > 0) await sleep(20);
  }

  return {
    origin: `http://127.0.0.1:${port}`,
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
