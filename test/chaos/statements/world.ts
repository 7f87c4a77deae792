import type { Pool } from "pg";
import { type CompiledRoutes, compileRoutes } from "../../../workers/hub/routing/index.ts";
import type { Random } from "../random.ts";
import type { Findings } from "./findings.ts";
import type { Pauses } from "./pauses.ts";
import type { RoughDatabase } from "./rough-database.ts";

/** Few, so that all clients meet each other. */
export const DESTINATIONS = ["ALPHA", "BETA", "GAMMA", "DELTA"] as const;

/** Everything that all clients share. */
export interface World {
  findings: Findings;
  pauses: Pauses;
  routes: CompiledRoutes;
  /** For checks beside the work, and for holding locks. */
  admin: Pool;
}

/** One client, with its own randomness and its own access to the database. */
export interface Client extends World {
  random: Random;
  database: RoughDatabase;
  /** The same, but no work continues after its caller was told that it failed. */
  mild: RoughDatabase;
}

/** What a client does again and again. */
export type Deed = (client: Client) => Promise<void>;

/** `kind` selects the routes: from none to all four destinations, two of which have a breaker. */
export const ROUTES = compileRoutes({
  defaultMaxRetries: 3,
  defaultRetryDelay: { type: "constant", interval: 0 },
  lostAfterSeconds: 1,
  destinations: {
    ALPHA: { kind: "worker", drainPerSecond: 1_000 },
    BETA: { kind: "worker", drainPerSecond: 1_000 },
    GAMMA: { kind: "worker", drainPerSecond: 1_000, breaker: { failures: 3, seconds: 1, probeSeconds: 0 } },
    DELTA: { kind: "worker", breaker: { failures: 5, seconds: 2, probeSeconds: 1 } },
  },
  routes: [
    { name: "alpha", condition: { path: "$.kind", match: "a" }, destination: "ALPHA" },
    { name: "beta", condition: { path: "$.kind", match: "b" }, destination: "BETA" },
    { name: "gamma", condition: { path: "$.kind", match: "c" }, destination: "GAMMA" },
    { name: "delta", condition: { path: "$.kind", match: "d" }, destination: "DELTA", maxRetries: 0 },
    { name: "paused", condition: { path: "$.kind", exact: "eventhub.destination.paused" }, destination: "ALPHA" },
  ],
});

/** The kinds of events. Most of them make one dispatch or two. */
export const KINDS = ["none", "a", "b", "c", "d", "ab", "bc", "cd", "abcd"] as const;
