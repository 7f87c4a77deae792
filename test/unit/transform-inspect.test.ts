import jsonata from "jsonata";
import { expect, test } from "vitest";
import { inspect, type Part, type Parts } from "../../workflows/transform/inspect.ts";

/** The names and values of an expression whose evaluation costs more than a step. */
function found(source: string): Record<keyof Parts, unknown[]> {
  const { parts, faults } = inspect(jsonata(source).ast());
  expect(faults).toEqual([]);
  // A path of one name is that name.
  const textOf = (part: unknown) =>
    (part as Part | undefined)?.value ?? (part as { steps?: Part[] })?.steps?.[0]?.value;
  const values = (set: ReadonlySet<unknown>) =>
    [...set]
      .map(textOf)
      .filter((value) => value !== undefined)
      .sort();
  const { read, selects, changes, ends } = parts;
  return { read: values(read), selects: values(selects), changes: values(changes), ends: values(ends) };
}
const nothing = { read: [], selects: [], changes: [], ends: [] };

test.each(["=", "!=", "<", "<=", ">", ">=", "in", "&", "and", "or"])("%s reads both sides", (operator) => {
  expect(found(`l ${operator} r`)).toEqual({ ...nothing, read: ["l", "r"] });
});

test.each(["+", "-", "*", "/", "%"])("%s takes numbers, which cost nothing to read", (operator) => {
  expect(found(`l ${operator} r`)).toEqual(nothing);
});

test("a condition and a filter are read, and what they choose is not", () => {
  expect(found("c ? t : e")).toEqual({ ...nothing, read: ["c"] });
  expect(found("(l)[f]")).toEqual({ ...nothing, read: ["f"] });
});

test("a range has ends, in lists only", () => {
  expect(found("[l..r]")).toEqual({ ...nothing, ends: ["l", "r"] });
});

test("a change in place selects, reads what it writes and deletes, and changes", () => {
  expect(found("$ ~> |p|u, d|")).toEqual({ ...nothing, read: ["d", "u"], selects: ["p"], changes: ["d", "u"] });
});
