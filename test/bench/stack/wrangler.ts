import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findFreePort } from "../../../infra/local/free-port.ts";
import { findGroup } from "../../../infra/local/processes/processes.ts";
import { startWranglerDev, type WranglerDev } from "../../../infra/local/workers/wrangler-dev.ts";
import { packageRoot } from "../../../infra/package-root.ts";

/** A Worker's configuration, in the form that wrangler takes; `main` is a file of test/workers/bench. */
export interface WorkerConfiguration {
  name: string;
  main: string;
  [key: string]: unknown;
}

/** Starts one `wrangler dev` with several Workers, with all its state in `directory`. */
export async function startWorkers(directory: string, workers: readonly WorkerConfiguration[]): Promise<WranglerDev> {
  await mkdir(directory, { recursive: true });
  const configurations = await Promise.all(
    workers.map(async ({ main, ...rest }) => {
      const file = join(directory, `${rest.name}.json`);
      const config = {
        compatibility_date: "2026-10-30",
        ...rest,
        main: join(packageRoot(), "test/workers/bench", main),
      };
      await writeFile(file, JSON.stringify(config));
      return file;
    }),
  );
  return startWranglerDev({
    configurations,
    port: await findFreePort(),
    state: join(directory, "state"),
    registry: join(directory, "registry"),
    log: join(directory, "wrangler.log"),
    // wrangler's own tracing of every call would be half of what is measured. In production, it does not run on the Worker's thread.
    environment: { TMPDIR: directory, X_LOCAL_OBSERVABILITY: "false", X_LOCAL_EXPLORER: "false" },
    // However this process ends, its Workers end as well.
    onSpawn: (pid) => process.once("exit", () => findGroup(pid).length > 0 && process.kill(-pid, "SIGKILL")),
  });
}
