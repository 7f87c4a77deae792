import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPERATOR_NAMES } from "../../../schema/config/operands.ts";
import type { RouteInput } from "../../../schema/config/routes.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import { compilePath } from "../../../workers/hub/routing/path/path.ts";
import { randomizer } from "../../bench/routing/rules.ts";
import { cases } from "../../support/cases.ts";
import { naiveMatch } from "../../support/naive-matcher.ts";
import { payload, spelledRoutes } from "./arbitraries.ts";
import { routesAbout } from "./routes-about.ts";
import { SPELLINGS } from "./spellings.ts";

const kinds: readonly { examples: readonly EventPayload[] }[] = createRequire(import.meta.url)(
  "@octokit/webhooks-examples",
);
/** Real payloads of GitHub's webhooks. */
const REAL = kinds.flatMap(({ examples }) => examples);

/** The failing comparators are compared only for every n-th payload, since there are thousands. */
const BLAME_EVERY = 20;

/** Finds where the whole configuration and a configuration with one route alone differ, and counts the matches. */
function compareWithParts(routes: readonly RouteInput[], payloads: readonly EventPayload[]) {
  const whole = compileRoutes({ routes });
  const parts = routes.map((route) => compileRoutes({ routes: [route] }));
  const differences: string[] = [];
  let matches = 0;
  for (const [number, one] of payloads.entries()) {
    const matched = whole.match(one).map(({ name }) => name);
    const explained = whole.explain(one);
    const alone = parts.flatMap((part, index) => (part.match(one).length > 0 ? [`routes[${index}]`] : []));
    matches += alone.length;
    const explainedAs = explained.flatMap(({ name, matched }) => (matched ? [name] : []));
    if (matched.join() !== alone.join()) differences.push(`payload ${number}: ${matched} match, alone ${alone}`);
    if (explainedAs.join() !== alone.join()) differences.push(`payload ${number}: ${explainedAs} said, alone ${alone}`);
    if (number % BLAME_EVERY > 0) continue;
    for (const [index, part] of parts.entries()) {
      const [whole, own] = [explained[index]?.failed, part.explain(one)[0]?.failed].map((failed) => {
        return JSON.stringify(failed?.map(({ at: _, ...comparator }) => comparator));
      });
      if (whole !== own) differences.push(`payload ${number}: routes[${index}] since ${whole}, alone ${own}`);
    }
  }
  return { differences, matches };
}

describe("a route among hundreds in one configuration", () => {
  test("matches and explains the same as alone, whatever the other routes and the spelling of paths", () => {
    let matched = 0;
    fc.assert(
      fc.property(spelledRoutes, fc.array(payload, { minLength: 20, maxLength: 40, size: "max" }), (routes, some) => {
        const { differences, matches } = compareWithParts(routes, some);
        expect(differences).toEqual([]);
        matched += matches;
      }),
      { ...cases(6), endOnFailure: true },
    );
    expect(matched).toBeGreaterThan(1_000);
  });

  test("matches and explains the same as alone for 329 real payloads", () => {
    expect(REAL).toHaveLength(329);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const routes = routesAbout(REAL, 400, randomizer(seed));
        const text = JSON.stringify(routes);
        expect(OPERATOR_NAMES.filter((operator) => !text.includes(`"${operator}":`))).toEqual([]);
        const { differences, matches } = compareWithParts(routes, REAL);
        expect(differences).toEqual([]);
        expect(matches).toBeGreaterThan(10_000);
      }),
      { ...cases(1), endOnFailure: true },
    );
  });

  test("still matches if a later route spells its path differently, among 16 paths", () => {
    const others = Array.from({ length: 14 }, (_, n) => ({ path: `$.other${n}`, exact: 1 }));
    const routesOn = (one: string, other: string) =>
      compileRoutes({
        routes: [{ path: one, exact: "order.paid" }, { path: other, prefix: "order." }, ...others].map((comparator) => {
          return { destination: "A", condition: comparator };
        }),
      });
    const names = (routes: ReturnType<typeof routesOn>, payload: EventPayload) =>
      routes.match(payload).map(({ name }) => name);
    const both = ["routes[0]", "routes[1]"];
    expect(names(routesOn("$.kind", "$['kind']"), { kind: "order.paid" })).toEqual(both);
    expect(names(routesOn("$['kind']", '$["\\u006bind"]'), { kind: "order.paid" })).toEqual(both);
    expect(names(routesOn("$.kinds[*]", "$.kinds.*"), { kinds: ["order.paid"] })).toEqual(both);
    expect(names(routesOn("$.kinds[0]", "$.kinds[ 0 ]"), { kinds: ["order.paid"] })).toEqual(both);
  });

  test("still matches if its own alternatives spell one path in two ways", () => {
    const anyOf = [
      { path: "$.kind", exact: "order.paid" },
      { path: "$['kind']", exact: "order.sent" },
      ...Array.from({ length: 14 }, (_, n) => ({ path: `$.other${n}`, exact: 1 })),
    ];
    const routes = compileRoutes({ routes: [{ destination: "A", condition: { anyOf } }] });
    const matches = (kind: string) => routes.match({ kind }).length;
    expect(["order.paid", "order.sent", "order.lost"].map(matches)).toEqual([1, 1, 0]);
  });

  test.each([
    [{ exact: "a" }, { in: ["a"] }, { wildcard: "a" }, { match: "^a$" }],
    [{ exact: "A", ignoreCase: true }, { equalsIgnoreCase: "a" }, { in: ["a", "A"], ignoreCase: true }],
    [{ exact: 0 }, { exact: -0 }, { in: [-0, 0] }, { exact: 0, quantifier: "all" }],
    [{ prefix: "a" }, { wildcard: "a*" }, { match: "^a" }],
    [{ lt: 1 }, { lt: 1.0 }, { not: { not: { lt: 1 } } }],
    [{ cidr: "10.0.0.0/8" }, { cidr: ["10.0.0.0/8"] }, { cidr: "::ffff:10.0.0.0/104" }],
    [{ in: ["a", 1, null] }, { in: [null, 1, "a", "a"] }],
  ])("means the same as its other spellings: %j", (...rules) => {
    const withPath = (rule: object): object =>
      "not" in rule ? { not: withPath(rule.not as object) } : { path: "$.v", ...rule };
    const routes = rules.map((rule) => ({ destination: "A", condition: withPath(rule) }));
    const values = [
      "a",
      "A",
      "ab",
      "b",
      "10.1.2.3",
      "::ffff:10.1.2.3",
      "11.0.0.1",
      0,
      -0,
      1,
      0.5,
      null,
      true,
      ["a"],
      [0],
      {},
    ];
    const whole = compileRoutes({ routes });
    const found = values.map((v) => whole.match({ v }).length);
    expect(new Set(found)).toEqual(new Set([0, rules.length]));
  });

  test("finds members whose names are special in JavaScript, JSONPath or a library", () => {
    const names = [
      ..."#~@$*'\"\\\n0.".split(""),
      ...[
        "",
        "__proto__",
        "constructor",
        "prototype",
        "toString",
        "valueOf",
        "toJSON",
        "then",
        "length",
        "size",
        "-1",
        "[0]",
      ],
      ...["hasOwnProperty", "__defineGetter__", "a.b", "\u2028"],
    ];
    const routes = names.flatMap((name) => {
      const key = `[${JSON.stringify(name)}]`;
      const paths = [`$${key}`, `$.o${key}[1]${key}`, `$.o[*][1]${key}`, `$..${key}`, `$[?@${key}]`];
      return paths.map((path) => ({ destination: "A", condition: { path, exists: true } }));
    });
    const payloads = ["other", ...names].map((name) => {
      const key = JSON.stringify(name);
      return JSON.parse(`{${key}:{"x":1},"o":{${key}:[1,{${key}:null}]}}`) as EventPayload;
    });
    expect(compareWithParts(routes, payloads).differences).toEqual([]);
    const { config, match } = compileRoutes({ routes });
    for (const one of payloads) {
      expect(match(one).map(({ name }) => name)).toEqual(naiveMatch(config, one).map((index) => `routes[${index}]`));
    }
    // Five paths lead to each name, and none to those of the others.
    expect(payloads.map((one) => match(one).length)).toEqual([0, ...names.map(() => 5)]);
  });

  test.each(SPELLINGS)("shares one path for all spellings of %s", (...spellings) => {
    const keys = spellings.map((spelling) => compilePath(`$.x${spelling}`, 0).key);
    expect(new Set(keys).size).toBe(1);
    // They have one meaning, and no other segment shares it.
    const others = SPELLINGS.flatMap(([other = ""]) => (spellings.includes(other) ? [] : [other]));
    expect(others.map((other) => compilePath(`$.x${other}`, 0).key)).not.toContain(keys[0]);
  });
});
