import { type Database, openDatabase } from "./connection.ts";

/** The database that a Worker's settings name. @throws DatabaseError where they name none */
export const databaseOf = (env: { DATABASE_URL: string; DATABASE_ENDPOINT?: string }): Database =>
  openDatabase({ url: env.DATABASE_URL, endpoint: env.DATABASE_ENDPOINT });
