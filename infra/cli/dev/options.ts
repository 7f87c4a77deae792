/** What `eventhub dev` was asked for. */
export interface DevOptions {
  /** The directory that it was called in. */
  root: string;
  /** The wrangler configurations that belong together; default: those that are found. */
  configs: string[] | undefined;
  /** Of console and `POST /emit`. */
  port: number;
  /** Begin without what earlier runs left. */
  reset: boolean;
  /** Emit the example, show what becomes of it, stop. */
  once: boolean;
  /** Show what the hub's own parts log, too. */
  verbose: boolean;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl: string | undefined;
}
