import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take the longest: they have a browser, or kill and start a whole system. */
const LONG = /\/test\/(browser|integration\/(chaos|failures|local))/;

/** The long files first: one that began last would keep one of two workers waiting. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (LONG.test(moduleId) ? 0 : 1);
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    sequence: { sequencer: LongFirst },
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
