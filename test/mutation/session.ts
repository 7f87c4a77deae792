/** A vitest that stays: it runs tests for each request of the process that started it. Only files that changed are transformed again. */
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BaseSequencer, createVitest, type TestSpecification } from "vitest/node";
import { buildTestWorkers } from "../support/build-test-workers.ts";
import { DRAWINGS } from "../support/drawings.ts";
import { IN_WORKERD } from "./related.ts";

/** What to run. Paths are relative to the working directory. */
export interface Request {
  /** The files whose text has changed since the last request. */
  readonly changed: readonly string[];
  /** In this order, until the first failure. */
  readonly tests: readonly string[];
}

/** What came of it. */
export interface Result {
  readonly failed: boolean;
  /** The test file that failed, if one did. */
  readonly by?: string;
  /** By test file: how long it took, in milliseconds. */
  readonly took: Readonly<Record<string, number>>;
}

/** How long to wait for the end of what runs, in milliseconds. */
const CLOSE_MS = 20_000;

class AsGiven extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files);
  }
}

/** One thread, since it starts fastest and ends even in an endless loop. */
const vitest = await createVitest(
  "test",
  {
    config: false,
    watch: false,
    reporters: [{}],
    sequence: { sequencer: AsGiven },
    pool: "threads",
    isolate: false,
    maxWorkers: 1,
    bail: 1,
    silent: true,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    globalSetup: process.env.MUTATE_INTEGRATION === undefined ? [] : ["test/support/global-setup.ts"],
  },
  { plugins: [DRAWINGS] },
);

/** Whether the Workers of the tests' systems were built from other text than there is now. */
let stale = false;

/** Builds them again where the run's start has built them. */
async function buildAgain(): Promise<void> {
  const { workers } = vitest.getRootProject().getProvidedContext();
  stale = false;
  if (workers !== undefined) await buildTestWorkers(dirname(dirname(workers.executor)));
}

async function run({ changed, tests }: Request): Promise<Result> {
  const root = process.cwd();
  for (const file of changed) vitest.invalidateFile(join(root, file));
  stale ||= changed.length > 0;
  if (stale && tests.some((test) => IN_WORKERD.includes(test))) await buildAgain();
  const specifications = tests.map((test) => vitest.getRootProject().createSpecification(join(root, test)));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  // Those of earlier requests are in the list, too.
  const own = testModules.filter((one) => tests.includes(one.relativeModuleId));
  const failed = own.find((one) => one.state() === "failed")?.relativeModuleId;
  const took = own.map((one) => {
    const { collectDuration, duration } = one.diagnostic();
    return [one.relativeModuleId, collectDuration + duration] as const;
  });
  return {
    failed: failed !== undefined || unhandledErrors.length > 0,
    ...(failed !== undefined && { by: failed }),
    took: Object.fromEntries(took),
  };
}

process.on("message", async (request: Request) => {
  process.send?.(await run(request));
});
process.on("disconnect", async () => {
  // A thread in an endless loop does not end by itself, and whoever would kill this process may be gone.
  await Promise.race([vitest.close(), delay(CLOSE_MS)]);
  process.exit();
});
