import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { BUNDLING } from "../../infra/build/build-workers.ts";

let directory: string;
let harness: TestHarness;
let imported: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "cf-eventhub-testing-"));
  const { metafile } = await build({
    ...BUNDLING,
    entryPoints: { worker: "test/workers/testing.ts" },
    outdir: directory,
    metafile: true,
    // The modules that start the real hub are for Node only.
    plugins: [{ name: "later", setup: ({ onResolve }) => onResolve({ filter: /\/real\/start\.ts$/ }, external) }],
  });
  imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const config = {
    name: "tests",
    main: join(directory, "worker.js"),
    no_bundle: true,
    compatibility_date: "2026-10-30",
  };
  harness = createTestHarness({ workers: [{ config }] });
  await harness.listen();
});
afterAll(async () => {
  await harness?.close();
  await rm(directory, { recursive: true, force: true });
});

const external = () => ({ path: "./later.js", external: true });

test("a fake hub works within workerd, where there is no Node", async () => {
  // `startEventHub` is not called, and so not even loaded.
  expect(imported).toEqual(["cloudflare:workers"]);
  const response = await harness.getWorker("tests").fetch("/");
  expect(await response.json()).toEqual({
    attempts: [{ status: "complete", payload: { id: "o-1" } }],
    context: "CONSUMER",
  });
});
