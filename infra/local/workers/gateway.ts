import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../package-root.ts";
import { exportsOf } from "../../project/exports.ts";
import { type Project, workersOf } from "../../project/project.ts";
import { sourceOf } from "../../project/source.ts";
import type { WranglerConfig, WranglerFile } from "../../project/wrangler-file.ts";
import type { HubParts } from "./hub-parts.ts";

const NAME = "eventhub-local-gateway";
/** Old enough for any wrangler that this package goes with. */
const COMPATIBILITY_DATE = "2026-06-01";

/**
 * The configuration of the Worker that gets the port (workers/gateway): bound to all of the hub, to the Operator too, and to the Workers that can
 * have a port of their own.
 */
export function gatewayConfiguration({ hub, executor }: HubParts, project: Project): WranglerConfig {
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
      ...(project.console === undefined ? [] : [{ binding: "CONSOLE", service: project.console.name }]),
      ...fetchable(project).map(({ file, number }) => ({ binding: `WORKER_${number}`, service: file.name })),
    ],
    workflows: (executor.config.workflows ?? [])
      .filter(({ binding }) => binding === "DISPATCH")
      .map((workflow) => ({ ...workflow, script_name: executor.name })),
  };
}

/** A Worker that can have a port, and the gateway's binding of it: `WORKER_<number>`. */
export interface Fetchable {
  file: WranglerFile;
  /** Its place among the project's own Workers, which stays while the stack runs. */
  number: number;
}

/** The Workers that can have a port. */
export function fetchable({ own }: Project): Fetchable[] {
  return own.flatMap((file, number) => (canBeFetched(file) ? [{ file, number }] : []));
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
