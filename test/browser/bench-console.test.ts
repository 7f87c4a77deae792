import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../support/wrangler-config.ts";

interface Report {
  dispatches: number;
  timings: { path: string; status: number; bytes: number; serverMs: number; interactiveMs: number }[];
}

// It starts a system and a browser of its own, and each step of it has a limit; this one is above what they are together on a busy machine.
test("the console's benchmark opens every page beside made-up history, outside the test runner", {
  timeout: 1_800_000,
}, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["test/bench/console.ts", "--dispatches", "1000", "--rounds", "1"],
    { cwd: ROOT },
  );
  const { dispatches, timings } = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Report;
  expect(dispatches).toBeGreaterThan(900);
  expect(timings.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["/", "/dispatches", "/dispatches/<id>", "/events/<id>", "/destinations/BILLING"]),
  );
  expect(
    timings.filter(({ status, bytes, interactiveMs }) => !(status === 200 && bytes > 1_000 && interactiveMs > 0)),
  ).toEqual([]);
});
