import { describe, expect, test } from "vitest";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";

describe("explain", () => {
  test("shows for every route whether it matched, and which comparators failed on which values", () => {
    const { explain } = compileRoutes({
      routes: [
        { name: "yes", destination: "A", condition: { path: "$.kind", exact: "order" } },
        {
          destination: "B",
          condition: {
            allOf: [
              { path: "$.kind", exact: "order" },
              { not: { path: "$.items[*].price", gte: 10 } },
              { path: "$.user.id", in: [1, 2] },
            ],
          },
        },
        { destination: "C", enabled: false },
        {
          destination: "D",
          condition: {
            anyOf: [
              { path: "$.kind", prefix: "X", ignoreCase: true },
              { path: "$.items[*].price", lt: 3, quantifier: "all" },
            ],
          },
        },
        { destination: "E" },
      ],
    });
    expect(explain({ kind: "order", items: [{ price: 3 }, { price: 12 }] })).toEqual([
      { name: "yes", destination: "A", enabled: true, matched: true, failed: [] },
      {
        name: "routes[1]",
        destination: "B",
        enabled: true,
        matched: false,
        failed: [
          {
            at: "routes[1].condition.allOf[1].not",
            path: "$.items[*].price",
            operator: "gte",
            operand: 10,
            ignoreCase: false,
            quantifier: "any",
            negated: true,
            found: ["3", "12"],
            foundCount: 2,
          },
          {
            at: "routes[1].condition.allOf[2]",
            path: "$.user.id",
            operator: "in",
            operand: [1, 2],
            ignoreCase: false,
            quantifier: "any",
            negated: false,
            found: [],
            foundCount: 0,
          },
        ],
      },
      { name: "routes[2]", destination: "C", enabled: false, matched: false, failed: [] },
      {
        name: "routes[3]",
        destination: "D",
        enabled: true,
        matched: false,
        failed: [
          {
            at: "routes[3].condition.anyOf[0]",
            path: "$.kind",
            operator: "prefix",
            operand: "X",
            ignoreCase: true,
            quantifier: "any",
            negated: false,
            found: ['"order"'],
            foundCount: 1,
          },
          {
            at: "routes[3].condition.anyOf[1]",
            path: "$.items[*].price",
            operator: "lt",
            operand: 3,
            ignoreCase: false,
            quantifier: "all",
            negated: false,
            found: ["3", "12"],
            foundCount: 2,
          },
        ],
      },
      { name: "routes[4]", destination: "E", enabled: true, matched: true, failed: [] },
    ]);
  });

  test("shows the first ten values, each cut to 200 characters", () => {
    const { explain } = compileRoutes({ routes: [{ destination: "A", condition: { path: "$.l[*]", exact: 1 } }] });
    const [route] = explain({ l: new Array(1_000).fill({ text: "x".repeat(1_000), more: [1, 2, 3] }) });
    expect(route?.failed[0]?.foundCount).toBe(1_000);
    expect(route?.failed[0]?.found).toHaveLength(10);
    expect(route?.failed[0]?.found[0]).toMatch(/^\{"text":"x+…$/);
    expect(route?.failed[0]?.found[0]).toHaveLength(200);
  });
});
