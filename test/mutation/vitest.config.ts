import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that import what is mutated most directly come first, as `MUTATION_TESTS` names them. */
const nearest = (process.env.MUTATION_TESTS ?? "").split(",");

class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => nearest.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** The unit tests that a mutant meets, in one thread, until the first one fails. */
export default defineConfig({
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
