import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RouteConfigError } from "../../../schema/config/faults.ts";
import type { EventPayload } from "../../../schema/contract/index.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";
import { cases } from "../../support/cases.ts";
import { naiveMatch } from "../../support/naive-matcher.ts";
import { crowdedRoutes, routes as manyRoutes, payload } from "./arbitraries.ts";

describe("the matcher", () => {
  test.each([
    { title: "over many paths", some: manyRoutes },
    { title: "over two crowded paths", some: crowdedRoutes },
  ])("finds and explains the same routes as a naive matcher, $title", ({ some }) => {
    fc.assert(
      fc.property(some, fc.array(payload, { minLength: 1, maxLength: 8, size: "max" }), (routes, payloads) => {
        const compiled = compileRoutes({ routes });
        for (const one of payloads) {
          const expected = naiveMatch(compiled.config, one).map((index) => `routes[${index}]`);
          expect(compiled.match(one).map(({ name }) => name)).toEqual(expected);
          const explained = compiled.explain(one).filter(({ matched }) => matched);
          expect(explained.map(({ name }) => name)).toEqual(expected);
        }
      }),
      cases(200),
    );
  });

  test("never throws, whatever the payload contains", () => {
    const compiledOf = manyRoutes.map((routes) => compileRoutes({ routes }));
    fc.assert(
      fc.property(compiledOf, fc.dictionary(fc.string(), fc.jsonValue()), (compiled, one) => {
        const matched = compiled.match(one as EventPayload).map(({ name }) => name);
        const explained = compiled.explain(one as EventPayload).filter(({ matched }) => matched);
        expect(explained.map(({ name }) => name)).toEqual(matched);
      }),
      cases(200),
    );
  });
});

describe("compileRoutes", () => {
  const key = fc.constantFrom(
    ...[
      "path",
      "exact",
      "in",
      "match",
      "allOf",
      "anyOf",
      "not",
      "anythingBut",
      "between",
      "length",
      "cidr",
      "wildcard",
      "exists",
      "prefix",
    ],
    ...[
      "ignoreCase",
      "quantifier",
      "gte",
      "lt",
      "__proto__",
      "constructor",
      "toString",
      "destination",
      "condition",
      "routes",
      "name",
    ],
    ...[
      "destinations",
      "defaultRetryDelay",
      "retryDelay",
      "type",
      "interval",
      "base",
      "max",
      "enabled",
      "delaySeconds",
    ],
  );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(
      "$",
      "$.a",
      "$..a..b",
      "$[?@.a",
      "A",
      "any",
      "(",
      "constant",
      "\\",
      "10.0.0.0/8",
      "2026-01-01",
      undefined,
    ),
    fc.constantFrom<unknown>(
      0,
      -1,
      1.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2n,
      Symbol("s"),
      () => 1,
      null,
      true,
      new Date(0),
    ),
    fc.string(),
  );
  const { anything } = fc.letrec((tie) => ({
    anything: fc.oneof(
      { depthSize: "medium" },
      leaf,
      fc.array(tie("anything"), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie("anything")), { maxLength: 5 }).map((members) => {
        const object = {};
        for (const [name, value] of members)
          Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
        return object;
      }),
    ),
  }));

  function refuses(input: unknown): void {
    try {
      compileRoutes(input);
    } catch (error) {
      expect(error).toBeInstanceOf(RouteConfigError);
      const { faults, message } = error as RouteConfigError;
      expect(faults.length).toBeGreaterThan(0);
      expect(message.length).toBeLessThan(25_000);
    }
  }

  test("throws only its own error for any input", () => {
    fc.assert(fc.property(anything, refuses), cases(1_000));
  });

  test("throws only its own error for any condition", () => {
    const routes = fc.array(fc.record({ destination: fc.constant("A"), condition: anything }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(routes, (some) => refuses({ routes: some })),
      cases(1_000),
    );
  });

  test("throws only its own error for any pattern, path or block of addresses", () => {
    const fragment = fc.constantFrom(
      ..."()[]{}|^$*+?.\\-,:=!<>/@&'\"#~ \n0123456789abcdefABPpuxkK😀".split(""),
      "(?",
      "\\u",
      "[^",
      "..",
      "?@",
      "$.",
    );
    const source = fc.oneof(fc.string({ unit: fragment, maxLength: 30 }), fc.string({ unit: "binary", maxLength: 30 }));
    fc.assert(
      fc.property(source, source, fc.constantFrom("match", "wildcard", "cidr", "exact"), (path, operand, operator) => {
        refuses({ routes: [{ destination: "A", condition: { path: `$${path}`, [operator]: operand } }] });
        refuses({ routes: [{ destination: "A", condition: { path: "$.a", [operator]: operand } }] });
      }),
      cases(1_000),
    );
  });
});
