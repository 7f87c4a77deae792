import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type BuiltScript, MAX_SCRIPT_BYTES, sizeFault, sizeFaults } from "../../../infra/build/script-sizes.ts";
import { ROOT } from "../../support/wrangler-config.ts";

const BUILT = join(ROOT, "dist/workers-scripts");

test("every script has a size limit, and the hub's is 345 kB gzipped", async () => {
  expect(MAX_SCRIPT_BYTES.hub).toBe(345_000);
  expect(Object.keys(MAX_SCRIPT_BYTES).sort()).toEqual((await readdir(BUILT)).sort());
});

test.each(Object.entries(MAX_SCRIPT_BYTES) as [BuiltScript, number][])(
  "the limit of %s allows %d bytes, and no more",
  (name, most) => {
    expect(sizeFault(name, most)).toBeUndefined();
    expect(sizeFault(name, most + 1)).toBe(
      `${name}: the built script has ${most + 1} bytes gzipped, 1 more than the ${most} of MAX_SCRIPT_BYTES (infra/build/script-sizes.ts)`,
    );
  },
);

test("the built scripts are within their limits, and a script that has grown is reported", async () => {
  expect(await sizeFaults(BUILT)).toEqual([]);
  const directory = await mkdtemp(join(tmpdir(), "eventhub-sizes-"));
  try {
    await cp(BUILT, directory, { recursive: true });
    await writeFile(join(directory, "demo/worker.js"), randomBytes(10_001));
    expect(await sizeFaults(directory)).toEqual([expect.stringMatching(/^demo: the built script has 100\d\d bytes/)]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
