import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cf-eventhub-interrupt-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test("a campaign that is interrupted stops all that it started, and leaves nothing behind", async () => {
  const campaign = spawn(process.execPath, ["test/chaos/run.ts", "--seconds", "600", "--seed", "1", "--rate", "2"], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: directory },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(campaign, "exit");
  const lines: string[] = [];
  for await (const line of createInterface(campaign.stdout)) {
    lines.push(line);
    // Wait until it emits and delivers: stopping it earlier would prove little.
    if (/^\d+ s: [1-9].* complete/.test(line)) campaign.kill("SIGINT");
  }
  expect(await exited).toEqual([130, null]);
  expect(lines.at(-1)).toBe("interrupted: all is stopped, nothing is judged");
  expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain(directory);
  expect(await readdir(directory)).toEqual([]);
});
