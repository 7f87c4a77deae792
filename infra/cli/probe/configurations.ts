import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { COMPATIBILITY_DATE, QUEUE_CONSUMER } from "../../../schema/vocabulary/deployment.ts";
import { packageRoot } from "../../package-root.ts";

/** The paths of the wrangler configurations of the probe and of the Worker that it calls. */
export interface Configurations {
  callee: string;
  probe: string;
}

/** Writes the configurations into `directory`. Workers, Workflow and queue get this name. */
export async function writeConfigurations(directory: string, name: string, token: string): Promise<Configurations> {
  const common = { main: mainModule(), compatibility_date: COMPATIBILITY_DATE };
  const callee = `${name}-callee`;
  const files = {
    callee: { ...common, name: callee, workers_dev: false },
    probe: {
      ...common,
      name,
      workers_dev: true,
      vars: { TOKEN: token },
      services: [{ binding: "CALLEE", service: callee, entrypoint: "Callee" }],
      workflows: [{ name, binding: "PROBE", class_name: "Probe" }],
      queues: {
        producers: [{ binding: "QUEUE", queue: name }],
        // The same settings as the executor's.
        consumers: [
          { queue: name, max_batch_size: QUEUE_CONSUMER.batchSize, max_batch_timeout: QUEUE_CONSUMER.waitSeconds },
        ],
      },
    },
  };
  // The callee is the same script without bindings, and exports more than it uses.
  const paths = { callee: join(directory, "callee.json"), probe: join(directory, "probe.json") };
  for (const part of ["callee", "probe"] as const)
    await writeFile(paths[part], JSON.stringify(files[part]), { mode: 0o600 });
  return paths;
}

/** The built module of the package, or its source in the repository. */
function mainModule(): string {
  const source = join(packageRoot(), "workers", "probe", "worker.ts");
  return existsSync(source) ? source : join(packageRoot(), "dist", "workers-scripts", "probe", "worker.js");
}
