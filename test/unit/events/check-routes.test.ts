import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { checkRoutes } from "../../../infra/events/check-routes.ts";
import { withJsonSchemas } from "../../../infra/events/read-definition.ts";
import type { RouteConfigInput } from "../../../schema/config/routes.ts";
import { defineEvents } from "../../../schema/events/index.ts";
import { compileRoutes } from "../../../workers/hub/routing/index.ts";

const events = withJsonSchemas(
  defineEvents({
    "order.paid": v.object({
      id: v.string(),
      total: v.number(),
      currency: v.picklist(["EUR", "USD"]),
      customer: v.object({ id: v.string(), vip: v.boolean() }),
      lines: v.array(v.object({ sku: v.string(), amount: v.pipe(v.number(), v.integer()) })),
    }),
    "order.refunded": z.object({
      id: z.string(),
      reason: z.string().nullable(),
      extra: z.record(z.string(), z.number()),
    }),
    "order.seen": v.variant("by", [
      v.object({ by: v.literal("app"), version: v.string() }),
      v.object({ by: v.literal("web"), agent: v.string() }),
    ]),
  }),
);

/** The warnings for routes with these conditions, when other routes take all kinds. */
const warnings = (...conditions: RouteConfigInput["routes"][number]["condition"][]) => {
  const routes = [
    { destination: "ALL" },
    ...conditions.map((condition) => ({ destination: "A", ...(condition && { condition }) })),
  ];
  return checkRoutes(compileRoutes({ routes }).config, events).map(({ path, message }) => `${path}: ${message}`);
};
const paid = { path: "$.kind", exact: "order.paid" };
const withPaid = (...conditions: object[]) => ({ allOf: [paid, ...conditions] }) as unknown as typeof paid;

describe("routes that are checked against the events", () => {
  test("get a warning about an undefined kind, with the kind that was probably meant", () => {
    expect(
      warnings(
        { path: "$.kind", exact: "order.payed" },
        { path: "$['kind']", in: ["order.paid", "stock.low"] },
        { path: "$.kind", prefix: "stock." },
      ),
    ).toEqual([
      'routes[1].condition.exact: no kind "order.payed" is defined: did you mean order.paid?',
      'routes[2].condition.in[1]: no kind "stock.low" is defined',
      'routes[3].condition.prefix: no defined kind satisfies prefix "stock."',
    ]);
    expect(
      warnings({ path: "$.kind", prefix: "eventhub." }, { path: "$.kind", exact: "eventhub.dispatch.failed" }),
    ).toEqual([]);
  });

  test("get a warning about a path that no matching event can have", () => {
    expect(warnings(withPaid({ path: "$.costumer.id", exact: "c" }))).toEqual([
      'routes[1].condition.allOf[1].path: no event of kind "order.paid" has $.costumer.id: did you mean $.customer.id?',
    ]);
    // Another kind has it.
    expect(warnings(withPaid({ path: "$.reason", exists: true }))[0]).toMatch(
      /no event of kind "order.paid" has \$\.reason/,
    );
    expect(warnings({ path: "$.reason", exists: true }, { path: "$.agent", exists: true })).toEqual([]);
    expect(warnings({ path: "$.nothing.at.all", exists: true })).toEqual([
      'routes[1].condition.path: no event of kind "order.paid", "order.refunded", "order.seen" has $.nothing.at.all',
    ]);
    expect(warnings({ not: withPaid({ path: "$.lines[0].skew", exists: true }) })).toEqual([
      'routes[1].condition.not.allOf[1].path: no event of kind "order.paid" has $.lines[0].skew',
    ]);
  });

  test("get no warning about what a schema leaves open or what cannot be determined", () => {
    expect(
      warnings(
        { path: "$.extra.anything", gt: 1 },
        withPaid({ path: "$.lines[*].sku", prefix: "a" }),
        withPaid({ path: "$..sku", exact: "a" }),
        withPaid({ path: "$.customer.vip", exact: true }),
        { anyOf: [withPaid({ path: "$.total", gt: 5 }), { path: "$.version", exists: true }] },
      ),
    ).toEqual([]);
  });

  test("get a warning about a condition that no possible value satisfies", () => {
    expect(
      warnings(
        withPaid({ path: "$.total", exact: "1" }),
        withPaid({ path: "$.currency", exact: "JPY" }),
        withPaid({ path: "$.lines[*].amount", exact: 1.5 }),
        withPaid({ path: "$.id", gt: 5 }),
        { path: "$.reason", exact: null },
        { path: "$.by", in: ["app", "phone"] },
        { path: "$.by", exact: "phone" },
      ),
    ).toEqual([
      'routes[1].condition.allOf[1].exact: exact "1" never holds: $.total is a number in "order.paid"',
      'routes[2].condition.allOf[1].exact: exact "JPY" never holds: $.currency is "EUR" or "USD" in "order.paid"',
      'routes[3].condition.allOf[1].exact: exact 1.5 never holds: $.lines[*].amount is an integer in "order.paid"',
      'routes[4].condition.allOf[1].gt: gt 5 never holds: $.id is a string in "order.paid"',
      'routes[7].condition.exact: exact "phone" never holds: $.by is "app" or "web" in "order.seen"',
    ]);
  });

  test("get no warning about events of other kinds that nothing checks", () => {
    const routes = [{ destination: "A", condition: { path: "$.other", exists: true } }];
    const { config } = compileRoutes({
      routes: [...routes, { destination: "B", condition: withPaid(routes[0]?.condition ?? {}) }],
    });
    expect(checkRoutes(config, { ...events, unknown: "off" }).map(({ path }) => path)).toEqual([
      "routes[1].condition.allOf[1].path",
    ]);
  });

  test("get a warning about a kind without a route, and about keys that no event has", () => {
    const { config } = compileRoutes({
      destinations: {
        BILLING: {
          order: { key: "$.costumer.id", onFailure: "skip" },
          limits: [{ key: "$.customer.id", concurrency: 1 }],
        },
      },
      routes: [
        { destination: "BILLING", condition: paid },
        { destination: "OPS", from: "hub" },
        { destination: "OFF", enabled: false },
      ],
    });
    expect(checkRoutes(config, events)).toEqual([
      {
        path: "destinations.BILLING.order.key",
        message: 'no event of kind "order.paid" has $.costumer.id: did you mean $.customer.id?',
      },
      { path: 'events["order.refunded"]', message: "no route takes it" },
      { path: 'events["order.seen"]', message: "no route takes it" },
    ]);
  });
});
