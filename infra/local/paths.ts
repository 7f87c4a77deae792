import { join } from "node:path";

/** The data directories of a project's stack (`dev`) and of the demo. */
export const DATA_DIRECTORIES = { dev: ".eventhub", demo: ".data" } as const;

/** The paths of a local stack's data, all below its data directory. */
export interface StackPaths {
  data: string;
  postgres: string;
  /** Queues, Workflow instances and buckets of workerd. */
  wrangler: string;
  /** Which Workers of other `wrangler dev` processes can be reached: only ours. */
  registry: string;
  logs: string;
  /** The output of wrangler and the Workers. */
  workersLog: string;
  stackLog: string;
  /** The Workers' configurations in their local form. */
  workers: string;
  /** The processes of the stack. */
  lock: string;
  /** The progress of the janitor. */
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
