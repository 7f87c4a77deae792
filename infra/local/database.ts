import type { Pool } from "pg";
import { isNeonHost } from "../../schema/database/connection-string.ts";
import { migrate } from "../cli/migrate/migrate.ts";
import { UserError } from "../user-error.ts";
import { startNeonEndpoint } from "./neon/endpoint.ts";
import { PortTakenError } from "./port-taken.ts";
import { startPostgres } from "./postgres/postgres.ts";
import type { Resources } from "./resources.ts";

/** The database of the local stack, and how to reach it. */
export interface LocalDatabase {
  url: string;
  /** The Neon endpoint for the Workers; `undefined` for a real Neon database, which has its own. */
  endpoint: string | undefined;
  /** Whether it is the stack's own Postgres, which nobody else uses. */
  own: boolean;
  /** The directory of its data, for the stack's own Postgres only. */
  dataDir: string | undefined;
}

/** Which database a stack should have. */
export interface DatabaseOptions {
  /** A Postgres to use instead of the stack's own. */
  url: string | undefined;
  /** The directory for the data of the stack's own Postgres. */
  dataDir: string;
  /** The project that has the package with Postgres' programs. */
  root: string;
  /** The ports of its own Postgres and of the endpoint, if they are free; otherwise any. */
  ports: readonly [number, number] | undefined;
  /** Paths into payloads that get an index in the stack's own Postgres. Other databases are left as they are. */
  indexes: readonly string[];
}

/** Starts Postgres and the Neon endpoint, as far as they are needed, and migrates. `resources` stops whatever was started. */
export async function startDatabase(options: DatabaseOptions, resources: Resources): Promise<LocalDatabase> {
  const { dataDir, root, ports, indexes: paths } = options;
  const postgres =
    options.url === undefined
      ? await onFreePort(ports?.[0], (port) => startPostgres({ dataDir, root, temporary: false, ...port }))
      : undefined;
  if (postgres !== undefined) resources.defer(() => postgres.stop());
  const url = postgres?.url ?? options.url ?? "";
  const indexes = postgres === undefined ? {} : { indexes: { paths, dropOthers: true } };
  await migrate(url, indexes).catch((error: Error) => {
    throw new UserError(`The database: ${error.message}.`, { cause: error });
  });
  if (isNeonHost(new URL(url).hostname)) return { url, endpoint: undefined, own: false, dataDir: undefined };
  const endpoint = await onFreePort(ports?.[1], (port) => startNeonEndpoint({ postgresUrl: url, ...port }));
  resources.defer(() => endpoint.stop());
  return { url, endpoint: endpoint.url, own: postgres !== undefined, dataDir: postgres?.dataDir };
}

/** Starts something on this port, or on any other if it is taken. */
async function onFreePort<T>(wanted: number | undefined, start: (port: { port?: number }) => Promise<T>): Promise<T> {
  if (wanted === undefined) return await start({});
  try {
    return await start({ port: wanted });
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    return await start({});
  }
}

/** Ends the leases of executors that cannot be alive any more, so that the first reconciling does not wait for them to run out. */
export async function expireLeases(pool: Pool): Promise<void> {
  await pool.query(
    "update eventhub.dispatches set lease_until = now() where status = 'ongoing' and lease_until > now()",
  );
  await expirePlaces(pool, "infinity");
}

/**
 * For destinations with limits or an order, frees the places of calls that began before a moment, at the next look: whoever made these calls cannot
 * be alive any more. Otherwise, other dispatches would wait some minutes, until those leases end.
 */
export async function expirePlaces(pool: Pool, before: Date | "infinity"): Promise<void> {
  // In this order, since a look in between computes `reap_at` from what it finds.
  await pool.query("update eventhub.flights set until = now() where starts_at < $1 and until > now()", [before]);
  await pool.query(
    "update eventhub.flow_destinations f set reap_at = now() where exists (select from eventhub.flights v where v.destination = f.destination and v.until <= now())",
  );
}

/** Makes all parts count as just seen: nobody missed them while the stack was down, and their first crons report no forgotten deployment. */
export async function forgetDowntime(pool: Pool): Promise<void> {
  await pool.query("update eventhub.heartbeats set at = now(), next_at = null");
}
