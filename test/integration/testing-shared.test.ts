import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isPortFree } from "../../infra/local/free-port.ts";
import type { EventHubAddress } from "../../infra/testing/index.ts";
import { eventually } from "../support/eventually.ts";

const ROOT = fileURLToPath(new URL("../support/shared-hub", import.meta.url));
const VITEST = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

test("test files share one hub over vitest's globalSetup, and when vitest is killed nothing of it stays", async () => {
  const temporary = await mkdtemp(join(tmpdir(), "cf-eventhub-shared-"));
  // If root runs this, the user of Postgres must be able to enter.
  await chmod(temporary, 0o755);
  const child = spawn(process.execPath, [VITEST, "run", "--root", ROOT], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: temporary, STAY: "true", NO_COLOR: "1", VITEST: undefined },
  });
  try {
    let address: EventHubAddress | undefined;
    const output: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      output.push(line);
      if (line.startsWith("ADDRESS ")) address = JSON.parse(line.slice("ADDRESS ".length)) as EventHubAddress;
      if (/^\s*Tests /.test(line)) break;
    }
    expect(output.at(-1)).toMatch(/^\s*Tests {2}2 passed \(2\)$/);
    const ports = [address?.origin, address?.databaseUrl].map((url) => Number(new URL(url ?? "").port));
    expect(await Promise.all(ports.map(isPortFree))).toEqual([false, false]);

    child.kill("SIGKILL");
    await once(child, "exit");
    await eventually(
      async () => ((await Promise.all(ports.map(isPortFree))).every(Boolean) ? true : undefined),
      "the Workers and Postgres have ended",
    );
    await eventually(async () => ((await readdir(temporary)).length === 0 ? true : undefined), "its files are gone");
  } finally {
    child.kill("SIGKILL");
    await rm(temporary, { recursive: true, force: true });
  }
}, 300_000);
