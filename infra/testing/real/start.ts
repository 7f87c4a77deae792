import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath, resolve } from "node:path";
import { expireLeases } from "../../local/database.ts";
import { startPostgres } from "../../local/postgres/postgres.ts";
import { guard } from "../../local/processes/watchdog.ts";
import { Resources } from "../../local/resources.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { readProject } from "../../project/project.ts";
import { createDatabases, type TestDatabases } from "./databases.ts";
import { join } from "./join.ts";
import type { RunningEventHub, StartOptions } from "./types.ts";

/** The grace of reconciling, in seconds. It is short, since tests wait for it. */
const GRACE_SECONDS = "1";

/** See {@link import("../index.ts").startEventHub}. */
export async function startEventHub(options: StartOptions = {}): Promise<RunningEventHub> {
  if (options.address !== undefined) return joined(options.address);
  const resources = new Resources();
  try {
    const { stack, databases } = await start(options, resources);
    const { origin, workers } = stack;
    const hub = join({ origin, workers, databaseUrl: databases.url });
    resources.defer(() => hub.leave());
    // A second call waits for the first.
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= resources[Symbol.asyncDispose]();
      return stopping;
    };
    return {
      ...hub,
      kill: async () => {
        await stack.killWorkers();
        // In production, they run out by themselves after some minutes.
        await expireLeases(hub.pool);
        await stack.resumeWorkers();
        await hub.reconcile();
      },
      isolate: () => databases.renew(),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await resources[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts everything. `resources` stops it, the last part first. */
async function start(
  { root = process.cwd(), configs, vars = {} }: StartOptions,
  resources: Resources,
): Promise<{ stack: Stack; databases: TestDatabases }> {
  const project = readProject({ root: resolve(root), ...(configs === undefined ? {} : { configs }) });
  const data = await mkdtemp(joinPath(tmpdir(), "cf-eventhub-test-"));
  const release = guard({ kind: "directory", path: data });
  resources.defer(async () => {
    await rm(data, { recursive: true, force: true });
    release();
  });
  const postgres = await startPostgres({ fast: true, root: project.root });
  resources.defer(() => postgres.stop());
  const databases = await createDatabases(postgres.url);
  const variables = { RECONCILE_GRACE_SECONDS: GRACE_SECONDS, ...vars };
  return { databases, stack: await startStack({ project, data, databaseUrl: databases.url, variables }, resources) };
}

function joined(address: NonNullable<StartOptions["address"]>): RunningEventHub {
  const hub = join(address);
  const refuse = (what: string) => async () => {
    throw new Error(`${what} is for whoever has started this hub: other test files are at work on it, too`);
  };
  return {
    ...hub,
    kill: refuse("kill()"),
    isolate: refuse("isolate()"),
    stop: hub.leave,
    [Symbol.asyncDispose]: hub.leave,
  };
}
