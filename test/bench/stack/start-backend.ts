import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BackendReady } from "./backend.ts";

/** The backend's process, as its parent holds it. */
export interface Backend extends BackendReady {
  pid: number;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;

/** Starts Postgres and the Neon endpoint in a process of their own, with their data in `directory`. */
export async function startBackend(directory: string): Promise<Backend> {
  const child = fork(fileURLToPath(new URL("./backend.ts", import.meta.url)), {
    stdio: ["pipe", "inherit", "inherit", "ipc"],
    env: { ...process.env, TMPDIR: directory },
  });
  const ready = await new Promise<BackendReady>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`Postgres did not start within ${START_TIMEOUT_MS / 1_000} s`));
    }, START_TIMEOUT_MS);
    child.once("message", (message) => {
      clearTimeout(timer);
      resolve(message as BackendReady);
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`Postgres ended at its start (${signal ?? code}): its output is above`));
    });
  });
  return { ...ready, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.stdin?.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
