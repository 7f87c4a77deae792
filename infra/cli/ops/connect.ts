import { userInfo } from "node:os";
import type { MethodContext } from "../../../workers/hub/operator/context.ts";
import { WrongCall } from "../exit.ts";
import { compileFile } from "../routes/compile-file.ts";
import { openFrom } from "./open-database.ts";

/** The options that every command has. */
export interface GlobalOptions {
  json: boolean;
  /** Whether tables may be wider than the terminal. */
  wide: boolean;
  actor?: string;
  /** The route configuration, a JSON file: for `replay --as current` and dry runs of `replay`, `explain`, and the kinds of destinations. */
  routing?: string;
}

/** What a command needs for its work. */
export interface Connection extends AsyncDisposable {
  context: MethodContext;
}

/**
 * Connects to the database of the environment.
 *
 * @throws ConnectFault if it names none; FileFaults with the line and column of each fault of the route configuration.
 */
export async function connect(
  { actor, routing }: Pick<GlobalOptions, "actor" | "routing">,
  env: NodeJS.ProcessEnv,
): Promise<Connection> {
  const routes = routing === undefined ? undefined : compileFile(routing);
  const opened = await openFrom(env);
  return {
    context: {
      database: opened.database,
      routes: () => {
        if (routes === undefined) throw new WrongCall("[misconfigured] give the route configuration: --routing FILE");
        return routes;
      },
      events: () => routes?.events,
      config: () => routes?.config,
      // There is no queue here: the executor's next look finds the new dispatches in Postgres.
      enqueue: async () => undefined,
      actor: actor ?? userInfo().username,
      deadline: Number.POSITIVE_INFINITY,
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
