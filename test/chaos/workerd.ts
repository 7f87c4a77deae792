import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "../../infra/local/free-port.ts";
import { endProcesses, findGroup } from "../../infra/local/processes/processes.ts";
import { startWranglerDev } from "../../infra/local/workers/wrangler-dev.ts";
import { bundleWorkers } from "../support/build-test-workers.ts";

/** All the campaign's Workers in one `wrangler dev`, which can be killed, frozen and started again on the same state. */
export interface Workerd {
  origin: string;
  start(): Promise<void>;
  /** Sends SIGKILL to the whole process group, at once. */
  kill(): Promise<void>;
  /** Sends SIGSTOP to all of it, and SIGCONT after `ms`. */
  freeze(ms: number): Promise<void>;
  stop(): Promise<void>;
  logFile: string;
}

/**
 * @param variables The variables that every Worker gets.
 * @param alarm Whether hub and executor have the hub's alarm; default false.
 */
export async function prepareWorkerd(
  directory: string,
  variables: Record<string, string>,
  { alarm = false }: { alarm?: boolean } = {},
): Promise<Workerd> {
  const port = await findFreePort();
  const logFile = join(directory, "workers.log");
  const configurations = await writeConfigurations(join(directory, "workers"), variables, alarm);
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

/** Writes one configuration for each Worker, and one `.dev.vars` for all. The first Worker gets the port. */
async function writeConfigurations(
  directory: string,
  variables: Record<string, string>,
  alarm: boolean,
): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(join(directory, ".dev.vars"), lines.join(""));
  // Once, and not at each start.
  const scripts = await bundleWorkers(
    directory,
    Object.fromEntries(Object.keys(WORKERS).map((name) => [name, `test/workers/chaos/${name}.ts`])),
  );
  return Promise.all(
    Object.entries(WORKERS).map(async ([name, rest]) => {
      const path = join(directory, `${name}.json`);
      const script = { main: scripts[name], no_bundle: true, compatibility_date: "2026-10-30" };
      await writeFile(path, JSON.stringify({ name, ...script, ...rest, ...(alarm ? ALARM[name] : {}) }));
      return path;
    }),
  );
}

const binding = { name: "EVENTHUB_ALARM", class_name: "Alarm" };
const ALARM: Record<string, object> = {
  hub: {
    durable_objects: { bindings: [binding] },
    migrations: [{ tag: "v1", new_sqlite_classes: ["Alarm"] }],
  },
  executor: { durable_objects: { bindings: [{ ...binding, script_name: "hub" }] } },
};

const queue = "chaos-dispatches";
const messages = "chaos-messages";
const producers = [{ binding: "EVENTHUB_QUEUE", queue }];
const consumer = (binding: string, entrypoint = "Consumer") => ({ binding, service: "consumers", entrypoint });
const workflows = [
  { name: "chaos", binding: "DISPATCH", class_name: "Dispatch" },
  { name: "chaos-single", binding: "EVENTHUB_WORKFLOW_SINGLE", class_name: "Dispatch" },
];
const starter = { name: "chaos-starter", binding: "STARTER", class_name: "Starter" };
const startedElsewhere = { ...starter, script_name: "consumers" };
const r2_buckets = [{ binding: "BUCKET", bucket_name: "chaos" }];
const WORKERS: Record<string, object> = {
  producer: {
    services: [
      { binding: "EVENTHUB", service: "hub" },
      { binding: "EXECUTOR", service: "executor" },
      { binding: "OPERATOR", service: "hub", entrypoint: "Operator" },
    ],
    workflows: [...workflows.map((workflow) => ({ ...workflow, script_name: "executor" })), startedElsewhere],
    r2_buckets,
  },
  hub: { queues: { producers } },
  executor: {
    queues: {
      producers: [...producers, { binding: "MESSAGES", queue: messages }],
      // Few retries, so that they are exhausted while the campaign looks.
      consumers: [{ queue, max_batch_size: 20, max_batch_timeout: 0, max_retries: 3 }],
    },
    workflows: [...workflows, startedElsewhere],
    services: [
      ...["STEADY", "EAGER", "SINGLE", "LATER", "RATED", "KEYED", "ORDERED", "HELD"].map((binding) =>
        consumer(binding),
      ),
      consumer("BATCH", "BatchConsumer"),
      ...["RELAY", "LOOP"].map((binding) => ({ binding, service: "hub", entrypoint: "Behind" })),
    ],
    r2_buckets,
  },
  consumers: {
    queues: { consumers: [{ queue: messages, max_batch_timeout: 0, max_retries: 10 }] },
    workflows: [starter],
  },
};
