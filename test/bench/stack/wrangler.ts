import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findFreePort } from "../../../infra/local/ports.ts";
import { endProcesses, findGroup } from "../../../infra/local/processes.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const START_TIMEOUT_MS = 90_000;

/** A Worker's configuration, as wrangler takes it; `main` is a file of test/workers/bench. */
export interface WorkerConfiguration {
  name: string;
  main: string;
  [key: string]: unknown;
}

/** A `wrangler dev` that runs. */
export interface WranglerDev {
  /** Where the first Worker answers. */
  origin: string;
  /** The leader of its process group. */
  pid: number;
  stop(): Promise<void>;
}

/** Starts one `wrangler dev` with several Workers, all its state in `directory`, and waits until the first Worker answers. */
export async function startWrangler(directory: string, workers: readonly WorkerConfiguration[]): Promise<WranglerDev> {
  await mkdir(directory, { recursive: true });
  const files = await Promise.all(
    workers.map(async ({ main, ...rest }) => {
      const file = join(directory, `${rest.name}.json`);
      const config = { compatibility_date: "2026-10-30", ...rest, main: join(ROOT, "test/workers/bench", main) };
      await writeFile(file, JSON.stringify(config));
      return file;
    }),
  );
  const port = await findFreePort();
  const log = join(directory, "wrangler.log");
  const child = launch(directory, files, port, log);
  // However this process ends, its Workers end with it.
  const kill = () => {
    if (child.pid !== undefined && findGroup(child.pid).length > 0) process.kill(-child.pid, "SIGKILL");
  };
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (child.pid !== undefined) await endProcesses(findGroup(child.pid));
  };
  const origin = `http://127.0.0.1:${port}`;
  try {
    await answering(origin, child, log);
    return { origin, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function launch(directory: string, files: readonly string[], port: number, log: string): ChildProcess {
  const output = openSync(log, "w");
  try {
    return spawn(
      process.execPath,
      [
        join(ROOT, "node_modules/wrangler/bin/wrangler.js"),
        "dev",
        ...files.flatMap((file) => ["--config", file]),
        `--port=${port}`,
        "--ip=127.0.0.1",
        "--inspector-port=0",
        `--persist-to=${join(directory, "state")}`,
        "--show-interactive-dev-session=false",
      ],
      {
        cwd: ROOT,
        detached: true,
        stdio: ["ignore", output, output],
        env: {
          ...process.env,
          TMPDIR: directory,
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
    closeSync(output);
  }
}

async function answering(origin: string, child: ChildProcess, log: string): Promise<void> {
  const tail = () => readFileSync(log, "utf8").trimEnd().split("\n").slice(-20).join("\n");
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`wrangler dev ended (${child.exitCode}):\n${tail()}`);
    const answer = await fetch(origin, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
  }
  throw new Error(`wrangler dev did not answer:\n${tail()}`);
}
