import { join } from "node:path";
import type { createTestHarness } from "wrangler";
import { ROOT, readWranglerConfig } from "./wrangler-config.ts";

type Workers = NonNullable<Parameters<typeof createTestHarness>[0]>["workers"];

/** A Worker that is configured in code, and not in a file. */
export type ConfiguredWorker = Extract<Workers[number], { config: unknown }>;

/** The path of a Worker's script, and how wrangler reads it. */
type Script = Pick<ConfiguredWorker["config"], "main" | "no_bundle" | "compatibility_date">;

/** The console with its own configuration but these variables, beside a hub that is called `hub`. `script` replaces its source. */
export function consoleWorker(name: string, vars: Record<string, string>, script?: Script): ConfiguredWorker {
  const { main, rules = [], compatibility_date, services = [] } = readWranglerConfig("workers/console/wrangler.jsonc");
  return {
    config: {
      ...(script ?? { main: join(ROOT, "workers/console", main), rules, compatibility_date }),
      name,
      vars,
      services: services.map((binding) => ({ ...binding, service: "hub" })),
    },
  };
}
