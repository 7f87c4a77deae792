import type { RouteConfig } from "../../schema/config/routes.ts";
import type { Database } from "../../schema/database/connection.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";

/** Everything that the executor works with. */
export interface ExecutorContext {
  env: ExecutorEnv;
  database: Database;
  config: RouteConfig;
}
