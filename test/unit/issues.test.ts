import * as v from "valibot";
import { expect, test } from "vitest";
import { issueText } from "../../schema/text/issue-text.ts";

const words = { unknownKey: "is unknown", unexpected: ({ expected }: v.BaseIssue<unknown>) => `wants ${expected}` };
const schema = v.strictObject({ own: v.optional(v.number("must be a number")), none: v.optional(v.number()) });
const told = (input: object) => {
  const { issues = [] } = v.safeParse(schema, input);
  return issues.map((issue) => issueText(issue, words));
};

test("an issue has the schema's own message if there is one, and otherwise a message for its place", () => {
  expect(told({ own: "1" })).toEqual(["must be a number"]);
  expect(told({ none: "1" })).toEqual(["wants number"]);
  expect(told({ more: 1 })).toEqual(["is unknown"]);
});
