/**
 * For the tests of a project: {@link fakeEventHub} in memory, {@link handleContext} and {@link expectRoute} for one consumer or route at a time, and
 * the real thing with {@link startEventHub}. Nothing here depends on a test runner.
 */

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
export type { Routing } from "./routing.ts";
