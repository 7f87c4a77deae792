import type { DispatchMessage } from "../../schema/queue/messages.ts";

/** The hub's bindings. */
export interface HubEnv {
  /** Postgres connection string (a secret). */
  DATABASE_URL: string;
  /** Where the `/sql` endpoint is, when not at the host of `DATABASE_URL`: the local stack's. */
  DATABASE_ENDPOINT?: string;
  /** The queue that the executor consumes. */
  EVENTHUB_QUEUE: Queue<DispatchMessage>;
  /** A small route configuration, when it is no module of the Worker. */
  EVENTHUB_ROUTING?: unknown;
}
