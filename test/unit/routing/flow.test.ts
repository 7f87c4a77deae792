import { createHash } from "node:crypto";
import { describe, expect, expectTypeOf, test } from "vitest";
import { explainText } from "../../../infra/cli/routes/explain-text.ts";
import { flowRulesOf } from "../../../schema/config/destinations/flow.ts";
import { DESTINATION_KINDS, type DestinationInput } from "../../../schema/config/destinations/index.ts";
import { destinationOf } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import {
  HASHED_FLOW_KEY_LENGTH,
  MAX_BURST,
  MAX_CONCURRENCY,
  MAX_FLOW_KEY_LENGTH,
  MAX_PATH_LENGTH,
  MAX_RATE_LIMIT,
  MAX_RATE_SECONDS,
  MAX_REFILL_DAYS,
  MAX_WEIGHT,
  MAX_WEIGHTS,
  MIN_RATE_LIMIT,
  MIN_WEIGHT,
} from "../../../schema/vocabulary/limits.ts";
import { compileRoutes, RouteConfigError } from "../../../workers/hub/routing/index.ts";

function faultsOf(destination: unknown): string[] {
  try {
    compileRoutes({ destinations: { X: destination }, routes: [] });
  } catch (error) {
    if (!(error instanceof RouteConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path.replace(/^destinations\.X\.?/, "")}: ${message}`);
  }
  return [];
}

/** The settings that a kind requires. */
const WEBHOOK = { url: "https://a.example.com", secrets: ["S"] };
const declared = (kind: string) => (kind === "webhook" ? { kind, ...WEBHOOK } : { kind });

const ALL = {
  limits: [
    { rate: { limit: 100, perSeconds: 1, burst: 20 }, concurrency: 50 },
    { key: "$.customer.id", rate: { limit: 0.5, perSeconds: 60 }, concurrency: 2, weights: { "big corp": 4 } },
  ],
  order: { key: "$['order'][0]", onFailure: "hold" },
  cooldown: "key",
} satisfies Partial<DestinationInput>;

describe("limits and an order", () => {
  test.each(Object.keys(DESTINATION_KINDS))("can be set for a %s, with a default burst of 1", (kind) => {
    const { config } = compileRoutes({ destinations: { X: { ...declared(kind), ...ALL } }, routes: [] });
    const [all, each] = ALL.limits;
    expect(config.destinations.X).toMatchObject({
      kind,
      limits: [all, { ...each, rate: { limit: 0.5, perSeconds: 60, burst: 1 } }],
      order: ALL.order,
      cooldown: "key",
    });
  });

  test("become the rules that the database's functions accept", () => {
    const rulesOf = (destination: object) =>
      JSON.stringify(
        flowRulesOf(destinationOf(compileRoutes({ destinations: { X: destination }, routes: [] }).config, "X")),
      );
    expect(JSON.parse(rulesOf(ALL))).toEqual({
      rate: { limit: 100, perSeconds: 1, burst: 20 },
      concurrency: 50,
      key: { rate: { limit: 0.5, perSeconds: 60, burst: 1 }, concurrency: 2, weights: { "big corp": 4 } },
      hold: true,
    });
    expect(rulesOf({ limits: [{ key: "$.a", weights: {} }] })).toBe('{"key":{"weights":{}}}');
    expect(rulesOf({ limits: [{ concurrency: 3 }], order: { key: "$", onFailure: "skip" } })).toBe('{"concurrency":3}');
    expect(rulesOf({ order: { key: "$.a", onFailure: "hold" } })).toBe('{"hold":true}');
    expect(rulesOf({ order: { key: "$.a", onFailure: "skip" } })).toBe("{}");
    // As own members, since names from a prototype are valid keys, too.
    expect(rulesOf({ limits: [{ key: "$.a", weights: JSON.parse('{"__proto__":2,"constructor":3}') }] })).toBe(
      '{"key":{"weights":{"__proto__":2,"constructor":3}}}',
    );
  });

  test("have no rules if none are configured", () => {
    const { config } = compileRoutes({ destinations: { X: {} }, routes: [{ destination: "Y" }] });
    expect(["X", "Y", "Z"].map((name) => flowRulesOf(destinationOf(config, name)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("accept values at their limits", () => {
    const each = { key: "$.a", rate: { limit: MAX_RATE_LIMIT, perSeconds: MAX_RATE_SECONDS, burst: MAX_BURST } };
    const all = { rate: { limit: MIN_RATE_LIMIT, perSeconds: 1, burst: 31_536 }, concurrency: MAX_CONCURRENCY };
    const weights = Object.fromEntries(
      Array.from({ length: MAX_WEIGHTS }, (_, n) => [
        `${n}${"😀".repeat(MAX_FLOW_KEY_LENGTH - `${n}`.length)}`,
        MAX_WEIGHT,
      ]),
    );
    expect(faultsOf({ limits: [each, all], cooldown: "destination" })).toEqual([]);
    expect(faultsOf({ limits: [{ key: "$.a", weights: { ...weights, 0: MIN_WEIGHT } }] })).toEqual([
      `limits[0].weights: must have at most ${MAX_WEIGHTS} keys, got ${MAX_WEIGHTS + 1}`,
    ]);
    expect(faultsOf({ limits: [{ key: "$.a", weights }] })).toEqual([]);
  });
});

describe("a fault of limits or an order is told with its place:", () => {
  const rate = (given: object) => ({ limits: [{ rate: { limit: 1, perSeconds: 1, ...given } }] });
  const keyed = (given: object) => ({ limits: [{ concurrency: 1 }, { key: "$.a", ...given }] });
  const order = (given: object) => ({ order: { key: "$.a", onFailure: "skip", ...given } });
  const limits = (...given: unknown[]) => ({ limits: given });
  const one = { concurrency: 1 };

  test.each<[string, object, string[]]>([
    ["limits that are none", { limits: one }, ["limits: must be an array of limits, got an object"]],
    ["no limit", limits(), ["limits: must have at least one limit; leave it out if you want none"]],
    ["a limit that is none", limits(5), ["limits[0]: must be an object, got 5"]],
    ["an empty limit", limits({}), ["limits[0]: must have a rate or a concurrency"]],
    ["a key alone", keyed({}), ["limits[1]: must have a rate, a concurrency or weights: {} for turns alone"]],
    ["an unknown key", limits({ ...one, throttle: 1 }), ["limits[0].throttle: is not a known key"]],
    [
      "a third limit",
      limits({ key: "$.a", ...one }, one, one),
      ["limits[2]: is a second limit without a key, after limits[1]: there can be only one"],
    ],
    [
      "two keys",
      limits({ key: "$.a", ...one }, { key: "$.b", ...one }),
      ["limits[1]: is a second limit with a key, after limits[0]: there can be only one"],
    ],
    [
      "weights without a key",
      limits({ ...one, weights: {} }),
      ["limits[0].weights: needs a key: weights belong to keys"],
    ],
    [
      "a concurrency of 0",
      limits({ concurrency: 0 }),
      ["limits[0].concurrency: must be an integer from 1 to 10000, got 0"],
    ],
    ["a rate that is a number", limits({ rate: 5 }), ["limits[0].rate: must be an object, got 5"]],
    [
      "a rate without its parts",
      limits({ rate: {} }),
      ["limits[0].rate.limit: is required", "limits[0].rate.perSeconds: is required"],
    ],
    ["a rate of 0", rate({ limit: 0 }), ["limits[0].rate.limit: must be a number from 0.001 to 100000, got 0"]],
    [
      "no number",
      rate({ limit: Number.NaN }),
      ["limits[0].rate.limit: must be a number from 0.001 to 100000, got NaN"],
    ],
    [
      "a fraction of a second",
      rate({ perSeconds: 0.5 }),
      ["limits[0].rate.perSeconds: must be an integer from 1 to 86400 (seconds), got 0.5"],
    ],
    ["a burst of 0", rate({ burst: 0 }), ["limits[0].rate.burst: must be an integer from 1 to 100000, got 0"]],
    ["an unknown key of a rate", rate({ period: 1 }), ["limits[0].rate.period: is not a known key"]],
    [
      "a burst that takes longer than a year",
      rate({ limit: MIN_RATE_LIMIT, burst: 31_537 }),
      [
        `limits[0].rate: must allow the whole burst again within ${MAX_REFILL_DAYS} days, but burst x perSeconds / limit is more`,
      ],
    ],
    ["an empty path", keyed({ key: "", ...one }), ['limits[1].key: must be a JSONPath such as $.customer.id, got ""']],
    [
      "a long path",
      keyed({ key: "$".padEnd(MAX_PATH_LENGTH + 1, ".a"), ...one }),
      [`limits[1].key: must have at most ${MAX_PATH_LENGTH} characters, got ${MAX_PATH_LENGTH + 1}`],
    ],
    [
      "no path",
      keyed({ key: "customer", ...one }),
      [expect.stringMatching(/^limits\[1\]\.key: is not an RFC 9535 JSONPath: .*; a path starts with \$$/) as never],
    ],
    ...["$.a[*]", "$..a", "$.a[?@.b]", "$.a[0:1]", "$['a','b']"].map((key): [string, object, string[]] => [
      `${key}, which may find several values`,
      { ...keyed({ key, ...one }), ...order({ key }) },
      [
        "limits[1].key: may find several values: a key has names and indices only, such as $.customer.id",
        "order.key: may find several values: a key has names and indices only, such as $.customer.id",
      ],
    ]),
    [
      "weights that are none",
      keyed({ weights: [1] }),
      ["limits[1].weights: must be an object of numbers by key, got an array"],
    ],
    [
      "weights that are not",
      keyed({ weights: { a: 0, b: "1", c: 1_001, d: 1 } }),
      [
        "limits[1].weights.a: must be a number from 0.001 to 1000, got 0",
        'limits[1].weights.b: must be a number from 0.001 to 1000, got "1"',
        "limits[1].weights.c: must be a number from 0.001 to 1000, got 1001",
      ],
    ],
    [
      "weights of what is no key",
      keyed({ weights: { ["x".repeat(MAX_FLOW_KEY_LENGTH + 1)]: 1, "\0": 1, "\ud800": 1 } }),
      [
        `limits[1].weights.${"x".repeat(MAX_FLOW_KEY_LENGTH + 1)}: is not a key: a key has at most 200 characters; longer ones are hashed`,
        'limits[1].weights["\\u0000"]: is not a key: Postgres cannot store it',
        'limits[1].weights["\\ud800"]: is not a key: Postgres cannot store it',
      ],
    ],
    ["an order that is a path", { order: "$.a" }, ['order: must be an object, got "$.a"']],
    [
      "an order that says nothing of failures",
      { order: { key: "$.a" } },
      [
        'order.onFailure: is required, and must be "hold" or "skip": when one has failed for good, whether the rest of its key waits for an operator or goes on',
      ],
    ],
    [
      "an order that says something else",
      order({ onFailure: "stop" }),
      [
        'order.onFailure: must be "hold" or "skip": when one has failed for good, whether the rest of its key waits for an operator or goes on; got "stop"',
      ],
    ],
    ["an order without a key", { order: { onFailure: "hold" } }, ["order.key: is required"]],
    ["an unknown key of an order", order({ by: 1 }), ["order.by: is not a known key"]],
    ["a cooldown of nothing", { cooldown: "destination" }, ["cooldown: needs limits or an order"]],
    ["another cooldown", { ...limits(one), cooldown: "all" }, ['cooldown: must be "key" or "destination", got "all"']],
    [
      "a cooldown of keys that are none",
      { ...limits(one), ...order({}), cooldown: "key" },
      ['cooldown: must be "destination", because no limit has a key'],
    ],
  ])("%s", (_, destination, faults) => {
    expect(faultsOf(destination)).toEqual(faults);
  });

  test("all faults at once, beside other faults", () => {
    expect(faultsOf({ groupSize: 0, limits: [{ key: "$[", concurrency: 1 }], order: {}, cooldown: "x" })).toEqual([
      expect.stringMatching(/^groupSize: must be /),
      "order.key: is required",
      expect.stringMatching(/^order\.onFailure: is required/),
      'cooldown: must be "key" or "destination", got "x"',
    ]);
    expect(faultsOf({ limits: [{ key: "$[", concurrency: 1 }], order: { key: "a", onFailure: "hold" } })).toEqual([
      expect.stringMatching(/^limits\[0\]\.key: is not an RFC 9535 JSONPath/),
      expect.stringMatching(/^order\.key: is not an RFC 9535 JSONPath/),
    ]);
  });
});

describe("the keys of a dispatch", () => {
  const destinations = {
    LIMITED: { limits: [{ concurrency: 9 }, { key: "$.a", concurrency: 1 }] },
    ORDERED: { order: { key: "$.a", onFailure: "skip" } },
    BOTH: { limits: [{ key: "$.b[-1]", concurrency: 1 }], order: { key: "$.a", onFailure: "hold" } },
    WHOLE: { limits: [{ concurrency: 1 }] },
    FREE: {},
  } as const;
  const routes = compileRoutes({
    destinations,
    routes: [...Object.keys(destinations), "OTHER"].map((destination) => ({ destination })),
  });
  const keysOf = (destination: string, payload: EventPayload) => {
    const route = routes.match(payload).find((matched) => matched.destination === destination);
    if (route === undefined) throw new Error(`no route to ${destination}`);
    const { flowKey, orderKey } = routes.policyOf(route, payload);
    return [flowKey, orderKey];
  };

  test("come from the keyed limit and from the order, and are null without them", () => {
    const payload = { a: "x", b: ["y", "z"] };
    expect(["LIMITED", "ORDERED", "BOTH", "WHOLE", "FREE", "OTHER"].map((name) => keysOf(name, payload))).toEqual([
      ["x", null],
      ["", "x"],
      ["z", "x"],
      ["", null],
      [null, null],
      [null, null],
    ]);
  });

  const key = (value: unknown) => keysOf("BOTH", { a: value, b: [value] } as EventPayload);
  test.each<[string, unknown, string]>([
    ["a string", "cust-17", "cust-17"],
    ["a string of spaces, quotes and letters of all kinds", ` "é😀" `, ` "é😀" `],
    ["an empty string, which is the shared key", "", ""],
    ["null, too", null, ""],
    ["a number", 17, "17"],
    ["a fraction", -0.5, "-0.5"],
    ["minus zero", -0, "0"],
    ["a large number", 1e21, "1e+21"],
    ["true", true, "true"],
    ["false", false, "false"],
    ["an array", [1, "a", null], '[1,"a",null]'],
    ["an object, whatever the order of its members", { id: 1, "": [{ b: 1, a: 2 }] }, '{"":[{"a":2,"b":1}],"id":1}'],
    ["an object with a member of an odd name", JSON.parse('{"b":1,"__proto__":2}'), '{"__proto__":2,"b":1}'],
    ["what Postgres cannot store", "a\0b\ud800", "a\ufffdb\ufffd"],
  ])("can come from %s", (_, value, expected) => {
    expect(key(value)).toEqual([expected, expected]);
  });

  test("are the shared key if nothing is found", () => {
    for (const payload of [{}, { a: undefined }, { b: [] }, { b: { 0: "x" } }, { b: "x" }] as EventPayload[])
      expect(keysOf("BOTH", payload)).toEqual(["", ""]);
  });

  test("named like members of prototypes are data", () => {
    const { match, policyOf } = compileRoutes({
      destinations: { X: { order: { key: "$.constructor", onFailure: "hold" } } },
      routes: [{ destination: "X" }],
    });
    const keyOf = (payload: EventPayload) => match(payload).map((route) => policyOf(route, payload).orderKey);
    expect([keyOf({}), keyOf(JSON.parse('{"constructor":"c"}'))]).toEqual([[""], ["c"]]);
  });

  test("are unchanged up to 200 characters, and hashed beyond that", () => {
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const longest = "😀".repeat(MAX_FLOW_KEY_LENGTH);
    const longer = `${longest}x`;
    expect(key(longest)).toEqual([longest, longest]);
    expect(key(longer)[0]).toBe(`${"😀".repeat(HASHED_FLOW_KEY_LENGTH)}~${sha256(longer)}`);
    const list = Array.from({ length: 1_000 }, (_, n) => n);
    const text = JSON.stringify(list);
    expect(key(list)[1]).toBe(`${text.slice(0, HASHED_FLOW_KEY_LENGTH)}~${sha256(text)}`);
    // The same visible part, but two keys.
    expect(key(`${longer}y`)[0]).not.toBe(key(longer)[0]);
  });

  test("are looked up once per payload and destination", () => {
    let reads = 0;
    const payload = {
      get a() {
        reads++;
        return "x";
      },
    };
    const { match, policyOf } = compileRoutes({
      destinations: { X: { order: { key: "$.a", onFailure: "hold" } } },
      routes: [{ destination: "X" }, { destination: "X" }],
    });
    expect(match(payload).map((route) => policyOf(route, payload).orderKey)).toEqual(["x", "x"]);
    expect(reads).toBe(1);
  });

  test("are part of the policy that a route gives a dispatch", () => {
    const [route] = routes.match({ a: "x" });
    if (route === undefined) throw new Error("no route");
    expect(routes.policyOf(route, { a: "x" })).toEqual({
      destination: "LIMITED",
      route: "routes[0]",
      maxRetries: 5,
      retryDelay: { type: "constant", interval: 5 },
      timeoutSeconds: 30,
      transformed: false,
      flowKey: "x",
      orderKey: null,
    });
  });
});

test("an explanation has the keys of matching routes, and the command prints them", () => {
  const destinations = {
    BOTH: { limits: [{ key: "$.customer", concurrency: 1 }], order: { key: "$.order", onFailure: "hold" } },
    ORDERED: { order: { key: "$.order", onFailure: "skip" } },
    WHOLE: { limits: [{ concurrency: 1 }] },
  };
  const { explain } = compileRoutes({
    destinations,
    routes: [
      ...Object.keys(destinations).map((destination) => ({ destination })),
      { name: "other", destination: "BOTH", condition: { path: "$.kind", exact: "x" } },
    ],
  });
  const explained = explain({ customer: "ada\nb" });
  expect(explained.map(({ keys }) => keys)).toEqual([
    { limits: "ada\nb", order: "" },
    { order: "" },
    undefined,
    undefined,
  ]);
  expect(explainText(explained).split("\n")).toEqual([
    "match     routes[0] -> BOTH",
    '            limits: key "ada\\nb"',
    "            order: the shared key, since its own is missing, null or empty",
    "match     routes[1] -> ORDERED",
    "            order: the shared key, since its own is missing, null or empty",
    "match     routes[2] -> WHOLE",
    "no match  other -> BOTH",
    '            routes[3].condition: $.kind exact "x": found nothing',
    "3 of 4 routes match",
  ]);
});

test("the types of every kind of destination accept limits and an order", () => {
  expectTypeOf<typeof ALL>().toExtend<Pick<DestinationInput, "limits" | "order" | "cooldown">>();
  expectTypeOf<{ key: string }>().not.toExtend<NonNullable<DestinationInput["order"]>>();
  expectTypeOf<{ limit: number }>().not.toExtend<
    NonNullable<NonNullable<DestinationInput["limits"]>[number]["rate"]>
  >();
});
