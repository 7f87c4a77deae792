import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The first start on a slow machine unpacks and initialises Postgres. */
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 15_000;

/** The message of a backend, its process, and how to end it. */
export type ForkedBackend<Ready> = Ready & { pid: number; stop(): Promise<void> };

/**
 * Starts a program that serves Postgres and the Neon endpoint in a process of its own. The program sends one message once everything is up. It ends
 * when its standard input does, so it outlives neither its parent nor the parent's crash.
 *
 * @throws Error if the program ends, or does not report in time that it is up. It has printed why.
 */
export async function forkBackend<Ready extends object>(
  program: URL,
  environment: Readonly<Record<string, string>> = {},
): Promise<ForkedBackend<Ready>> {
  const child = fork(fileURLToPath(program), {
    stdio: ["pipe", "inherit", "inherit", "ipc"],
    // Leaves out vitest's own flags.
    execArgv: [],
    env: { ...process.env, ...environment },
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`Postgres did not start within ${START_TIMEOUT_MS / 1_000} s`));
    }, START_TIMEOUT_MS);
    child.once("message", (message) => {
      clearTimeout(timer);
      resolve(message as Ready);
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
