import { defineConfig } from "vitest/config";

/** A project that shares one hub among its test files; test/integration/testing-shared.test.ts runs it. */
export default defineConfig({
  test: {
    include: ["*.check.ts"],
    globalSetup: ["global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    teardownTimeout: 240_000,
  },
});
