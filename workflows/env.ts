import type { DispatchMessage } from "../schema/queue/messages.ts";
import type { Group } from "./group.ts";

/** The executor's own bindings. Its destinations' bindings stand beside them, each under the name that routes use. */
export interface ExecutorEnv {
  /** Postgres connection string of the hub's database (a secret). */
  DATABASE_URL: string;
  /** Where the `/sql` endpoint is, when not at the host of `DATABASE_URL`: the local stack's. */
  DATABASE_ENDPOINT?: string;
  /** The queue that the executor consumes; it enqueues there what it hands over or finds unclaimed. */
  EVENTHUB_QUEUE: Queue<DispatchMessage>;
  /** A small route configuration, when it is no module of the Worker. */
  EVENTHUB_ROUTING?: unknown;
  /** Creates the Workflow instances. */
  DISPATCH: Workflow<Group>;
  /** How long something must be overdue before reconciling looks at it, in seconds (0 to 86,400); default 60. */
  RECONCILE_GRACE_SECONDS?: string;
}
