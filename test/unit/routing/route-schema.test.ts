import { readFileSync } from "node:fs";
import { Ajv, type AnySchema } from "ajv";
import { describe, expect, test } from "vitest";
import { routeSchema } from "../../../infra/build/route-schema/schema.ts";
import { OPERATOR_NAMES } from "../../../schema/config/operands.ts";
import { MAX_LIST_VALUES, MAX_PATTERN_LENGTH, MAX_ROUTE_NAME_LENGTH } from "../../../schema/vocabulary/limits.ts";
import { compileRoutes, RouteConfigError } from "../../../workers/hub/routing/index.ts";
import { readCorpus } from "../../support/routing-corpus.ts";
import { ROOT } from "../../support/wrangler-config.ts";

const read = (file: string) => JSON.parse(readFileSync(`${ROOT}/${file}`, "utf8"));

// Keywords that only editors read are unknown to the validator.
const ajv = new Ajv({
  allErrors: true,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  keywords: ["enumDescriptions", "defaultSnippets"],
});
const validate = ajv.compile(routeSchema() as AnySchema);

/** The faults that an editor shows, each with its place. */
const faultsOf = (config: unknown) =>
  validate(config) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

const accepted = (config: unknown) => {
  try {
    compileRoutes(config);
    return true;
  } catch (error) {
    if (error instanceof RouteConfigError) return false;
    throw error;
  }
};

const route = (given: object) => ({ routes: [{ destination: "A", ...given }] });
const condition = (given: unknown) => route({ condition: given });
const destination = (given: object) => ({ destinations: { A: given }, routes: [] });

test("routing.schema.json is generated from the code by infra/build/build-route-schema.ts", () => {
  expect(read("routing.schema.json")).toEqual(JSON.parse(JSON.stringify(routeSchema())));
});

test.each(["workers/routing.json", "test/workers/routing.json", "test/workers/chaos/routing.json"])(
  "the schema accepts %s",
  (file) => {
    expect(faultsOf(read(file))).toEqual([]);
  },
);

test("the schema accepts every rule of test/cases/routing.json", () => {
  const { rows, cases } = readCorpus();
  const rules = [...rows, ...cases].map(({ rule }) => rule);
  expect(rules.length).toBeGreaterThan(100);
  expect(rules.flatMap((rule) => faultsOf(condition(rule)).map((fault) => [rule, fault]))).toEqual([]);
});

describe("whatever the hub accepts, the schema accepts:", () => {
  test.each<[string, unknown]>([
    ["the key $schema", { $schema: "x", routes: [] }],
    [
      "every setting",
      {
        defaultDelaySeconds: 0,
        defaultMaxRetries: 0,
        defaultRetryDelay: { type: "exponential", base: 0, max: 0 },
        defaultTimeoutSeconds: 1,
        lostAfterSeconds: 0,
        retention: { payloadDays: 1, rowDays: 3650 },
        health: {
          windowSeconds: 60,
          leastResults: 1,
          failingBelow: 0,
          degradedBelow: 1,
          manyFailures: 1_000_000,
          degradedBelowWithMany: 0.999,
        },
        cloudEvents: { source: "/a", type: "t" },
        indexes: ["$.order.id", "$['a b'][0]"],
        routes: [],
      },
    ],
    [
      "every setting of a route",
      route({
        name: "é".repeat(MAX_ROUTE_NAME_LENGTH),
        enabled: false,
        from: "hub",
        condition: { not: { anyOf: [{ path: "$", exists: true }] } },
        delaySeconds: 0,
        maxRetries: 0,
        retryDelay: { type: "constant", interval: 0 },
        timeoutSeconds: 600,
        transform: "$",
      }),
    ],
    ["a name in characters, not code units", route({ name: "😀".repeat(MAX_ROUTE_NAME_LENGTH) })],
    ["a worker without a kind", destination({ groupSize: 100 })],
    ["a batch", destination({ batch: true, groupSize: 100, format: "cloudevents" })],
    ["health of its own", destination({ kind: "hub", health: { windowSeconds: 86_400 } })],
    ["r2", destination({ kind: "r2", prefix: "" })],
    ["a queue with a breaker", destination({ kind: "queue", drainPerSecond: 0.5, breaker: { failures: 1 } })],
    [
      "limits and an order",
      destination({
        limits: [
          { rate: { limit: 0.001, perSeconds: 1, burst: 1 }, concurrency: 10_000 },
          {
            key: "$.a",
            rate: { limit: 100_000, perSeconds: 86_400 },
            concurrency: 1,
            weights: { "": 0.001, b: 1_000 },
          },
        ],
        order: { key: "$.b[0]", onFailure: "skip" },
        cooldown: "key",
      }),
    ],
    ["turns of keys alone", destination({ kind: "r2", limits: [{ key: "$.a", weights: {} }] })],
    [
      "an order alone",
      destination({ kind: "queue", order: { key: "$.a", onFailure: "hold" }, cooldown: "destination" }),
    ],
    ["a workflow", destination({ kind: "workflow", workflow: "EVENTHUB_WORKFLOW_A" })],
    ["several workflows", destination({ kind: "r2", workflow: ["EVENTHUB_WORKFLOW_A", "EVENTHUB_WORKFLOW_2_A"] })],
    ["a hub", destination({ kind: "hub" })],
    [
      "a webhook",
      destination({
        kind: "webhook",
        url: "https://a.example.com",
        secrets: ["S"],
        headers: { "X-A": "b" },
        allowHosts: ["*.example.com"],
      }),
    ],
  ])("%s", (_, config) => {
    expect([accepted(config), faultsOf(config)]).toEqual([true, []]);
  });
});

describe("whatever the schema refuses, the hub refuses:", () => {
  test.each<[string, unknown]>([
    ["no routes", {}],
    ["an unknown key", { routes: [], route: [] }],
    ["$schema of another type", { $schema: 1, routes: [] }],
    ["a route without a destination", { routes: [{}] }],
    ["an unknown key of a route", route({ retries: 1 })],
    ["a number as text", route({ maxRetries: "5" })],
    ["a fraction", route({ delaySeconds: 0.5 })],
    ["a negative number", route({ delaySeconds: -1 })],
    ["a timeout of 0", route({ timeoutSeconds: 0 })],
    ["an unknown delay", route({ retryDelay: { type: "linear", interval: 1 } })],
    ["a delay without its interval", route({ retryDelay: { type: "constant" } })],
    ["a delay of both types", route({ retryDelay: { type: "constant", interval: 1, base: 1 } })],
    ["an empty name", route({ name: "" })],
    ["a long name", route({ name: "a".repeat(MAX_ROUTE_NAME_LENGTH + 1) })],
    ["a transform without a name", route({ transform: "$" })],
    ["an unknown origin", route({ from: "consumers" })],
    ["a binding of the hub's own", route({ destination: "DATABASE_URL" })],
    ["a name below EVENTHUB_", route({ destination: "EVENTHUB_X" })],
    ["a name that no binding has", route({ destination: "a-b" })],
    ["a name of the hub's own among destinations", { destinations: { DISPATCH: {} }, routes: [] }],
    ["an unknown kind", destination({ kind: "email" })],
    ["another kind's key", destination({ kind: "queue", prefix: "a" })],
    ["a group larger than it may be", destination({ groupSize: 101 })],
    ["a batch larger than it may be", destination({ batch: true, groupSize: 101 })],
    ["a webhook without secrets", destination({ kind: "webhook", url: "https://a.example.com" })],
    [
      "a webhook with three secrets",
      destination({ kind: "webhook", url: "https://a.example.com", secrets: ["A", "B", "C"] }),
    ],
    [
      "a secret's name that is the hub's",
      destination({ kind: "webhook", url: "https://a.example.com", secrets: ["DATABASE_URL"] }),
    ],
    ["a breaker without failures", destination({ breaker: { seconds: 1 } })],
    ["a short window of health", { health: { windowSeconds: 59 }, routes: [] }],
    ["a share in percent", destination({ health: { failingBelow: 50 } })],
    ["an unknown rule of health", destination({ health: { failing: 0.5 } })],
    ["no limit", destination({ limits: [] })],
    ["three limits", destination({ limits: [{ concurrency: 1 }, { concurrency: 1 }, { concurrency: 1 }] })],
    ["an empty limit", destination({ limits: [{}] })],
    ["an unknown key of a limit", destination({ limits: [{ concurrency: 1, burst: 1 }] })],
    ["a concurrency of 0", destination({ limits: [{ concurrency: 0 }] })],
    ["a rate without a time", destination({ limits: [{ rate: { limit: 1 } }] })],
    ["a rate of 0", destination({ limits: [{ rate: { limit: 0, perSeconds: 1 } }] })],
    ["a burst of half a call", destination({ limits: [{ rate: { limit: 1, perSeconds: 1, burst: 0.5 } }] })],
    ["weights without a key", destination({ limits: [{ concurrency: 1, weights: {} }] })],
    ["a weight of 0", destination({ limits: [{ key: "$.a", weights: { b: 0 } }] })],
    ["a weight of a long key", destination({ limits: [{ key: "$.a", weights: { ["b".repeat(201)]: 1 } }] })],
    ["a key that is empty", destination({ limits: [{ key: "", concurrency: 1 }] })],
    ["an order that says nothing of failures", destination({ kind: "hub", order: { key: "$.a" } })],
    ["an order that says something else", destination({ order: { key: "$.a", onFailure: "stop" } })],
    ["an order without a key", destination({ order: { onFailure: "skip" } })],
    ["another cooldown", destination({ limits: [{ concurrency: 1 }], cooldown: "all" })],
    ["a Workflow's name", destination({ workflow: "MINE" })],
    ["an index of a payload as a whole", { indexes: ["$"], routes: [] }],
    ["an index twice", { indexes: ["$.a", "$.a"], routes: [] }],
    ["retention of 0 days", { retention: { rowDays: 0 }, routes: [] }],
    ["an empty condition", condition({})],
    ["a condition that is a list", condition([])],
    ["an operator without a path", condition({ exact: 1 })],
    ["a path without an operator", condition({ path: "$" })],
    ["two operators", condition({ path: "$", gte: 1, lt: 2 })],
    ["an unknown operator", condition({ path: "$", equals: 1 })],
    ["an operator beside allOf", condition({ path: "$", exact: 1, allOf: [] })],
    ["allOf beside anyOf", condition({ allOf: [], anyOf: [] })],
    ["a condition as allOf", condition({ allOf: { path: "$", exact: 1 } })],
    ["a fault deep below", condition({ not: { anyOf: [{ path: "$", exact: {} }] } })],
    ["an object as exact", condition({ path: "$", exact: {} })],
    ["a text as gte", condition({ path: "$", gte: "1" })],
    ["a value as in", condition({ path: "$", in: 1 })],
    ["a long list", condition({ path: "$", in: Array(MAX_LIST_VALUES + 1).fill(1) })],
    ["a long pattern", condition({ path: "$", match: "a".repeat(MAX_PATTERN_LENGTH + 1) })],
    ["one end of a range", condition({ path: "$", between: { gte: 1 } })],
    ["two lower ends", condition({ path: "$", between: { gte: 1, gt: 1 } })],
    ["ends of two kinds", condition({ path: "$", between: { gte: 1, lt: "2026-01-01" } })],
    ["a negative length", condition({ path: "$", length: -1 })],
    ["two exclusions", condition({ path: "$", anythingBut: { prefix: "a", suffix: "b" } })],
    ["ignoreCase with a number", condition({ path: "$", gte: 1, ignoreCase: true })],
    ["a quantifier with exists", condition({ path: "$", exists: true, quantifier: "all" })],
    ["an unknown quantifier", condition({ path: "$", exact: 1, quantifier: "some" })],
  ])("%s", (_, config) => {
    expect([accepted(config), faultsOf(config).length > 0]).toEqual([false, true]);
  });
});

test("every key has a description for editors", () => {
  const { properties = {}, definitions = {} } = routeSchema();
  const { route, condition } = definitions as Record<
    string,
    { properties: Record<string, { description?: string; $ref?: string }> }
  >;
  const keys = { ...properties, ...route?.properties, ...condition?.properties } as Record<
    string,
    { description?: string; $ref?: string }
  >;
  expect(
    Object.entries(keys).filter(([, { description, $ref }]) => description === undefined && $ref === undefined),
  ).toEqual([]);
  expect(Object.keys(keys)).toEqual(expect.arrayContaining(["routes", "destination", "path", ...OPERATOR_NAMES]));
});
