import { expect, test } from "vitest";
import { readOptions } from "../chaos/options.ts";

test("the campaign's load goes to all destinations, or to those that are named", () => {
  expect(readOptions(["--seed", "7"])).toEqual({ seconds: 120, seed: 7, rate: 5, keep: false, to: undefined });
  expect(readOptions(["--to", "HELD,KEYED"]).to).toEqual(["HELD", "KEYED"]);
  expect(() => readOptions(["--to", "HELD,NOWHERE"])).toThrow(/^--to must be some of STEADY, .*, got "NOWHERE"$/);
});
