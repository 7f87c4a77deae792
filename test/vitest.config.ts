import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    include: ["test/unit/**/*.test.ts", "test/integration/**/*.test.ts"],
    // What workerd prints is of interest where a test fails.
    silent: "passed-only",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
