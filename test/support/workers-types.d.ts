import type * as workers from "@cloudflare/workers-types";

/** Declarations that the sources of Workers need when a test runs them in Node. */
declare global {
  type Queue<Body> = workers.Queue<Body>;
  type Workflow<Parameters> = workers.Workflow<Parameters>;
}
