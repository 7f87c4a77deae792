import { join } from "node:path";
import { connectionStringFault } from "../../schema/database/connection-string.ts";
import { DATA_DIRECTORIES, pathsIn } from "../local/paths.ts";
import { runningDatabase } from "../local/processes/lock.ts";
import { WrongCall } from "./exit.ts";

/** There is no database to connect to. The message says what to set. */
export class ConnectFault extends WrongCall {}

/** Names the hub that runs on this machine, if there is one. */
function localHint(directory: string): string {
  const url = Object.values(DATA_DIRECTORIES)
    .map((data) => runningDatabase(pathsIn(join(directory, data)).lock))
    .find((found) => found !== undefined);
  return url === undefined ? "" : `; of the hub that runs here: export DATABASE_URL=${url}`;
}

/** The `DATABASE_URL` of a command's environment, wherever it leads. @throws ConnectFault if it is missing or not a connection string */
export function databaseUrlOf({ DATABASE_URL: url }: NodeJS.ProcessEnv): string {
  // The text for a Worker speaks of its secret, which a shell does not have.
  if (url === undefined || url === "") {
    throw new ConnectFault(`set DATABASE_URL=postgresql://user:password@host/database${localHint(process.cwd())}`);
  }
  const fault = connectionStringFault(url);
  if (fault !== undefined) throw new ConnectFault(fault);
  return url;
}

/**
 * The `DATABASE_URL` that replaces the command's own Postgres; `undefined` if it is unset or empty. @throws ConnectFault if it is not a connection
 * string
 */
export function otherDatabaseUrlOf(env: NodeJS.ProcessEnv): string | undefined {
  return env.DATABASE_URL ? databaseUrlOf(env) : undefined;
}
