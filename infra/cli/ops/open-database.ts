import { type Database, openDatabase } from "../../../schema/database/connection.ts";
import { isNeonHost } from "../../../schema/database/connection-string.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { startNeonEndpoint } from "../../local/neon/endpoint.ts";
import { ConnectFault, databaseUrlOf } from "../database-url.ts";

/** A database that is open as long as a command runs. */
export interface OpenedDatabase extends AsyncDisposable {
  database: Database;
}

/**
 * Opens the database of `DATABASE_URL`. A Neon database is called over HTTP; any other one over the endpoint of `DATABASE_ENDPOINT`, or over an own
 * endpoint that lives until this is disposed of.
 *
 * @throws ConnectFault if `DATABASE_URL` is missing or not a connection string.
 */
export async function openFrom(env: NodeJS.ProcessEnv): Promise<OpenedDatabase> {
  const url = databaseUrlOf(env);
  const endpoint = env.DATABASE_ENDPOINT || undefined;
  if (endpoint !== undefined || isNeonHost(new URL(url).hostname)) {
    return { database: open(url, endpoint), [Symbol.asyncDispose]: async () => undefined };
  }
  const own = await startNeonEndpoint({ postgresUrl: url });
  return { database: open(url, own.url), [Symbol.asyncDispose]: () => own.stop() };
}

function open(url: string, endpoint: string | undefined): Database {
  try {
    return openDatabase({ url, endpoint });
  } catch (error) {
    throw error instanceof DatabaseError ? new ConnectFault(error.message) : error;
  }
}
