import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    include: ["test/{unit,integration,browser}/**/*.test.ts"],
    // What workerd prints is of interest where a test fails.
    silent: "passed-only",
    // As long as the machine needs, under whatever load.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
