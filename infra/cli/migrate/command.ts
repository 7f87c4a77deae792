import { databaseUrlOf } from "../database-url.ts";
import { WrongCall } from "../exit.ts";
import { compileFile } from "../routes/compile-file.ts";
import { migrate } from "./migrate.ts";

interface MigrateCommandOptions {
  routing?: string;
  dropIndexes?: boolean;
}

/**
 * The command: brings the database of `DATABASE_URL` up to date, and reports it.
 *
 * @throws WrongCall, FileFaults of the route configuration, or an Error that says what failed
 */
export async function migrateCommand(options: MigrateCommandOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const { routing, dropIndexes: dropOthers = false } = options;
  if (dropOthers && routing === undefined) {
    throw new WrongCall("--drop-indexes needs --routing FILE, which says which indexes should exist");
  }
  const paths = routing === undefined ? undefined : (compileFile(routing).config.indexes ?? []);
  const { DATABASE_URL: url = "" } = env;
  if (url === "") databaseUrlOf(env);
  const started = performance.now();
  await migrate(url, {
    tell: (message) => console.error(message),
    ...(paths && { indexes: { paths, dropOthers } }),
  });
  console.log(`the database is up to date (${Math.round(performance.now() - started)} ms)`);
}
