import type { Pool } from "pg";
import { isNeonHost } from "../../schema/database/connection-string.ts";
import { migrate } from "../cli/migrate.ts";
import { UserError } from "../user-error.ts";
import { startNeonEndpoint } from "./neon/endpoint.ts";
import { PortTakenError } from "./port-taken.ts";
import { startPostgres } from "./postgres/postgres.ts";
import type { Resources } from "./resources.ts";

/** The database of the local stack, and how to reach it. */
export interface LocalDatabase {
  url: string;
  /** The Neon endpoint for the Workers; a real Neon database is its own. */
  endpoint: string | undefined;
  /** Whether it is the stack's own Postgres, that nobody else uses. */
  own: boolean;
  /** Where its data is; of its own Postgres only. */
  dataDir: string | undefined;
}

/** What database a stack is to have. */
export interface DatabaseOptions {
  /** Another Postgres than the stack's own. */
  url: string | undefined;
  /** Where the data of its own is kept. */
  dataDir: string;
  /** The project that has the package with Postgres' programs. */
  root: string;
  /** Ports that its own Postgres and the endpoint get if they are free; else any. */
  ports: readonly [number, number] | undefined;
}

/** Starts Postgres and the Neon endpoint, as far as they are needed, and migrates; what it started, `resources` stops. */
export async function startDatabase(options: DatabaseOptions, resources: Resources): Promise<LocalDatabase> {
  const { dataDir, root, ports } = options;
  const postgres =
    options.url === undefined
      ? await onFreePort(ports?.[0], (port) => startPostgres({ dataDir, root, temporary: false, ...port }))
      : undefined;
  if (postgres !== undefined) resources.defer(() => postgres.stop());
  const url = postgres?.url ?? options.url ?? "";
  await migrate(url).catch((error: Error) => {
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

/** Ends the leases of executors that cannot be alive any more, so that the first reconciling need not wait for them to run out. */
export async function expireLeases(pool: Pool): Promise<void> {
  await pool.query(
    "update eventhub.dispatches set lease_until = now() where status = 'ongoing' and lease_until > now()",
  );
}

/** Lets all parts count as just at work: while the stack was down nobody missed them, and their first crons say nothing of a forgotten deployment. */
export async function forgetDowntime(pool: Pool): Promise<void> {
  await pool.query("update eventhub.heartbeats set at = now()");
}
