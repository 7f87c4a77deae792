import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readOptions } from "../chaos/options.ts";

const RUN = fileURLToPath(new URL("../chaos/run.ts", import.meta.url));

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
  expect(readOptions(["--to", "HELD,KEYED"])?.to).toEqual(["HELD", "KEYED"]);
  expect(() => readOptions(["--to", "HELD,NOWHERE"])).toThrow(/^--to must be some of STEADY, .*, got "NOWHERE"$/);
});

test("with --collector hang, the campaign sends traces to a collector that never answers", () => {
  expect(readOptions(["--collector", "hang"])?.collector).toBe("hang");
  expect(() => readOptions(["--collector", "well"])).toThrow('--collector must be hang, got "well"');
});

test("the usage is printed for --help and after a wrong call", () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [RUN, ...args], { encoding: "utf8" });
  for (const option of ["--help", "-h"]) {
    const { status, stdout, stderr } = run(option);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const name of ["--seconds S", "--seed N", "--rate R", "--to NAME,...", "--collector hang", "--keep"])
      expect(stdout).toContain(name);
  }
  const { status, stdout, stderr } = run("--rate", "fast");
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: '--rate must be a number from 0.1 to 1000, got "fast"\nSee npm run chaos -- --help\n',
  });
});
