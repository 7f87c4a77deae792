import { PATHS } from "../paths.ts";
import { writeConfigurations } from "./configurations.ts";
import { startWranglerDev, type WranglerDev, type WranglerDevOptions } from "./wrangler-dev.ts";

/** How to start the Workers. */
export interface WorkersOptions extends Pick<WranglerDevOptions, "port" | "onSpawn" | "signal"> {
  /** Variables that every Worker gets. */
  variables: Readonly<Record<string, string>>;
  /** Where webhooks are received on this machine. */
  webhookUrl: string;
}

/** Starts the hub's Workers and the demo's in one `wrangler dev`, and waits until the demo Worker answers. */
export async function startWorkers({ variables, webhookUrl, ...options }: WorkersOptions): Promise<WranglerDev> {
  return startWranglerDev({
    ...options,
    configurations: await writeConfigurations(variables, webhookUrl),
    state: PATHS.wrangler,
    registry: PATHS.registry,
    log: PATHS.workersLog,
    ready: "/local/ready",
  });
}
