import { describe, expect, test } from "vitest";
import { MAX_LISTED_FAULTS, RouteConfigError } from "../../../schema/config/faults.ts";
import { healthRulesOf, storedHealthRules } from "../../../schema/config/health.ts";
import { destinationOf, parseRouteConfig } from "../../../schema/config/routes.ts";
import { DEFAULT_HEALTH } from "../../../schema/vocabulary/destination-states.ts";
import {
  MAX_CONDITION_DEPTH,
  MAX_DELAY_SECONDS,
  MAX_LIST_VALUES,
  MAX_OPERATORS_PER_ROUTE,
  MAX_PATH_LENGTH,
  MAX_PATTERN_LENGTH,
  MAX_RETRIES,
  MAX_ROUTE_NAME_LENGTH,
  MAX_ROUTES,
  MAX_TIMEOUT_SECONDS,
} from "../../../schema/vocabulary/limits.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";

function faultsOf(config: unknown): string[] {
  try {
    compileRoutes(config);
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

const faultsOfRoute = (route: object) => faultsOf({ routes: [{ destination: "A", ...route }] });
const faultsOfCondition = (condition: unknown) => faultsOfRoute({ condition });

describe("a configuration", () => {
  test("gets its defaults, but keeps a zero", () => {
    const { config, match } = compileRoutes({
      defaultMaxRetries: 0,
      routes: [
        { destination: "A" },
        {
          destination: "B",
          name: "b",
          delaySeconds: 0,
          maxRetries: 1,
          timeoutSeconds: 1,
          retryDelay: { type: "constant", interval: 0 },
        },
      ],
    });
    const { destinations, routes, ...settings } = config;
    expect(settings).toEqual({
      defaultDelaySeconds: 0,
      defaultMaxRetries: 0,
      defaultRetryDelay: { type: "constant", interval: 5 },
      defaultTimeoutSeconds: 30,
      lostAfterSeconds: 86_400,
    });
    expect(match({})).toEqual([
      {
        name: "routes[0]",
        destination: "A",
        delaySeconds: 0,
        maxRetries: 0,
        retryDelay: { type: "constant", interval: 5 },
        timeoutSeconds: 30,
        transformed: false,
      },
      {
        name: "b",
        destination: "B",
        delaySeconds: 0,
        maxRetries: 1,
        retryDelay: { type: "constant", interval: 0 },
        timeoutSeconds: 1,
        transformed: false,
      },
    ]);
    expect(match({})[1]).toBe(match({ other: 1 })[1]);
    expect(Object.isFrozen(match({})[0])).toBe(true);
  });

  test("can name its JSON Schema, which is not part of it", () => {
    const routes = compileRoutes({ $schema: "./routing.schema.json", routes: [{ destination: "A" }] });
    expect(routes.config).not.toHaveProperty("$schema");
    expect(faultsOf({ $schema: 1, routes: [] })).toEqual(["$schema: must be a string, got 1"]);
  });

  test("omits routes that are not enabled", () => {
    expect(compileRoutes({ routes: [{ destination: "A", enabled: false }] }).match({})).toEqual([]);
  });

  test("gives a route only events of its origin, and all events to routes without one", () => {
    const lost = { path: "$.kind", exact: "eventhub.dispatch.lost" };
    const { match, explain } = compileRoutes({
      routes: [
        { name: "alerts", from: "hub", condition: lost, destination: "A" },
        { name: "archive", from: "producers", destination: "A" },
        { name: "all", destination: "A" },
        { name: "by kind", condition: lost, destination: "A" },
      ],
    });
    const names = (...args: Parameters<typeof match>) => match(...args).map(({ name }) => name);
    const payload = { kind: "eventhub.dispatch.lost" };
    expect(names(payload, "hub")).toEqual(["alerts", "all", "by kind"]);
    expect(names(payload, "producers")).toEqual(["archive", "all", "by kind"]);
    // For a mere payload, its kind decides, since nobody else may use a kind of the hub.
    expect(names(payload)).toEqual(["alerts", "all", "by kind"]);
    expect(names({ kind: "order.paid" })).toEqual(["archive", "all"]);
    for (const origin of ["hub", "producers"] as const) {
      const explained = explain(payload, origin);
      expect(explained.filter(({ matched }) => matched).map(({ name }) => name)).toEqual(names(payload, origin));
      expect(explained.flatMap(({ name, from }) => (from === undefined ? [] : [[name, from]]))).toEqual(
        origin === "hub" ? [["archive", "producers"]] : [["alerts", "hub"]],
      );
    }
    expect(() => compileRoutes({ routes: [{ from: "own", destination: "A" }] })).toThrow(
      'routes[0].from: must be "hub" or "producers", got "own"',
    );
  });

  test("shares no object with its input", () => {
    const condition = { path: "$.a", in: [1] };
    const compiled = compileRoutes({ routes: [{ destination: "A", condition }] });
    condition.in.push(2);
    expect(compiled.match({ a: 2 })).toEqual([]);
    expect(compiled.config.routes[0]?.condition).toEqual({ path: "$.a", in: [1] });
  });

  test("is refused with every fault of structure, path and pattern, each with its place", () => {
    const config = JSON.parse(`{
      "x": 1, "__proto__": {}, "defaultMaxRetries": -1, "defaultRetryDelay": { "type": "constant" },
      "destinations": { "A": { "groupSize": 0, "u": 1 }, "B": 5, "a-b": {} },
      "routes": [
        { "condition": { "allOf": [{ "path": "$[", "exact": 1 }, { "path": "$.a", "match": "(?=a)" }] } },
        { "destination": "EVENTHUB_QUEUE", "retryDelay": { "type": "zzz" }, "delaySeconds": 1.5 },
        5,
        { "name": "n", "destination": "A" },
        { "name": "n", "destination": "A", "condition": { "path": "$.ip", "cidr": ["10.0.0.0/8", "10.0.0.1/8"] } },
        { "destination": "A", "condition": { "path": "$.t", "between": { "gte": "yesterday", "lt": "2026-01-01" } } }
      ] }`);
    expect(faultsOf(config)).toEqual([
      "x: is not a known key",
      "__proto__: is not a known key",
      "defaultMaxRetries: must be an integer from 0 to 1000, got -1",
      "defaultRetryDelay.interval: is required",
      expect.stringMatching(/^destinations\.A\.groupSize: must be .*, got 0$/),
      "destinations.A.u: is not a known key",
      expect.stringMatching(/^destinations\.B: must be an object/),
      'destinations["a-b"]: must be the name of a binding (1 to 100 letters, digits and _, no digit first), got "a-b"',
      "routes[0].destination: is required",
      "routes[0].condition.allOf[0].path: is not an RFC 9535 JSONPath: unclosed bracketed selection ('$[':2)",
      "routes[0].condition.allOf[1].match: has a lookahead, which cannot be matched in linear time",
      "routes[1].destination: is the name of one of the hub's own bindings: EVENTHUB_QUEUE",
      "routes[1].delaySeconds: must be an integer from 0 to 31536000 (seconds), got 1.5",
      'routes[1].retryDelay.type: must be "constant" or "exponential", got "zzz"',
      "routes[2]: must be a route (an object), got 5",
      "routes[4].condition.cidr[1]: has bits set after its prefix of 8 bits",
      'routes[4].name: is already the name of routes[3]: "n"',
      'routes[5].condition.between.gte: must be a number or an ISO 8601 time such as 2026-11-20T08:00:00Z, got "yesterday"',
    ]);
  });

  test("refuses a name that equals the place of another route without a name", () => {
    const transform = { destination: "A", transform: "{ 'a': 1 }" };
    expect(faultsOf({ routes: [{ ...transform, name: "routes[1]" }, { destination: "B" }] })).toEqual([
      "routes[0].name: is how routes[1] is called, which has no name of its own",
    ]);
    expect(faultsOf({ routes: [{ destination: "B" }, { ...transform, name: "routes[0]" }] })).toEqual([
      'routes[1].name: is already the name of routes[0]: "routes[0]"',
    ]);
    const sound = {
      routes: [{ ...transform, name: "routes[0]" }, { destination: "B", name: "b" }, { destination: "B" }],
    };
    expect(
      compileRoutes(sound)
        .match({})
        .map(({ name }) => name),
    ).toEqual(["routes[0]", "b", "routes[2]"]);
  });

  test.each([
    { input: null, got: "null" },
    { input: [], got: "an array" },
    { input: "{}", got: '"{}"' },
    { input: undefined, got: "nothing" },
  ])("must be an object, not $got", ({ input, got }) => {
    expect(faultsOf(input)).toEqual([`: must be an object with routes, got ${got}`]);
  });

  test("lists the first faults in the message, and counts the others", () => {
    const routes = Array.from({ length: 5_000 }, () => ({ destination: "x".repeat(1_000), ["k".repeat(10_000)]: 1 }));
    try {
      compileRoutes({ routes });
      expect.unreachable();
    } catch (error) {
      const { faults, message } = error as RouteConfigError;
      expect(faults.length).toBe(10_000);
      expect(message.split("\n").length).toBe(1 + MAX_LISTED_FAULTS + 1);
      expect(message.length).toBeLessThan(25_000);
      expect(message.split("\n").at(-1)).toBe("and 9950 more faults");
    }
  });

  test.each([
    [
      "two operators",
      { path: "$.a", gte: 1, lt: 2 },
      "must have one operator, got gte and lt: put each into its own condition in an allOf",
    ],
    [
      "three operators",
      { path: "$.a", exact: 1, gte: 1, lt: 2 },
      "must have one operator, got exact, gte and lt: put each into its own condition in an allOf",
    ],
    ["no operator", { path: "$.a" }, "must have an operator, such as exact, or be allOf, anyOf or not"],
    ["an array", [], "must be a condition (an object), got an array"],
    ["ignoreCase where it means nothing", { path: "$.a", gte: 1, ignoreCase: true }, "cannot be combined with gte"],
    [
      "a quantifier of exists",
      { path: "$.a", exists: true, quantifier: "all" },
      "cannot be combined with exists, which asks whether anything is found at all",
    ],
    ["an operator of Object.prototype", { path: "$.a", toString: 1 }, "is not a known key"],
    [
      "a range without an end",
      { path: "$.a", between: { gte: 1 } },
      "must have one lower bound (gt or gte) and one upper bound (lt or lte)",
    ],
    [
      "a range of two kinds",
      { path: "$.a", between: { gte: 1, lt: "2026-01-01" } },
      "must have two bounds of one kind: numbers, or ISO 8601 times",
    ],
    ["an empty range", { path: "$.a", between: { gte: 2, lt: 1 } }, "is empty: 2 is above 1"],
    ["an infinite number", { path: "$.a", lt: Number.POSITIVE_INFINITY }, "must be a finite number, got Infinity"],
    [
      "two exclusions",
      { path: "$.a", anythingBut: { prefix: "a", suffix: "b" } },
      "must be a value, a list, or an object with one of prefix, suffix and wildcard",
    ],
  ])("refuses a condition with %s", (_, condition, message) => {
    expect(faultsOfCondition(condition).join("\n")).toContain(`: ${message}`);
  });

  test("refuses members beside allOf, anyOf and not", () => {
    expect(faultsOfCondition({ allOf: [], anyOf: [], path: "$" })).toEqual([
      "routes[0].condition.anyOf: cannot be combined with allOf: put both into an allOf",
      "routes[0].condition.path: cannot be combined with allOf: put both into an allOf",
    ]);
  });
});

describe("a limit", () => {
  const comparator = { path: "$.a", exists: true };
  const nest = (depth: number): object => {
    let condition: object = comparator;
    for (let level = 1; level < depth; level++) condition = { not: condition };
    return condition;
  };
  const limits: [string, number, (n: number) => string[]][] = [
    ["routes", MAX_ROUTES, (n) => faultsOf({ routes: new Array(n).fill({ destination: "A" }) })],
    ["the depth of a condition", MAX_CONDITION_DEPTH, (n) => faultsOfCondition(nest(n))],
    [
      "the operators of a route",
      MAX_OPERATORS_PER_ROUTE,
      (n) => faultsOfCondition({ allOf: new Array(n - 1).fill(comparator) }),
    ],
    ["the values of a list", MAX_LIST_VALUES, (n) => faultsOfCondition({ path: "$.a", in: new Array(n).fill(1) })],
    ["the length of a pattern", MAX_PATTERN_LENGTH, (n) => faultsOfCondition({ path: "$.a", match: "a".repeat(n) })],
    [
      "the length of a wildcard",
      MAX_PATTERN_LENGTH,
      (n) => faultsOfCondition({ path: "$.a", wildcard: "*".repeat(n) }),
    ],
    [
      "the length of a path",
      MAX_PATH_LENGTH,
      (n) => faultsOfCondition({ path: `$.${"a".repeat(n - 2)}`, exists: true }),
    ],
    ["the length of a name", MAX_ROUTE_NAME_LENGTH, (n) => faultsOfRoute({ name: "n".repeat(n) })],
    ["a delay", MAX_DELAY_SECONDS, (n) => faultsOfRoute({ delaySeconds: n })],
    ["retries", MAX_RETRIES, (n) => faultsOfRoute({ maxRetries: n })],
    ["a timeout", MAX_TIMEOUT_SECONDS, (n) => faultsOfRoute({ timeoutSeconds: n })],
  ];

  test.each(limits)("on %s allows %i, and refuses one more with its place and the limit", (_, limit, faults) => {
    expect(faults(limit)).toEqual([]);
    const [fault, ...others] = faults(limit + 1);
    expect(others).toEqual([]);
    expect(fault).toMatch(/^routes/);
    expect(fault).toContain(String(limit));
  });

  test("applies to a condition nested ten thousand levels deep", () => {
    expect(faultsOfCondition(nest(10_000))).toHaveLength(1);
  });
});

describe("destinationOf", () => {
  const config = parseRouteConfig({
    destinations: { ARCHIVE: { kind: "r2" } },
    routes: [{ destination: "A" }, { destination: "constructor" }],
  });

  test("finds declared destinations and those that a route names, and nothing else", () => {
    expect(destinationOf(config, "ARCHIVE")?.kind).toBe("r2");
    expect(destinationOf(config, "A")?.kind).toBe("worker");
    expect(destinationOf(config, "constructor")?.kind).toBe("worker");
    expect(destinationOf(config, "B")).toBeUndefined();
    expect(destinationOf(config, "__proto__")).toBeUndefined();
    expect(destinationOf(config, "toString")).toBeUndefined();
  });
});

test.each([
  [{ type: "constant", interval: 5, max: 3 }, "max"],
  [{ type: "exponential", base: 2, max: 600, jitter: false }, "jitter"],
])("an unknown key within a delay is refused: %j", (delay, key) => {
  expect(faultsOfRoute({ retryDelay: delay })).toEqual([`routes[0].retryDelay.${key}: is not a known key`]);
  expect(faultsOf({ defaultRetryDelay: delay, routes: [] })).toEqual([`defaultRetryDelay.${key}: is not a known key`]);
});

test("a destination's own Workflow is a binding's name, or a list of up to 16 different ones", () => {
  const faultsOfWorkflow = (workflow: unknown) =>
    faultsOf({ destinations: { A: { kind: "r2", workflow } }, routes: [] });
  const named = (n: number) => Array.from({ length: n }, (_, i) => `EVENTHUB_WORKFLOW_${i}`);
  for (const right of ["EVENTHUB_WORKFLOW_A", named(1), named(16)]) expect(faultsOfWorkflow(right)).toEqual([]);
  const kinds = "must be the name of a Workflow binding, or a list of such names";
  expect(faultsOfWorkflow(5)).toEqual([`destinations.A.workflow: ${kinds}`]);
  expect(faultsOfWorkflow({ 0: "EVENTHUB_WORKFLOW_A" })).toEqual([`destinations.A.workflow: ${kinds}`]);
  const form = 'must look like EVENTHUB_WORKFLOW_<name>, got "DISPATCH"';
  expect(faultsOfWorkflow("DISPATCH")).toEqual([`destinations.A.workflow: ${form}`]);
  expect(faultsOfWorkflow([...named(1), "DISPATCH"])).toEqual([`destinations.A.workflow[1]: ${form}`]);
  expect(faultsOfWorkflow([])).toEqual(["destinations.A.workflow: must name at least one Workflow binding"]);
  expect(faultsOfWorkflow(named(17))).toEqual([
    "destinations.A.workflow: must name at most 16 Workflow bindings, got 17",
  ]);
  expect(faultsOfWorkflow([...named(2), ...named(1)])).toEqual(["destinations.A.workflow[2]: is there twice"]);
});

test("indexes are at most ten paths of names and indexes, each to a different place", () => {
  const faultsOfIndexes = (indexes: unknown) => faultsOf({ indexes, routes: [] });
  const rule =
    'must be a JSONPath of names and indexes, without wildcards, such as "$.order.id", of at most 500 characters';
  expect(faultsOfIndexes(["$.order.id", "$['a b'][0]", "$.ä"])).toEqual([]);
  expect(parseRouteConfig({ indexes: ["$.a"], routes: [] }).indexes).toEqual(["$.a"]);
  expect(parseRouteConfig({ routes: [] }).indexes).toBeUndefined();
  expect(faultsOfIndexes("$.a")).toEqual(['indexes: must be an array of paths such as "$.order.id", got "$.a"']);
  const wrong = ["$", "$.a[*]", "$..a", "a", `$.${"a".repeat(500)}`, 17, null];
  expect(faultsOfIndexes(wrong).map((fault) => fault.split(", got ")[0])).toEqual(
    wrong.map((_, index) => `indexes[${index}]: ${rule}`),
  );
  expect(faultsOfIndexes(["$.a.b", "$.c", "$['a'][\"b\"]"])).toEqual([
    `indexes[2]: leads to the same place as indexes[0]: "$['a'][\\"b\\"]"`,
  ]);
  const many = Array.from({ length: 11 }, (_, n) => `$.a${n}`);
  expect(faultsOfIndexes(many.slice(1))).toEqual([]);
  expect(faultsOfIndexes(many)).toEqual(["indexes: must have at most 10 paths, because each slows every emit, got 11"]);
});

test("the rules of health have defaults, apply to each destination, and must be within their bounds and consistent", () => {
  const config = parseRouteConfig({
    health: { windowSeconds: 900, degradedBelow: 0.9 },
    destinations: { A: { health: { leastResults: 5 } }, B: {} },
    routes: [],
  });
  const rules = {
    windowSeconds: 900,
    leastResults: 1,
    failingBelow: 0.5,
    degradedBelow: 0.9,
    manyFailures: 50,
    degradedBelowWithMany: 0.99,
  };
  expect(storedHealthRules(config)).toEqual([
    { ...rules, alertResults: 20 },
    { ...rules, destination: "A", leastResults: 5, alertResults: 5 },
  ]);
  expect([healthRulesOf(config, "A").leastResults, healthRulesOf(config, "B"), healthRulesOf(config, "C")]).toEqual([
    5,
    rules,
    rules,
  ]);
  expect(storedHealthRules(parseRouteConfig({ routes: [] }))).toEqual([{ ...DEFAULT_HEALTH, alertResults: 20 }]);
  expect(
    storedHealthRules(
      parseRouteConfig({
        health: { leastResults: 1 },
        destinations: { A: { health: { windowSeconds: 60 } } },
        routes: [],
      }),
    ).map(({ alertResults }) => alertResults),
  ).toEqual([1, 1]);
  expect(
    faultsOf({
      health: { windowSeconds: 59, leastResults: 0, failingBelow: "half", degradedBelow: 95, oops: 1 },
      destinations: { A: { health: { windowSeconds: 86_401, manyFailures: 1.5 } } },
      routes: [],
    }),
  ).toEqual([
    "health.windowSeconds: must be an integer from 60 to 86400 (seconds), got 59",
    "health.leastResults: must be an integer from 1 to 1000000, got 0",
    'health.failingBelow: must be a number from 0 to 1, got "half"',
    "health.degradedBelow: must be a number from 0 to 1, got 95",
    "health.oops: is not a known key",
    "destinations.A.health.windowSeconds: must be an integer from 60 to 86400 (seconds), got 86401",
    "destinations.A.health.manyFailures: must be an integer from 1 to 1000000, got 1.5",
  ]);
  // Told where it is written, and once.
  expect(
    faultsOf({
      health: { failingBelow: 0.96 },
      destinations: { A: { health: { leastResults: 2 } }, B: { health: { degradedBelow: 0.9 } } },
      routes: [],
    }),
  ).toEqual([
    "health.failingBelow: must be at most degradedBelow, 0.95, got 0.96",
    "destinations.B.health.degradedBelow: must be at least failingBelow, 0.96, got 0.9",
  ]);
});

test("every object of a configuration refuses unknown keys", () => {
  const full = {
    destinations: {
      A: { kind: "worker", breaker: { failures: 1 }, health: { leastResults: 1 } },
      HOOK: { kind: "webhook", url: "https://example.com/", secrets: ["KEY"] },
    },
    defaultRetryDelay: { type: "constant", interval: 1 },
    retention: { payloadDays: 1 },
    health: { failingBelow: 0.1 },
    cloudEvents: { source: "/a" },
    routes: [
      {
        destination: "A",
        retryDelay: { type: "exponential", base: 1, max: 2 },
        condition: {
          allOf: [
            { anyOf: [{ not: { path: "$.a", anythingBut: { prefix: "a" } } }] },
            { path: "$.b", between: { gte: 1, lt: 2 } },
            { path: "$.c", length: { gte: 1 } },
          ],
        },
      },
    ],
  };
  expect(faultsOf(full)).toEqual([]);
  for (const place of objectsOf(full)) {
    const copy = structuredClone(full);
    const target = place.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
    target.oops = 1;
    expect([place.join("."), faultsOf(copy)]).not.toEqual([place.join("."), []]);
  }
});

/** The path to each object in a value, except to the destinations, whose keys are names. */
function objectsOf(value: unknown, place: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, member]) => objectsOf(member, [...place, key]));
  return Array.isArray(value) || place.join(".") === "destinations" ? inner : [place, ...inner];
}
