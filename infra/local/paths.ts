import { join } from "node:path";

/** Where a local stack keeps what it keeps: everything below its data directory. */
export interface StackPaths {
  data: string;
  postgres: string;
  /** Queues, Workflow instances and buckets of workerd. */
  wrangler: string;
  /** Which Workers of other `wrangler dev`s can be reached: none but ours. */
  registry: string;
  logs: string;
  /** What wrangler and the Workers print. */
  workersLog: string;
  stackLog: string;
  /** The Workers' configurations as they run here. */
  workers: string;
  /** Which processes belong to the stack. */
  lock: string;
  /** How far the janitor has come. */
  janitor: string;
}

/** The paths of a data directory. */
export function pathsIn(data: string): StackPaths {
  return {
    data,
    postgres: join(data, "postgres"),
    wrangler: join(data, "wrangler"),
    registry: join(data, "registry"),
    logs: join(data, "logs"),
    workersLog: join(data, "logs/workers.log"),
    stackLog: join(data, "logs/stack.log"),
    workers: join(data, "workers"),
    lock: join(data, "stack.json"),
    janitor: join(data, "janitor.json"),
  };
}
