import { MisconfiguredError } from "../vocabulary/misconfigured-error.ts";
import { type Database, openDatabase } from "./connection.ts";
import type { DatabasePlace } from "./connection-string.ts";
import { DatabaseError } from "./database-error.ts";

/** The last one that was opened. An isolate uses one database, and its requests share the connection. */
let opened: (DatabasePlace & { database: Database }) | undefined;

/**
 * The database that a Worker's settings name.
 *
 * @throws MisconfiguredError if they name none, or one that a Worker cannot reach.
 */
export function databaseOf(env: { DATABASE_URL: string; DATABASE_ENDPOINT?: string }): Database {
  try {
    // An empty variable counts as a missing one.
    const place = { url: env.DATABASE_URL, endpoint: env.DATABASE_ENDPOINT || undefined };
    if (opened !== undefined && opened.url === place.url && opened.endpoint === place.endpoint) return opened.database;
    opened = { ...place, database: openDatabase(place) };
    return opened.database;
  } catch (cause) {
    throw cause instanceof DatabaseError ? new MisconfiguredError(cause.message, { cause }) : cause;
  }
}
