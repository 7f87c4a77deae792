import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../support/wrangler-config.ts";
import { TASKS } from "./support/tasks.ts";

interface Report {
  dispatches: number;
  timings: {
    path: string;
    kind: string;
    status: number;
    bytes: number;
    serverMs: number;
    interactiveMs: number | null;
  }[];
  tasks: { name: string; clicks: number; most: number }[];
  commands: { command: string; code: number; said: string }[];
}

// It starts a system and a browser of its own, and each step has a limit. The limit here is above the sum of these on a busy machine.
test("the console's benchmark opens pages and does every task beside made-up history, outside the test runner", {
  timeout: 1_800_000,
}, async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["test/bench/console.ts", "--dispatches", "20000", "--older-events", "1000", "--rounds", "1", "--every", "13"],
    { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 },
  );
  const { dispatches, timings, tasks, commands } = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Report;
  expect(dispatches).toBeGreaterThan(18_000);
  expect(timings.length).toBeGreaterThan(7);
  const isWhole = ({ kind, status, bytes, interactiveMs }: Report["timings"][number]) =>
    status === 200 &&
    (kind === "file" ? bytes > 100 && interactiveMs === null : bytes > 1_000 && (interactiveMs ?? 0) > 0);
  expect(timings.filter((timing) => !isWhole(timing))).toEqual([]);
  expect(tasks.map(({ name }) => name)).toEqual(TASKS.map(({ name }) => name));
  expect(tasks.filter(({ clicks, most }) => clicks > most)).toEqual([]);
  // A search that finds nothing ends with 3, and one that a bound has stopped with 4.
  expect(commands.filter(({ code }) => ![0, 3, 4].includes(code))).toEqual([]);
});
