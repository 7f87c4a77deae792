import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { buildWorkers } from "../../infra/build-workers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database to clone. */
    templateUrl: string;
    /** The Neon endpoint in front of its server. */
    endpointUrl: string;
    /** Where the plans of what is to go wrong are. */
    faultsUrl: string;
  }
}

const START_TIMEOUT_MS = 120_000; // a first start on a slow machine unpacks and initialises
const STOP_TIMEOUT_MS = 10_000;

/** Builds the Workers' scripts, and starts what {@link import("./backend.ts")} serves, for all test files of the run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await buildWorkers();
  const child = fork(fileURLToPath(new URL("./backend.ts", import.meta.url)), {
    stdio: ["pipe", "inherit", "inherit", "ipc"],
    // Not vitest's own flags.
    execArgv: [],
  });
  const ready = await new Promise<ProvidedContext>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGTERM");
      reject(new Error(`the tests' Postgres did not start within ${START_TIMEOUT_MS / 1000} s`));
    }, START_TIMEOUT_MS);
    child.once("message", (message) => {
      clearTimeout(timer);
      resolve(message as ProvidedContext);
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the tests' Postgres ended at start (${signal ?? code}): its output is above`));
    });
  });
  provide("templateUrl", ready.templateUrl);
  provide("endpointUrl", ready.endpointUrl);
  provide("faultsUrl", ready.faultsUrl);
  return () => stop(child);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.stdin?.end();
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
