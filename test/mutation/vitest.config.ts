import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { DRAWINGS } from "../support/drawings.ts";

/** `MUTATION_TESTS` names the test files; those that import the mutated file most directly come first. */
const nearest = (process.env.MUTATION_TESTS ?? "").split(",");

class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => nearest.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** The unit tests of a mutant run in one thread, until the first one fails. */
export default defineConfig({
  plugins: [DRAWINGS],
  test: {
    include: nearest,
    sequence: { sequencer: NearestFirst },
    pool: "threads",
    isolate: false,
    maxWorkers: 1,
    bail: 1,
    silent: true,
    testTimeout: 60_000,
  },
});
