import type { Pool } from "pg";
import { migrate } from "../cli/migrate.ts";
import { UserError } from "../user-error.ts";
import { startNeonEndpoint } from "./neon/endpoint.ts";
import { PATHS } from "./paths.ts";
import { startPostgres } from "./postgres/postgres.ts";

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

/** Starts Postgres and the Neon endpoint, as far as they are needed, and migrates; what it started, `resources` stops. */
export async function startDatabase(
  options: { databaseUrl: string | undefined; postgresPort: number; endpointPort: number },
  resources: AsyncDisposableStack,
): Promise<LocalDatabase> {
  const { databaseUrl, postgresPort, endpointPort } = options;
  const postgres =
    databaseUrl === undefined ? await startPostgres({ dataDir: PATHS.postgres, port: postgresPort }) : undefined;
  if (postgres !== undefined) resources.defer(() => postgres.stop());
  const url = postgres?.url ?? databaseUrl ?? "";
  await migrate(url).catch((error: Error) => {
    throw new UserError(`The database: ${error.message}.`, { cause: error });
  });
  if (isNeon(url)) return { url, endpoint: undefined, own: false, dataDir: undefined };
  const endpoint = await startNeonEndpoint({ postgresUrl: url, port: endpointPort });
  resources.defer(() => endpoint.stop());
  return { url, endpoint: endpoint.url, own: postgres !== undefined, dataDir: postgres?.dataDir };
}

/** Ends the leases of executors that cannot be alive any more, so that the first reconciling need not wait for them to run out. */
export async function expireLeases(pool: Pool): Promise<void> {
  await pool.query(
    "update eventhub.dispatches set lease_until = now() where status = 'ongoing' and lease_until > now()",
  );
}

function isNeon(url: string): boolean {
  return new URL(url).hostname.endsWith(".neon.tech");
}
