/** The options of `eventhub dev`. */
export interface DevOptions {
  /** The directory in which it was called. */
  root: string;
  /** The wrangler configurations that belong together; default: all that are found. */
  configs: string[] | undefined;
  /** The port of the console and of `POST /emit`. */
  port: number;
  /** Start without the data of earlier runs. */
  reset: boolean;
  /** Emit the example, show what becomes of it, and stop. */
  once: boolean;
  /** Also show what the hub's own parts log. */
  verbose: boolean;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl: string | undefined;
}
