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
    /** Where the plans of what is to go wrong are. */
    faultsUrl: string;
    /** The bundled Workers of the tests' systems. */
    workers: TestWorkers;
  }
}

/** What this provides: one project of the tests' own, beside these, shares a hub as well. */
type Provided = Omit<ProvidedContext, "eventhub">;

/** What is started once a run, and for how many projects it runs. */
interface Shared {
  projects: number;
  started: Promise<{ context: Provided; stop(): Promise<void> }>;
}

const SHARED = Symbol.for("cf-eventhub tests");

/** The projects of a run have instances of this module each. */
const place = globalThis as { [SHARED]?: Shared };

/** Builds the Workers' scripts, and starts what {@link import("./backend.ts")} serves, for all test files of all projects of the run. */
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
    // First: the scripts for the browser, which the console's Worker is bundled with.
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
