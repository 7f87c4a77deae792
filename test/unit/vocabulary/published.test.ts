import { expect, test } from "vitest";
import { DEFAULT_DRAIN_PER_SECOND } from "../../../schema/config/destinations/breaker-and-drain.ts";
import { DEFAULT_DESTINATION, DEFAULT_WORKFLOW } from "../../../schema/config/destinations/index.ts";
import { parseRouteConfig } from "../../../schema/config/routes.ts";
import { EVENT_ORIGINS, hasOwnKind, originOf } from "../../../schema/vocabulary/event-origins.ts";
import * as grace from "../../../schema/vocabulary/grace.ts";
import * as limits from "../../../schema/vocabulary/routing-limits.ts";
import { ENQUEUE_AT_ONCE, ENQUEUE_INTERVAL_MS } from "../../../workers/hub/emit/enqueue.ts";

/** What README promises by a number or a word: a change of any is a change for users, and is made here, too. */

test("a configuration that says nothing has the published defaults", () => {
  expect(parseRouteConfig({ routes: [] })).toMatchObject({
    defaultDelaySeconds: 0,
    defaultMaxRetries: 5,
    defaultRetryDelay: { type: "constant", interval: 5 },
    defaultTimeoutSeconds: 30,
    lostAfterSeconds: 86_400,
  });
});

test("a destination that is not declared is a Worker in groups of sixteen, by the Workflow DISPATCH, and drains 50 a second", () => {
  expect(DEFAULT_DESTINATION).toEqual({ kind: "worker", batch: false, groupSize: 16 });
  expect(DEFAULT_WORKFLOW).toBe("DISPATCH");
  expect(DEFAULT_DRAIN_PER_SECOND).toBe(50);
});

test("the limits of a route configuration are the published ones", () => {
  expect({ ...limits }).toEqual({
    MAX_ROUTES: 20_000,
    MAX_TRANSFORM_LENGTH: 10_000,
    MAX_ROUTE_NAME_LENGTH: 100,
    MAX_CONDITION_DEPTH: 32,
    MAX_OPERATORS_PER_ROUTE: 1_000,
    MAX_LIST_VALUES: 1_000,
    MAX_PATTERN_LENGTH: 1_000,
    MAX_PATH_LENGTH: 1_000,
    MAX_DELAY_SECONDS: 31_536_000,
    MAX_RETRIES: 1_000,
    MAX_TIMEOUT_SECONDS: 600,
  });
});

test("emits that follow each other within 200 ms share a message, unless there are as many as a group has", () => {
  expect([ENQUEUE_INTERVAL_MS, ENQUEUE_AT_ONCE]).toEqual([200, 100]);
});

test("reconciling waits a minute of grace unless told otherwise, and a day at the most", () => {
  expect(grace.DEFAULT_GRACE_SECONDS).toBe(60);
  expect(grace.MAX_GRACE_SECONDS).toBe(86_400);
  expect(grace.GRACE_RULE).toBe("must be a number of seconds from 0 to 86400");
  expect([0, 60, 86_400].map(grace.isGrace)).toEqual([true, true, true]);
  expect([-1, 86_401, "60", undefined, Number.NaN].map(grace.isGrace)).toEqual([false, false, false, false, false]);
});

test("an event whose kind begins with eventhub. is the hub's own, and every other one a producer's", () => {
  expect(EVENT_ORIGINS).toEqual(["hub", "producers"]);
  const payloads = [{ kind: "eventhub.failed" }, { kind: "eventhub" }, { kind: 1 }, {}];
  expect(payloads.map(hasOwnKind)).toEqual([true, false, false, false]);
  expect(payloads.map(originOf)).toEqual(["hub", "producers", "producers", "producers"]);
});
