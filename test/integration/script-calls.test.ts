import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { runProgram } from "../support/run-program.ts";
import { ROOT } from "../support/wrangler-config.ts";

/** The scripts of package.json that are a program of ours, with or without a build before it. */
const SCRIPTS = Object.entries(manifest.scripts).flatMap(([name, line]) => {
  const call = /^(?:npm run build:if-changed && )?node (\S+\.ts)((?: \w+)*)$/.exec(line);
  return call === null ? [] : [{ name, args: [call[1] ?? "", ...(call[2] ?? "").split(" ").slice(1)] }];
});

const run = (args: readonly string[]) => runProgram(args[0] ?? "", args.slice(1), { cwd: ROOT });

test("every script that runs a file of ours is tried here, but what the build and the checks are made of", () => {
  const tried = new Set(SCRIPTS.map(({ name }) => name));
  const others = Object.entries(manifest.scripts).filter(([name, line]) => /\.ts\b/.test(line) && !tried.has(name));
  expect(others.filter(([, line]) => !/(vitest run|drizzle-kit|node infra\/build\/)/.test(line))).toEqual([]);
});

test.each(SCRIPTS)("npm run $name says how it is called", async ({ name, args }) => {
  const { code, stdout, stderr } = await run([...args, "--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^(npm run |Usage: )/);
  if (stdout.startsWith("npm run ")) expect(stdout.split(/\s/)[2]).toBe(name);
});

/** Most scripts read their options in the same way, so one of them stands for all. */
const SAME = SCRIPTS.filter(({ args: [file = ""] }) =>
  /read(Bare)?Call\(/.test(readFileSync(join(ROOT, file), "utf8")),
);
test.each([...SCRIPTS.filter((script) => !SAME.includes(script)), ...SAME.slice(0, 1)])(
  "npm run $name refuses an option that it does not have in one line",
  async ({ args }) => {
    const { code, stdout, stderr } = await run([...args, "--no-such-option"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^(error: u|U)nknown option '--no-such-option'\nSee .*--help\n$/);
  },
);

test.each([
  ["test/bench/flow.ts", ["--rows", "many"], '--rows must be an integer from 1000 to 100000000, got "many"'],
  ["test/bench/scale.ts", ["--rows", "5000,1000"], '--rows must be rising integers from 1000, got "5000,1000"'],
  ["test/bench/console.ts", ["--rounds=0"], '--rounds must be an integer from 1 to 100000000, got "0"'],
  ["test/bench/traces.ts", ["--dispatches=150"], "--dispatches must be a multiple of 100, got 150"],
  ["test/bench/run.ts", ["--cases", "abz"], "there is no case z"],
  ["test/chaos/run.ts", ["--rate", "fast"], '--rate must be a number from 0.1 to 1000, got "fast"'],
  ["test/mutation/run.ts", [], "name the files and folders to change"],
  ["test/mutation/run.ts", ["no/such/path"], 'there is no "no/such/path"'],
  ["test/matrix/run.ts", ["--postgres", "9"], 'there is no PostgreSQL "9", only 15, 16, 17, 18'],
  ["test/package/try.ts", ["hno"], 'there is no "hno", only empty, hono'],
  [
    "test/browser/screenshots.ts",
    ["here"],
    "Unexpected argument 'here'. This command does not take positional arguments",
  ],
])("%s %j is refused in one line", async (file, args, said) => {
  const { code, stdout, stderr } = await run([file, ...args]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^[^\n]+\nSee npm run \S+ -- --help\n$/);
  expect(stderr.split("\n")[0]).toBe(said);
});
