import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { buildWorkers } from "../../infra/build/build-workers.ts";
import { guard } from "../../infra/local/processes/watchdog.ts";
import { buildTestWorkers, type TestWorkers } from "./build-test-workers.ts";
import { forkBackend } from "./fork-backend.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The migrated database to clone. */
    templateUrl: string;
    /** The Neon endpoint in front of its server. */
    endpointUrl: string;
    /** The address of the plans of faults. */
    faultsUrl: string;
    /** The bundled Workers of the tests' systems. */
    workers: TestWorkers;
  }
}

/** The values that this module provides. One project inside the tests has another: the hub that its files share. */
type Provided = Omit<ProvidedContext, "eventhub">;

/** Everything that is started once per run, and the number of projects that use it. */
interface Shared {
  projects: number;
  started: Promise<{ context: Provided; stop(): Promise<void> }>;
}

const SHARED = Symbol.for("cf-eventhub tests");

/** Each project of a run has its own instance of this module. */
const place = globalThis as { [SHARED]?: Shared };

/** Builds the Workers' scripts, and starts what {@link import("./backend.ts")} serves, once for the test files of all projects. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  place[SHARED] ??= { projects: 0, started: start() };
  const shared = place[SHARED];
  shared.projects++;
  const { context, stop } = await shared.started;
  for (const key of Object.keys(context) as (keyof Provided)[]) project.provide(key, context[key]);
  return async () => {
    if (--shared.projects === 0) await stop();
  };
}

async function start() {
  const directory = await mkdtemp(join(tmpdir(), "cf-eventhub-workers-"));
  const release = guard({ kind: "directory", path: directory });
  const remove = () => rm(directory, { recursive: true, force: true }).then(release);
  try {
    // First, since it builds the scripts for the browser, with which the console's Worker is bundled.
    await buildWorkers();
    const workers = await buildTestWorkers(directory);
    const backend = await forkBackend<Omit<Provided, "workers">>(new URL("./backend.ts", import.meta.url));
    const { templateUrl, endpointUrl, faultsUrl } = backend;
    return {
      context: { workers, templateUrl, endpointUrl, faultsUrl },
      stop: () => backend.stop().finally(remove),
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
