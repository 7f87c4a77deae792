import type * as workers from "@cloudflare/workers-types";

/** What the sources of Workers take for granted, where a test has them run in Node. */
declare global {
  type Queue<Body> = workers.Queue<Body>;
  type Workflow<Parameters> = workers.Workflow<Parameters>;
}
