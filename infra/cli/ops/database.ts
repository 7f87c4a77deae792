import { type Database, DatabaseError, openDatabase } from "../../../schema/database/connection.ts";
import { startNeonEndpoint } from "../../local/neon/endpoint.ts";
import { WrongCall } from "../exit.ts";

/** There is no database to connect to; the message says what to set. */
export class ConnectFault extends WrongCall {}

/** A database as long as a command runs. */
export interface OpenedDatabase extends AsyncDisposable {
  database: Database;
}

/**
 * Opens the database of `DATABASE_URL`: a Neon one over HTTP, any other over the endpoint of `DATABASE_ENDPOINT`, or over one of its own until it
 * is disposed of.
 *
 * @throws ConnectFault if `DATABASE_URL` is missing or no connection string.
 */
export async function openFrom({ DATABASE_URL: url, DATABASE_ENDPOINT }: NodeJS.ProcessEnv): Promise<OpenedDatabase> {
  if (url === undefined || url === "") {
    throw new ConnectFault("set DATABASE_URL=postgresql://user:password@host/database");
  }
  const direct = open(url, DATABASE_ENDPOINT);
  if (DATABASE_ENDPOINT !== undefined || new URL(url).hostname.endsWith(".neon.tech")) {
    return { database: direct, [Symbol.asyncDispose]: async () => undefined };
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
