import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findFreePort } from "../../infra/local/ports.ts";
import { type DevProcess, startDev } from "../support/dev-process.ts";
import { type DevProject, makeDevProject } from "../support/dev-project.ts";
import { eventually } from "../support/eventually.ts";

let project: DevProject;
let port: number;
let dev: DevProcess | undefined;

beforeAll(async () => {
  project = await makeDevProject();
  port = await findFreePort();
});
afterAll(async () => {
  await dev?.end("SIGKILL");
  await project?.remove();
});

beforeEach(({ onTestFailed }) => onTestFailed(() => console.log(dev?.output)));

const EVENTS = 5;
/** It starts the whole stack twice, and waits for retries: three times as long as others may take. */
const TWO_STARTS_MS = 180_000;

test(
  "after a kill in the middle of retries nothing runs on, and the next start delivers everything",
  async () => {
    dev = startDev(project.root, `--port=${port}`);
    await dev.prints(/eventhub is up/);
    for (let order = 0; order < EVENTS; order++) {
      const body = JSON.stringify({ kind: "order.paid", order, failures: 3 });
      const response = await fetch(`http://localhost:${port}/emit`, { method: "POST", body });
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    await dev.prints(/order\.paid → BILLING attempt 1 failed/);
    await dev.end("SIGKILL");
    expect(dev.output).not.toContain("BILLING complete");
    await eventually(async () => (processesOf(project.root).length === 0 ? true : undefined), "all has ended");

    dev = startDev(project.root, `--port=${port}`);
    await dev.prints(new RegExp(`(order\\.paid → BILLING complete [\\s\\S]*){${EVENTS}}`));
    expect(dev.output).not.toMatch(/BILLING (failed|lost|misconfigured)/);
    expect(await dev.end("SIGTERM")).toBe(0);
  },
  TWO_STARTS_MS,
);

test("--once emits an event that a route takes, tells of its delivery, and ends", async () => {
  dev = startDev(project.root, `--port=${port}`, "--once", "--reset");
  expect(await dev.ended).toBe(0);
  expect(dev.output).toMatch(/\nemit \{"kind":"order\.paid"\}\n/);
  expect(dev.output.match(/order\.paid → BILLING complete/g)).toHaveLength(1);
  expect(processesOf(project.root)).toEqual([]);
});

/** The processes that work for a project: each has its directory in the command line, or one made of it. */
function processesOf(root: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return []; // it has ended
      }
    })
    .filter((command) => command.includes(root));
}
