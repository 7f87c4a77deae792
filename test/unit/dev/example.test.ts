import { expect, test } from "vitest";
import { exampleFor } from "../../../infra/cli/dev/example.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";

const exampleOf = (...conditions: (object | undefined)[]) =>
  exampleFor(
    compileRoutes({
      routes: conditions.map((condition) => ({ ...(condition && { condition }), destination: "A" })),
    } as never),
  );

test.each([
  ["no condition", [undefined], { kind: "example" }],
  ["exact", [{ path: "$.kind", exact: "order.paid" }], { kind: "order.paid" }],
  ["a number", [{ path: "$.total", gt: 10 }], { total: 11 }],
  ["deep", [{ path: "$.order['ship to'].land", prefix: "A" }], { order: { "ship to": { land: "Aexample" } } }],
  ["in", [{ path: "$.kind", in: ["a", "b"] }], { kind: "a" }],
  ["a simple pattern", [{ path: "$.action", match: "^(opened|created)$" }], { action: "opened" }],
  [
    "all and any",
    [
      {
        allOf: [
          { path: "$.kind", exact: "order.paid" },
          {
            anyOf: [
              { path: "$.items[*].id", exact: 1 },
              { path: "$.total", gte: 5 },
            ],
          },
          { not: { path: "$.test", exact: true } },
        ],
      },
    ],
    { kind: "order.paid", total: 5 },
  ],
  [
    "a condition that shows what it takes after one that does not",
    [
      { path: "$..id", exact: 1 },
      { path: "$.kind", suffix: ".paid" },
    ],
    { kind: "example.paid" },
  ],
  ["only a condition that does not show what it takes", [{ path: "$.ip", cidr: "10.0.0.0/8" }], { kind: "example" }],
])("an example event is found for a route with %s", (_name, conditions, payload) => {
  expect(exampleOf(...conditions)).toEqual(payload);
});

test("an example event is found even without routes", () => {
  expect(exampleOf()).toEqual({ kind: "example" });
});
