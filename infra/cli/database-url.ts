import { connectionStringFault } from "../../schema/database/connection-string.ts";
import { WrongCall } from "./exit.ts";

/** There is no database to connect to; the message says what to set. */
export class ConnectFault extends WrongCall {}

/** The `DATABASE_URL` of a command's environment, wherever it leads. @throws ConnectFault if it is missing or no connection string */
export function databaseUrlOf({ DATABASE_URL: url }: NodeJS.ProcessEnv): string {
  // Of a Worker's secret, as its text has it, a shell knows nothing.
  if (url === undefined || url === "") {
    throw new ConnectFault("set DATABASE_URL=postgresql://user:password@host/database");
  }
  const fault = connectionStringFault(url);
  if (fault !== undefined) throw new ConnectFault(fault);
  return url;
}

/** The `DATABASE_URL` that is to take the place of a Postgres of the command's own; `undefined` if it is unset or empty. @throws ConnectFault if it is no connection string */
export function otherDatabaseUrlOf(env: NodeJS.ProcessEnv): string | undefined {
  return env.DATABASE_URL ? databaseUrlOf(env) : undefined;
}
