import { existsSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../package-root.ts";
import { exportsOf } from "../../project/exports.ts";
import { isConsumerAlone } from "../../project/find-consumer.ts";
import { type Project, workersOf } from "../../project/project.ts";
import { sourceOf } from "../../project/read-source.ts";
import type { WranglerConfig, WranglerFile } from "../../project/wrangler-file.ts";
import type { HubParts } from "./hub-parts.ts";

const NAME = "eventhub-local-gateway";
/** Old enough for every wrangler version that this package supports. */
const COMPATIBILITY_DATE = "2026-06-01";

/**
 * The configuration of the Worker that gets the port (workers/gateway). It binds all parts of the hub, including the Operator, and the Workers that
 * can have a port of their own.
 */
export function gatewayConfiguration({ hub, executor }: HubParts, project: Project): WranglerConfig {
  return {
    name: NAME,
    main: mainModule(),
    compatibility_date: COMPATIBILITY_DATE,
    // Required for `scheduled` of a service binding.
    compatibility_flags: ["service_binding_extra_handlers"],
    services: [
      { binding: "EVENTHUB", service: hub.name },
      { binding: "OPERATOR", service: hub.name, entrypoint: "Operator" },
      { binding: "EXECUTOR", service: executor.name },
      ...(project.console === undefined ? [] : [{ binding: "CONSOLE", service: project.console.name }]),
      ...(project.metrics === undefined ? [] : [{ binding: "METRICS", service: project.metrics.name }]),
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
  /** Its position among the project's own Workers, which stays while the stack runs. */
  number: number;
}

/** The Workers that can have a port. */
export function fetchable({ own }: Project): Fetchable[] {
  return own.flatMap((file, number) => (canBeFetched(file) ? [{ file, number }] : []));
}

/** The project's Worker with the gateway's name, if there is one. The gateway is only local, and should reserve no name. */
export function namesakeOfGateway(project: Project): WranglerFile | undefined {
  return workersOf(project).find(({ name }) => name === NAME);
}

/** Whether it can be called by HTTP or by a cron: a Worker may have only RPC entrypoints. */
function canBeFetched(file: WranglerFile): boolean {
  if (file.main === undefined) return true;
  const { names } = exportsOf(sourceOf(file));
  return names.has("default") && !isConsumerAlone(file);
}

/** In the repository its source, in the package the built module. */
function mainModule(): string {
  const source = join(packageRoot(), "workers/gateway/worker.ts");
  return existsSync(source) ? source : join(packageRoot(), "dist/workers-scripts/gateway/worker.js");
}
