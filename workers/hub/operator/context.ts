import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { Database } from "../../../schema/database/connection.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import type { EventChecker } from "../events/checker.ts";
import type { CompiledRoutes } from "../routing/index.ts";

/** What actions work with: the same for the RPC and the command line. */
export interface OperatorContext {
  database: Database;
  /** The configuration's routes. @throws OperatorError `misconfigured` where there is none */
  routes(): CompiledRoutes;
  /** What events are checked with, if they are defined. @throws as `routes` */
  events?(): EventChecker | undefined;
  /** Tells the executor of new dispatches, as a hint: without it, reconciling finds them within a minute or two. Never throws. */
  enqueue(notices: DispatchNotice[]): Promise<void>;
  /** Who acts, unless the call says. */
  actor: string;
  /** When bulk work stops and leaves the rest to the hub's cron: milliseconds since 1970. */
  deadline: number;
}

/** What methods work with, over RPC and in a terminal. */
export interface MethodContext extends OperatorContext {
  /** The configuration for what it only adds to, as names and kinds of destinations. @throws OperatorError `misconfigured` in a hub that has none */
  config(): RouteConfig | undefined;
}
