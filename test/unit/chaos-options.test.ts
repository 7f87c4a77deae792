import { expect, test } from "vitest";
import { readOptions } from "../chaos/options.ts";

test("the load goes to all destinations, or to those that are named", () => {
  expect(readOptions(["--seed", "7"])).toEqual({
    seconds: 120,
    seed: 7,
    rate: 5,
    keep: false,
    alarm: false,
    to: undefined,
    collector: undefined,
  });
  expect(readOptions(["--to", "HELD,KEYED"]).to).toEqual(["HELD", "KEYED"]);
  expect(() => readOptions(["--to", "HELD,NOWHERE"])).toThrow(/^--to must be some of STEADY, .*, got "NOWHERE"$/);
});

test("with --collector hang, the campaign sends traces to a collector that never answers", () => {
  expect(readOptions(["--collector", "hang"]).collector).toBe("hang");
  expect(() => readOptions(["--collector", "well"])).toThrow('--collector must be hang, got "well"');
});
