import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { buildWorkers } from "../../infra/build/build-workers.ts";
import { buildTestWorkers, type TestWorkers } from "./build-test-workers.ts";
import { forkBackend } from "./fork-backend.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database to clone. */
    templateUrl: string;
    /** The Neon endpoint in front of its server. */
    endpointUrl: string;
    /** Where the plans of what is to go wrong are. */
    faultsUrl: string;
    /** The bundled Workers of the tests' systems. */
    workers: TestWorkers;
  }
}

/** Builds the Workers' scripts, and starts what {@link import("./backend.ts")} serves, for all test files of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "cf-eventhub-workers-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const stop = await start(project, directory);
    return () => stop().finally(remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

async function start({ provide }: TestProject, directory: string): Promise<() => Promise<void>> {
  await buildWorkers();
  const workers = await buildTestWorkers(directory);
  const backend = await forkBackend<Omit<ProvidedContext, "workers">>(new URL("./backend.ts", import.meta.url));
  provide("workers", workers);
  provide("templateUrl", backend.templateUrl);
  provide("endpointUrl", backend.endpointUrl);
  provide("faultsUrl", backend.faultsUrl);
  return () => backend.stop();
}
