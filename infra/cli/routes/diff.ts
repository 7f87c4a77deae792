import { MAX_COMPARED_EVENTS } from "../../../schema/vocabulary/limits.ts";
import { integerOption } from "../number-option.ts";
import { openFrom } from "../ops/open-database.ts";
import { type Comparison, compareRoutes } from "./compare.ts";
import { compileFile } from "./compile-file.ts";
import { recentEvents } from "./recent-events.ts";

/**
 * Applies two configurations (JSON files) to the newest stored events of DATABASE_URL.
 *
 * @param options.events How many events, as typed.
 * @throws FileFaults if a configuration has faults; WrongCall if there is no database to read from, or `events` is not a number; DatabaseError if
 *   the database cannot be read.
 */
export async function diff(
  oldFile: string,
  newFile: string,
  { events, env }: { events: string; env: NodeJS.ProcessEnv },
): Promise<Comparison> {
  const count = integerOption("events", events, 1, MAX_COMPARED_EVENTS);
  const [before, after] = [compileFile(oldFile), compileFile(newFile)];
  await using opened = await openFrom(env);
  return await compareRoutes(before, after, recentEvents(opened.database, count));
}
