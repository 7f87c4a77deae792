import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { Database } from "../../../schema/database/connection.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import type { EventChecker } from "../events/checker.ts";
import type { CompiledRoutes } from "../routing/index.ts";

/** Everything that actions work with. It is the same for RPC and the command line. */
export interface OperatorContext {
  database: Database;
  /** The configuration's routes. @throws OperatorError `misconfigured` if there is no configuration */
  routes(): CompiledRoutes;
  /** The checker of the events, if they are defined. @throws as `routes` */
  events?(): EventChecker | undefined;
  /**
   * The configuration, for answers that only add to it, such as names and kinds of destinations. @throws OperatorError `misconfigured` in a hub that
   * has none
   */
  config?(): RouteConfig | undefined;
  /** Sends the executor hints of new dispatches. Never throws: without the hints, reconciling finds the dispatches within a minute or two. */
  enqueue(notices: DispatchNotice[]): Promise<void>;
  /** Whether the hub has an alarm. Then nobody knows when it ticks next, and a missing tick is no fault. Default false. */
  sleeps?: boolean;
  /** Who acts, unless the call names its actor. */
  actor: string;
  /** When bulk work stops and leaves the rest to the hub's next tick: milliseconds since 1970. */
  deadline: number;
}

/** The context of the methods, over RPC and in a terminal. */
export interface MethodContext extends OperatorContext {
  config(): RouteConfig | undefined;
}
