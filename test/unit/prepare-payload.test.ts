import { describe, expect, test } from "vitest";
import { DEFAULT_DESTINATION, type Destination } from "../../schema/config/destinations/index.ts";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import type { EventPayload } from "../../schema/contract/index.ts";
import { preparePayload } from "../../workflows/prepare-payload.ts";
import { transformsOf } from "../../workflows/transform/read-transforms.ts";

const config = parseRouteConfig({
  routes: [
    { name: "shaped", destination: "A", transform: '{ "id": id }' },
    { name: "broken", destination: "A", transform: '$error("no customer")' },
    { name: "event", destination: "A", transform: '$merge([$, { "source": "/shaped" }])' },
    { name: "plain", destination: "A" },
  ],
});
const rules = {
  origin: { source: "/cf-eventhub", type: "cf-eventhub.event" },
  transforms: transformsOf(config),
  hasRoute: (name: string) => config.routes.some((route) => route.name === name),
};
const EVENT = { specversion: "1.0", id: "1", source: "/shop", type: "order.paid" };
const CLOUD_EVENTS: Destination = {
  kind: "webhook",
  url: "https://example.com/",
  secrets: ["A"],
  headers: {},
  format: "cloudevents",
  groupSize: 16,
};
const { format, ...JSON_WEBHOOK } = CLOUD_EVENTS;

/** What a destination gets of a payload on a route. */
const prepared = (
  route: string,
  { payload = { id: 17, n: 1 } as EventPayload, transformed = false, emitted = false, to = DEFAULT_DESTINATION } = {},
) =>
  preparePayload(
    {
      ...{ event_id: "e1", emitted_at: new Date(0), traceparent: null, tracestate: null, cloud_event: emitted },
      ...{ route, transformed, payload },
    },
    to,
    rules,
  );

describe("a payload", () => {
  test("goes out as its route shapes it now, whether or not the route did when it was saved", async () => {
    for (const transformed of [true, false]) {
      expect(await prepared("shaped", { transformed })).toEqual({ payload: { id: 17 }, cloudEvent: false });
      expect(await prepared("plain", { transformed })).toEqual({ payload: { id: 17, n: 1 }, cloudEvent: false });
    }
  });

  test("of a route that was renamed goes out if it had no transform, and otherwise waits for a deployment", async () => {
    expect(await prepared("renamed")).toEqual({ payload: { id: 17, n: 1 }, cloudEvent: false });
    expect(await prepared("renamed", { transformed: true })).toEqual({
      result: "misconfigured",
      reason: `the executor's configuration has no route "renamed", whose transform shapes the payload`,
      retry: "retryable",
      retryAfterSeconds: 60,
      logged: true,
    });
  });

  test("whose transform fails is misconfigured, with the transform's place", async () => {
    expect(await prepared("broken")).toEqual({
      result: "misconfigured",
      reason: "routes[1].transform: no customer (at character 7)",
      retry: "terminal",
    });
  });

  test("that is emitted as a CloudEvent is told to be one, and one that looks like it is not", async () => {
    const emitted = { payload: EVENT, emitted: true };
    expect(await prepared("plain", emitted)).toEqual({ payload: EVENT, cloudEvent: true });
    expect(await prepared("plain", { ...emitted, to: JSON_WEBHOOK })).toEqual({ payload: EVENT, cloudEvent: true });
    expect(await prepared("plain", { payload: EVENT })).toEqual({ payload: EVENT, cloudEvent: false });
    expect(await prepared("event", { payload: EVENT })).toMatchObject({ cloudEvent: true });
  });

  test("is enclosed in a CloudEvent for a destination that takes only those", async () => {
    expect(await prepared("shaped", { to: CLOUD_EVENTS })).toEqual({
      payload: {
        ...{ specversion: "1.0", id: "e1", source: "/cf-eventhub", type: "cf-eventhub.event" },
        ...{ time: "1970-01-01T00:00:00.000Z", datacontenttype: "application/json", data: { id: 17 } },
      },
      cloudEvent: true,
    });
    expect(await prepared("plain", { to: JSON_WEBHOOK })).toEqual({ payload: { id: 17, n: 1 }, cloudEvent: false });
  });
});
