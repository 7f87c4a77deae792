import { expect, test } from "vitest";
import { andList } from "../../schema/text/and-list.ts";

test("a list of names is joined as part of a sentence", () => {
  expect([[], ["A"], ["A", "B"], ["A", "B", "C"]].map(andList)).toEqual(["", "A", "A and B", "A, B and C"]);
});
