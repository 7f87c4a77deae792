import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { openDatabase } from "../../schema/database.ts";
import type { OperatorContext } from "../../workers/hub/operator/context.ts";
import { OperatorError } from "../../workers/hub/operator/operator-error.ts";
import { type CompiledRoutes, compileRoutes } from "../../workers/hub/routing/index.ts";
import { startNeonEndpoint } from "../local/neon-endpoint.ts";

/** The options that every command has. */
export interface GlobalOptions {
  json: boolean;
  actor?: string;
  /** The route configuration, a JSON file: for `replay --routing current`, `explain`, and the kinds of destinations. */
  routing?: string;
}

/** What a command works with. */
export interface Connection extends AsyncDisposable {
  context: OperatorContext;
  /** The configuration's, if one was given. */
  routes: CompiledRoutes | undefined;
}

/**
 * Connects to the database of `DATABASE_URL`: a Neon one over HTTP, any other over the endpoint of `DATABASE_ENDPOINT`, or one of its own
 * as long as the command runs.
 */
export async function connect({ actor, routing }: GlobalOptions, env: NodeJS.ProcessEnv): Promise<Connection> {
  const url = env.DATABASE_URL;
  if (url === undefined || !URL.canParse(url))
    throw new Error("set DATABASE_URL=postgres://user:password@host/database");
  const routes = routing === undefined ? undefined : compileRoutes(JSON.parse(await readFile(routing, "utf8")));
  const isNeon = new URL(url).hostname.endsWith(".neon.tech");
  const own = isNeon || env.DATABASE_ENDPOINT !== undefined ? undefined : await startNeonEndpoint({ postgresUrl: url });
  return {
    routes,
    context: {
      database: openDatabase({ url, endpoint: env.DATABASE_ENDPOINT ?? own?.url }),
      routes: () => {
        if (routes === undefined)
          throw new OperatorError("misconfigured", "give the route configuration: --routing FILE");
        return routes;
      },
      // No queue here: the executor's cron finds in Postgres what has been made.
      enqueue: async () => undefined,
      actor: actor ?? userInfo().username,
      deadline: Number.POSITIVE_INFINITY,
    },
    async [Symbol.asyncDispose]() {
      await own?.stop();
    },
  };
}
