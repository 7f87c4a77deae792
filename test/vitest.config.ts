import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    include: ["test/{unit,integration,browser}/**/*.test.ts"],
    // Most of the time is spent waiting for workerd, Postgres and Chromium, so two files at once also where there are only two cores.
    maxWorkers: 2,
    // What workerd prints is of interest where a test fails.
    silent: "passed-only",
    // As long as the machine needs, under whatever load.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
