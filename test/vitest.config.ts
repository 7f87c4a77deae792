import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { DRAWINGS } from "./support/drawings.ts";

/**
 * The order of the files. A file that begins last keeps the other workers waiting, so the slowest files begin first. Most unit tests take
 * milliseconds, so they come last. The projects run one after the other: vitest ends a worker if the next file belongs to another project, and
 * everything that files share must then be loaded again. Within a group vitest's own order holds: by the last duration of each file, or by its size.
 */
const ORDER = [
  // More than ten seconds each, mostly for waiting.
  /\/test\/integration\/(sleep|package-types|chaos|settings|deliver\.|groups|dev|failures|init|local|statements|testing|probe|traces-c|migrate)/,
  /\/test\/integration\//,
  /\/test\/browser\/(find|live|looks|hostile|overflow|bench)/,
  /\/test\/browser\//,
  // Thousands of cases.
  /\/test\/unit\/([\w-]*fuzz|routing|console\/access)/,
  /\/test\/unit\//,
];

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => ORDER.findIndex((place) => place.test(moduleId));
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

// Programs that tests start (wrangler, tsc, our own command) load code from a compile cache. This saves a quarter of the processor time of a short
// one.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../node_modules/.cache/cf-eventhub/compiled");

/** What all projects share. */
const COMMON = {
  // Four files at once even if there are only two cores, since much of the time is spent waiting for workerd, Postgres and Chromium.
  maxWorkers: 4,
  // The files of a worker share their imports: loading wrangler, TypeScript and the like takes longer than most files.
  isolate: false,
  // Output of workerd is of interest only if a test fails.
  silent: "passed-only",
  // As long as the machine needs, under any load. What a test waits for has its own limits, which say what did not come.
  expect: { poll: { timeout: 90_000 } },
  testTimeout: 240_000,
  hookTimeout: 240_000,
} as const;

/** Starts the one Postgres of a run. vitest starts it only with a project that names it. */
const BACKEND = ["test/support/global-setup.ts"];

export default defineConfig({
  test: {
    sequence: { sequencer: InOrder },
    maxWorkers: COMMON.maxWorkers,
    silent: COMMON.silent,
    projects: [
      // No Postgres, no workerd, no browser.
      {
        plugins: [DRAWINGS],
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
