import { describe, expect, test } from "vitest";
import { environmentOf } from "../../../workers/console/environment.ts";
import { operatorsOf, roleOf } from "../../../workers/console/guards/roles.ts";

describe("who may act", () => {
  const operators = operatorsOf({ ACCESS_OPERATORS: " ada@acme.com, @ops.acme.com ,ci.access,group:oncall," });
  test.each<[string, string[], string]>([
    ["ada@acme.com", [], "operator"],
    ["Ada@Acme.com", [], "operator"],
    ["bob@ops.acme.com", [], "operator"],
    ["ci.access", [], "operator"],
    ["bob@acme.com", ["oncall"], "operator"],
    ["bob@acme.com", ["OnCall", "dev"], "reader"],
    ["bob@acme.com", [], "reader"],
    ["ada@acme.com.evil.example", [], "reader"],
    ["bob@evilops.acme.com", [], "reader"],
    ["group:oncall", [], "reader"],
    ["", [], "reader"],
  ])("%s with the groups %j has the role %s", (name, groups, role) => {
    expect(roleOf({ name, groups }, operators)).toBe(role);
  });

  test("is everybody without a list, and nobody with an empty list", () => {
    expect(roleOf({ name: "bob@acme.com", groups: [] }, operatorsOf({}))).toBe("operator");
    expect(roleOf({ name: "bob@acme.com", groups: [] }, operatorsOf({ ACCESS_OPERATORS: " , " }))).toBe("reader");
  });
});

describe("an environment that is marked production", () => {
  test("sets above how many dispatches the number has to be typed", () => {
    expect(environmentOf({}).confirmAbove).toBeUndefined();
    expect(environmentOf({ CONFIRM_ABOVE: "5" }).confirmAbove).toBeUndefined();
    expect(environmentOf({ ENVIRONMENT_PRODUCTION: "true" }).confirmAbove).toBe(100);
    expect(environmentOf({ ENVIRONMENT_PRODUCTION: "true", CONFIRM_ABOVE: "0" }).confirmAbove).toBe(0);
  });

  test("is refused if its mark is not true or false, or its number is not a whole one", () => {
    expect(() => environmentOf({ ENVIRONMENT_PRODUCTION: "yes" })).toThrow(
      "[misconfigured] ENVIRONMENT_PRODUCTION: must be true or false",
    );
    expect(() => environmentOf({ CONFIRM_ABOVE: "many" })).toThrow(
      "[misconfigured] CONFIRM_ABOVE: must be a whole number",
    );
  });
});
