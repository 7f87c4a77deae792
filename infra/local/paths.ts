import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const DATA = join(ROOT, ".data");

/** Where the local stack keeps what it keeps: everything under `.data/`. */
export const PATHS = {
  data: DATA,
  postgres: join(DATA, "postgres"),
  /** Queues, Workflow instances and buckets of workerd. */
  wrangler: join(DATA, "wrangler"),
  /** Which Workers of other `wrangler dev`s can be reached: none but ours. */
  registry: join(DATA, "registry"),
  logs: join(DATA, "logs"),
  workersLog: join(DATA, "logs/workers.log"),
  stackLog: join(DATA, "logs/stack.log"),
  /** The Workers' configurations as they run here. */
  workers: join(DATA, "workers"),
  /** Which processes belong to the stack. */
  lock: join(DATA, "stack.json"),
  /** How far the janitor has come. */
  janitor: join(DATA, "janitor.json"),
} as const;
