import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { writeConfigurations } from "./configurations.ts";
import { PATHS, ROOT } from "./paths.ts";
import { endProcesses, findGroup } from "./processes.ts";

const START_TIMEOUT_MS = 90_000;
const STOP_GRACE_MS = 5_000;

/** How to start the Workers. */
export interface WorkersOptions {
  port: number;
  /** Variables that every Worker gets. */
  variables: Readonly<Record<string, string>>;
  /** Where webhooks are received on this machine. */
  webhookUrl: string;
  /** Called with the leader of their process group, as soon as there is one. */
  onSpawn: (pid: number) => void;
  signal: AbortSignal;
}

/** The Workers, running in one `wrangler dev`. */
export interface LocalWorkers {
  /** Where the demo Worker answers. */
  origin: string;
  /** Rejects when they end without having been stopped. */
  died: Promise<never>;
  /** Ends the whole process group. */
  stop(): Promise<void>;
}

/**
 * Starts `wrangler dev` and waits until the demo Worker answers.
 *
 * @throws With the end of the log, if it ends or does not answer in time.
 */
export async function startWorkers(options: WorkersOptions): Promise<LocalWorkers> {
  const { port, variables, webhookUrl, onSpawn, signal } = options;
  const child = launch(port, await writeConfigurations(variables, webhookUrl));
  if (child.pid !== undefined) onSpawn(child.pid);
  let stopping = false;
  const stop = async () => {
    stopping = true;
    // By group and not by child: wrangler's own children are not its alone to end.
    if (child.pid !== undefined) await endProcesses(findGroup(child.pid), STOP_GRACE_MS);
  };
  const died = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, killed) => {
      if (stopping) return;
      void tail(PATHS.workersLog).then((text) => reject(new Error(`the Workers ended (${killed ?? code}):\n${text}`)));
    });
  });
  died.catch(() => undefined); // it may come while nobody waits for it
  const origin = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([waitUntilAnswering(origin, signal), died]);
    return { origin, died, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(port: number, configurations: string[]): ChildProcess {
  const log = openSync(PATHS.workersLog, "w");
  try {
    return spawn(
      process.execPath,
      [
        join(ROOT, "node_modules/wrangler/bin/wrangler.js"),
        "dev",
        ...configurations.flatMap((config) => ["--config", config]),
        `--port=${port}`,
        "--ip=127.0.0.1",
        // Any free one: another `wrangler dev` may have the usual 9229.
        "--inspector-port=0",
        `--persist-to=${PATHS.wrangler}`,
        "--show-interactive-dev-session=false",
      ],
      {
        cwd: ROOT,
        // A process group of its own: a Ctrl-C reaches only us, and we stop things in order.
        detached: true,
        stdio: ["ignore", log, log],
        env: {
          ...process.env,
          WRANGLER_SEND_METRICS: "false",
          WRANGLER_HIDE_BANNER: "true",
          WRANGLER_WRITE_LOGS: "false",
          WRANGLER_REGISTRY_PATH: PATHS.registry,
          NO_COLOR: "1",
          FORCE_COLOR: undefined,
        },
      },
    );
  } finally {
    closeSync(log);
  }
}

async function waitUntilAnswering(origin: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(origin, signal))) {
    signal.throwIfAborted();
    if (Date.now() > deadline) {
      throw new Error(`the Workers do not answer after ${START_TIMEOUT_MS / 1000} s:\n${await tail(PATHS.workersLog)}`);
    }
    await sleep(100, undefined, { signal });
  }
}

async function answers(origin: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(origin, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** The last lines of a log, for an error message. */
export async function tail(file: string, lines = 20): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
