import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ROOT, readWranglerConfig } from "../support/wrangler-config.ts";

const run = promisify(execFile);
const configurations = globSync("workers/**/*wrangler.jsonc", { cwd: ROOT }).sort();

test("every deployable Worker is among them", () => {
  const names = configurations.map((file) => readWranglerConfig(file).name);
  expect(names).toEqual(
    expect.arrayContaining(["eventhub-hub", "eventhub-executor", "eventhub-console", "eventhub-demo"]),
  );
});

describe.each(configurations)("wrangler deploy --dry-run --config %s", (file) => {
  test("passes without a warning, and lists the bindings of the configuration", async () => {
    const outdir = await mkdtemp(join(tmpdir(), "eventhub-dry-run-"));
    try {
      const { stdout, stderr } = await run(
        process.execPath,
        [
          join(ROOT, "node_modules/wrangler/bin/wrangler.js"),
          "deploy",
          "--dry-run",
          "--outdir",
          outdir,
          "--config",
          file,
        ],
        { cwd: ROOT, env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_COLOR: "1", FORCE_COLOR: undefined } },
      );
      expect(stdout + stderr).not.toMatch(/warning|error|deprecated|unexpected/i);
      const { services = [], queues, workflows = [], r2_buckets = [], main } = readWranglerConfig(file);
      for (const { binding } of [...services, ...workflows, ...r2_buckets, ...(queues?.producers ?? [])]) {
        expect(stdout).toContain(`env.${binding} (`);
      }
      expect((await readFile(join(outdir, main.replace(/ts$/, "js")), "utf8")).length).toBeGreaterThan(500);
    } finally {
      await rm(outdir, { recursive: true, force: true });
    }
  });
});
