import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findFreePort } from "../../infra/local/free-port.ts";
import { type DevProcess, startDev } from "../support/dev-process.ts";
import { DevProject, ROUTING } from "../support/dev-project.ts";

/** What happens to calls in flight when somebody saves a file. */

const BILLING = "workers/billing/index.ts";
let project: DevProject;
let dev: DevProcess;

beforeAll(() => {
  project = new DevProject();
});
afterAll(async () => {
  await dev?.end("SIGKILL");
  await project?.remove();
});

beforeEach(({ onTestFailed }) => onTestFailed(() => console.log(dev.output)));

test("a destination with a limit continues after a reload, although calls to it were in flight", async () => {
  const code = project.read(BILLING);
  const hangs = code.replace("    if (attempt", "    await scheduler.wait(3_600_000);\n    if (attempt");
  expect(hangs).not.toBe(code);
  // A lease lasts a minute and a half longer than a call may take.
  const limited = { kind: "worker", limits: [{ concurrency: 1 }] };
  project.write({
    [BILLING]: hangs,
    "eventhub/routing.json": { ...ROUTING, defaultTimeoutSeconds: 600, destinations: { BILLING: limited } },
  });
  const port = await findFreePort();
  dev = startDev(project.root, `--port=${port}`);
  await dev.prints(/eventhub is up/);
  for (const order of ["first", "second"]) {
    const body = JSON.stringify({ kind: "order.paid", order });
    const response = await fetch(`http://localhost:${port}/emit`, { method: "POST", body });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  }
  await dev.prints(/shop-billing │ billing first in EUR\n/);
  expect(dev.output).not.toContain("billing second");

  project.write({ [BILLING]: code });
  await dev.prints(/(order\.paid → BILLING complete [\s\S]*){2}/);
});
