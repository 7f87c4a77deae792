import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The order of the files: what takes the longest first, since one that began last would keep the other workers waiting; and one project after the
 * other, since vitest ends a worker whose next file is another project's, and what its files share is then read anew.
 */
const ORDER = [
  /\/test\/browser\//,
  // They kill and start whole systems.
  /\/test\/integration\/(chaos|failures|local|settings|stack|statements)/,
  /\/test\/integration\//,
  // Thousands of cases.
  /\/test\/unit\/([\w-]*fuzz|routing)/,
  /\/test\/unit\//,
];

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => ORDER.findIndex((place) => place.test(moduleId));
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

/** What all projects share. */
const COMMON = {
  // Much of the time is spent waiting for workerd, Postgres and Chromium, so three files at once also where there are only two cores.
  maxWorkers: 3,
  // The files of a worker share what they import: loading wrangler, TypeScript and the like takes longer than most files.
  isolate: false,
  // What workerd prints is of interest where a test fails.
  silent: "passed-only",
  // As long as the machine needs, under whatever load: what a test waits for has limits of its own, which say what did not come.
  expect: { poll: { timeout: 90_000 } },
  testTimeout: 240_000,
  hookTimeout: 240_000,
} as const;

/** What starts the one Postgres of a run; vitest starts it only with a project that names it. */
const BACKEND = ["test/support/global-setup.ts"];

export default defineConfig({
  test: {
    sequence: { sequencer: InOrder },
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
