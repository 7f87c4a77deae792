import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../package-root.ts";
import { exportsOf } from "../../project/exports.ts";
import { type Project, workersOf } from "../../project/project.ts";
import { sourceOf } from "../../project/role.ts";
import type { WranglerConfig, WranglerFile } from "../../project/wrangler-file.ts";
import type { HubParts } from "./hub-parts.ts";

const NAME = "eventhub-local-gateway";
/** Old enough for any wrangler that this package goes with. */
const COMPATIBILITY_DATE = "2026-06-01";

/**
 * The configuration of the Worker that gets the port (workers/gateway): bound to all of the hub, to the Operator too, and to the Workers that can
 * have a port of their own.
 */
export function gatewayConfiguration({ hub, executor }: HubParts, { console, own }: Project): WranglerConfig {
  const reached = own.filter(canBeFetched);
  return {
    name: NAME,
    main: mainModule(),
    compatibility_date: COMPATIBILITY_DATE,
    // What a service binding's `scheduled` needs.
    compatibility_flags: ["service_binding_extra_handlers"],
    services: [
      { binding: "EVENTHUB", service: hub.name },
      { binding: "OPERATOR", service: hub.name, entrypoint: "Operator" },
      { binding: "EXECUTOR", service: executor.name },
      ...(console === undefined ? [] : [{ binding: "CONSOLE", service: console.name }]),
      ...reached.map(({ name }, i) => ({ binding: `WORKER_${i}`, service: name })),
    ],
    workflows: (executor.config.workflows ?? [])
      .filter(({ binding }) => binding === "DISPATCH")
      .map((workflow) => ({ ...workflow, script_name: executor.name })),
  };
}

/** The Workers that can have a port, in the order of the gateway's `WORKER_<number>`. */
export function fetchable(project: Project): WranglerFile[] {
  return project.own.filter(canBeFetched);
}

/** What is local and wants no name of a Worker's: whether the project uses the gateway's. */
export function namesakeOfGateway(project: Project): WranglerFile | undefined {
  return workersOf(project).find(({ name }) => name === NAME);
}

/** Whether there is something to call by HTTP or by cron: a Worker may have RPC entrypoints alone. */
function canBeFetched(file: WranglerFile): boolean {
  return file.main === undefined || exportsOf(sourceOf(file)).names.has("default");
}

/** In the repository its source, in the package what was built of it. */
function mainModule(): string {
  const source = join(packageRoot(), "workers/gateway/worker.ts");
  return existsSync(source) ? source : join(packageRoot(), "dist/workers-scripts/gateway/worker.js");
}
