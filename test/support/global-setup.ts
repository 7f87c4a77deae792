import type { ProvidedContext } from "vitest";
import type { TestProject } from "vitest/node";
import { buildWorkers } from "../../infra/build-workers.ts";
import { forkBackend } from "./fork-backend.ts";

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

/** Builds the Workers' scripts, and starts what {@link import("./backend.ts")} serves, for all test files of the run. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await buildWorkers();
  const backend = await forkBackend<ProvidedContext>(new URL("./backend.ts", import.meta.url));
  provide("templateUrl", backend.templateUrl);
  provide("endpointUrl", backend.endpointUrl);
  provide("faultsUrl", backend.faultsUrl);
  return () => backend.stop();
}
