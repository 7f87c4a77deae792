import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take the longest: they have a browser, kill and start a whole system, or try thousands of cases. */
const LONG = /\/test\/(browser|integration\/(chaos|failures|local|settings|statements)|unit\/[\w-]*fuzz)/;

/** The long files first: one that began last would keep one of two workers waiting. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (LONG.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/** What all projects share. */
const COMMON = {
  // Most of the time is spent waiting for workerd, Postgres and Chromium, so two files at once also where there are only two cores.
  maxWorkers: 2,
  // The files of a worker share what they import: loading wrangler, TypeScript and the like takes longer than most files.
  isolate: false,
  // What workerd prints is of interest where a test fails.
  silent: "passed-only",
  // As long as the machine needs, under whatever load: what a test waits for has limits of its own, which say what did not come.
  expect: { poll: { timeout: 30_000 } },
  testTimeout: 240_000,
  hookTimeout: 240_000,
} as const;

/** What starts the one Postgres of a run; vitest starts it only with a project that names it. */
const BACKEND = ["test/support/global-setup.ts"];

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    maxWorkers: COMMON.maxWorkers,
    silent: COMMON.silent,
    projects: [
      // No Postgres, no workerd, no browser.
      {
        test: {
          ...COMMON,
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          globalSetup: ["test/support/build-scripts.ts"],
        },
      },
      {
        test: { ...COMMON, name: "integration", include: ["test/integration/**/*.test.ts"], globalSetup: BACKEND },
      },
      {
        test: { ...COMMON, name: "browser", include: ["test/browser/**/*.test.ts"], globalSetup: BACKEND },
      },
    ],
  },
});
