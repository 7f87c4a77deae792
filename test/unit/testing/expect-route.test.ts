import { describe, expect, test } from "vitest";
import { expectRoute, handleContext } from "../../../infra/testing/index.ts";

const routing = {
  routes: [
    {
      name: "paid",
      condition: {
        allOf: [
          { path: "$.kind", exact: "order.paid" },
          { path: "$.total", gt: 0 },
        ],
      },
      destination: "BILLING",
    },
    { name: "all", destination: "ARCHIVE" },
    { name: "off", destination: "MAIL", enabled: false },
  ],
};
const free = { kind: "order.paid", total: 0 };

/** The error of a failed expectation. */
function refusal(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("expectRoute", () => {
  test("accepts a correct expectation", () => {
    expectRoute(routing, { ...free, total: 1 }).toReach("BILLING");
    expectRoute(routing, { ...free, total: 1 }).toReachOnly(["BILLING", "ARCHIVE"]);
    expectRoute(routing, free).not.toReach("BILLING");
    expectRoute(routing, free).not.toReach("MAIL");
    expectRoute({ routes: [] }, free).toReachOnly([]);
  });

  test.each<[string, () => void, string[]]>([
    [
      "why each route to a destination does not match",
      () => expectRoute(routing, free).toReach("BILLING"),
      [
        '{"kind":"order.paid","total":0} does not reach BILLING:',
        "no match  paid -> BILLING",
        "            routes[0].condition.allOf[1]: $.total gt 0: found 0",
        "0 of 1 routes match",
      ],
    ],
    [
      "that the route is disabled",
      () => expectRoute(routing, free).toReach("MAIL"),
      ['{"kind":"order.paid","total":0} does not reach MAIL:', "disabled  off -> MAIL", "0 of 1 routes match"],
    ],
    [
      "that no route leads to a misspelt name",
      () => expectRoute(routing, free).not.toReach("BILING"),
      ["no route leads to BILING; they lead to BILLING, ARCHIVE, MAIL"],
    ],
    [
      "which route leads there",
      () => expectRoute(routing, free).not.toReach("ARCHIVE"),
      ['{"kind":"order.paid","total":0} reaches ARCHIVE:', "match     all -> ARCHIVE", "1 of 1 routes match"],
    ],
    [
      "what is missing and what is too much",
      () => expectRoute(routing, free).toReachOnly(["BILLING"]),
      [
        '{"kind":"order.paid","total":0} reaches ARCHIVE, expected BILLING:',
        "no match  paid -> BILLING",
        "            routes[0].condition.allOf[1]: $.total gt 0: found 0",
        "0 of 1 routes match",
        "match     all -> ARCHIVE",
        "1 of 1 routes match",
      ],
    ],
  ])("reports %s", (_what, act, lines) => {
    expect(refusal(act)).toMatchObject({ name: "AssertionError", message: lines.join("\n") });
  });

  test("gives test runners both lists for comparison", () => {
    expect(refusal(() => expectRoute(routing, free).toReachOnly(["BILLING"]))).toMatchObject({
      actual: ["ARCHIVE"],
      expected: ["BILLING"],
    });
  });

  test("refuses what the hub would refuse", () => {
    expect(() => expectRoute(routing, { at: new Date(0) })).toThrow(
      "[invalid_payload] event.at: JSON cannot hold a Date",
    );
  });
});

describe("handleContext", () => {
  test("is the context of a first attempt by default", () => {
    const context = handleContext();
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(context).toEqual({
      eventId: id,
      dispatchId: id,
      destination: "CONSUMER",
      attempt: 1,
      maxAttempts: 6,
      emittedAt: expect.any(Date),
      idempotencyKey: context.dispatchId,
      hops: 0,
      cloudEvent: false,
    });
  });

  test("has the given values, and the dispatch's id as its key", () => {
    expect(handleContext({ dispatchId: "d", attempt: 3 })).toMatchObject({
      dispatchId: "d",
      idempotencyKey: "d",
      attempt: 3,
    });
  });
});
