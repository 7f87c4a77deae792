import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ErrorOfLines } from "../../cli/exit.ts";
import { packageRoot } from "../../package-root.ts";
import { findWrangler } from "../find-package.ts";
import { endProcesses, findGroup, findProcess } from "../processes/processes.ts";
import { guard } from "../processes/watchdog.ts";

const START_TIMEOUT_MS = 90_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** The options of one `wrangler dev` with several Workers. */
export interface WranglerDevOptions {
  /** Paths of the Workers' configurations; the first one gets the port. */
  configurations: readonly string[];
  port: number;
  /** The project whose wrangler is called, in its directory; default: this package. */
  root?: string;
  /** The directory of queues, Workflow instances and buckets. */
  state: string;
  /** The directory in which `wrangler dev` processes find each other's Workers. */
  registry: string;
  /** The file for the output. It is emptied first, unless `append`. */
  log: string;
  append?: boolean;
  /** The path of the first Worker that answers 2xx once it is up; default `/`. */
  ready?: string;
  /** More environment variables. */
  environment?: Readonly<Record<string, string>>;
  /** Called with the leader of the process group, as soon as there is one. */
  onSpawn?: (pid: number) => void;
  signal?: AbortSignal;
}

/** A running `wrangler dev`, in a process group of its own: Ctrl-C does not reach it. */
export interface WranglerDev {
  /** The address of the first Worker. */
  origin: string;
  /** The leader of its process group. */
  pid: number;
  /** Rejects with the end of the log if it ends without having been stopped. */
  died: Promise<never>;
  /** Ends the whole process group. */
  stop(): Promise<void>;
  /** Ends it at once, without any cleanup. */
  kill(): Promise<void>;
}

/**
 * Starts `wrangler dev`, and waits until its first Worker answers. If that fails, whatever was started is stopped.
 *
 * @throws With the end of the log, if it ends or does not answer in time.
 */
export async function startWranglerDev(options: WranglerDevOptions): Promise<WranglerDev> {
  const { log, onSpawn, ready = "/" } = options;
  const child = launch(options);
  const release = guardWorkers(child.pid);
  if (child.pid !== undefined) onSpawn?.(child.pid);
  let stopping = false;
  const end = async (how?: "SIGKILL") => {
    stopping = true;
    // By group and not by child, since wrangler also leaves its own children behind.
    if (child.pid !== undefined) await endProcesses(findGroup(child.pid), how);
    release();
  };
  const stop = () => end();
  const died = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code, killed) => {
      if (stopping) return;
      void tail(log).then((text) => reject(withLog(`the Workers ended (${killed ?? code}):`, text)));
    });
  });
  died.catch(() => undefined); // it may reject while nobody awaits it
  const origin = `http://127.0.0.1:${options.port}`;
  try {
    await Promise.race([waitUntilAnswering(new URL(ready, origin), options), died]);
    return { origin, pid: child.pid ?? 0, died, stop, kill: () => end("SIGKILL") };
  } catch (error) {
    await stop();
    throw error;
  }
}

function guardWorkers(pid: number | undefined): () => void {
  const startedAt = pid === undefined ? undefined : findProcess(pid)?.startedAt;
  if (pid === undefined || startedAt === undefined) return () => undefined;
  return guard({ kind: "workers", pid, startedAt });
}

function launch({ configurations, port, root = packageRoot(), ...options }: WranglerDevOptions): ChildProcess {
  const { state, registry, log, append, environment } = options;
  const output = openSync(log, append === true ? "a" : "w");
  try {
    return spawn(
      process.execPath,
      [
        findWrangler(root),
        "dev",
        ...configurations.flatMap((config) => ["--config", config]),
        `--port=${port}`,
        "--ip=127.0.0.1",
        // Any free one: another `wrangler dev` may use the usual 9229.
        "--inspector-port=0",
        `--persist-to=${state}`,
        "--show-interactive-dev-session=false",
      ],
      {
        cwd: root,
        detached: true,
        stdio: ["ignore", output, output],
        env: {
          ...process.env,
          WRANGLER_SEND_METRICS: "false",
          WRANGLER_HIDE_BANNER: "true",
          WRANGLER_WRITE_LOGS: "false",
          WRANGLER_REGISTRY_PATH: registry,
          NO_COLOR: "1",
          FORCE_COLOR: undefined,
          ...environment,
        },
      },
    );
  } finally {
    closeSync(output);
  }
}

async function waitUntilAnswering(url: URL, { signal, log }: WranglerDevOptions): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await answers(url, signal))) {
    signal?.throwIfAborted();
    if (Date.now() > deadline) {
      throw withLog(`the Workers do not answer after ${START_TIMEOUT_MS / 1_000} s:`, await tail(log));
    }
    await sleep(100, undefined, { signal });
  }
}

async function answers(url: URL, signal: AbortSignal | undefined): Promise<boolean> {
  const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** The log also has text from the Workers and from whoever calls them, so it is made printable line by line. */
const withLog = (what: string, log: string) => new ErrorOfLines([what, ...log.split("\n")]);

/** The last lines of a log, for an error message. */
async function tail(file: string, lines = 20): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}
