import { MisconfiguredError } from "../vocabulary/misconfigured-error.ts";
import { type Database, openDatabase } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";

/** The database that a Worker's settings name. @throws MisconfiguredError where they name none, or one that a Worker cannot ask */
export function databaseOf(env: { DATABASE_URL: string; DATABASE_ENDPOINT?: string }): Database {
  try {
    // A variable that is left empty is as good as none.
    return openDatabase({ url: env.DATABASE_URL, endpoint: env.DATABASE_ENDPOINT || undefined });
  } catch (cause) {
    throw cause instanceof DatabaseError ? new MisconfiguredError(cause.message, { cause }) : cause;
  }
}
