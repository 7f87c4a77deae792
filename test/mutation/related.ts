import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** These tests try thousands of generated cases, read the built files, or take minutes. A mutant that only they notice is found too late. */
export const SLOW: ReadonlySet<string> = new Set([
  "test/unit/fuzz.test.ts",
  "test/unit/transform-fuzz.test.ts",
  "test/unit/routing/property.test.ts",
  "test/unit/routing/whole.test.ts",
  "test/unit/infra/drift.test.ts",
  "test/unit/infra/event-hub.test.ts",
  "test/unit/infra/script-sizes.test.ts",
  "test/integration/settings.test.ts",
  "test/integration/sleep.test.ts",
  "test/integration/statements-fuzz.test.ts",
]);

/** Starts Workers, whose scripts were built before, so that they have no mutant. Integration tests that import it are left out. */
const WORKERS = "test/support/system.ts";

/** The executors of these Workers, and the tests that start them and show most of what an executor does for their time. */
const EXECUTORS = ["test/workers/executor.ts", "test/workers/faulty/executor.ts"];
export const IN_WORKERD: readonly string[] = [
  "test/integration/flow.test.ts",
  "test/integration/failures-execution.test.ts",
  "test/integration/deliver.test.ts",
  "test/integration/reconcile.test.ts",
];

/** Integration tests that import a file over more steps than this are about something else. */
const INTEGRATION_STEPS = 2;

/** The files of this repository that a file imports, by its path; read once. */
const imports = new Map<string, readonly string[]>();

function importsOf(file: string): readonly string[] {
  const known = imports.get(file);
  if (known !== undefined) return known;
  const specifiers = [...readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.tsx?)"/g)];
  const found = specifiers.map(([, path = ""]) => join(dirname(file), path)).filter((path) => existsSync(path));
  imports.set(file, found);
  return found;
}

/** The number of imports between two files; infinite if none leads from the first to the second. */
function distance(from: string, to: string): number {
  const seen = new Set([from]);
  let edge = [from];
  for (let steps = 0; edge.length > 0; steps++) {
    if (edge.includes(to)) return steps;
    edge = [...new Set(edge.flatMap(importsOf))].filter((file) => !seen.has(file));
    for (const file of edge) seen.add(file);
  }
  return Number.POSITIVE_INFINITY;
}

/** A test that runs a file's code. */
export interface Related {
  readonly test: string;
  /** It imports the file itself, or is named here: it runs however long it takes. */
  readonly near: boolean;
}

/** What runs besides unit tests. */
export interface Wanted {
  /** The integration tests that run a file's code in their own process. */
  readonly integration: boolean;
  /** {@link IN_WORKERD} for what an executor imports. */
  readonly workerd: boolean;
}

/** The tests that run a file's code: unit tests, and what is wanted besides. */
export function relatedTests(file: string, { integration, workerd }: Wanted): Related[] {
  const unit = within("test/unit/**/*.test.ts", file, Number.MAX_SAFE_INTEGER);
  const here = integration ? within("test/integration/*.test.ts", file, INTEGRATION_STEPS) : [];
  const runs = workerd && EXECUTORS.some((executor) => distance(executor, file) < Number.POSITIVE_INFINITY);
  return [
    ...unit,
    ...here.filter(({ test }) => distance(test, WORKERS) === Number.POSITIVE_INFINITY),
    ...(runs ? IN_WORKERD.map((test) => ({ test, near: true })) : []),
  ];
}

/** The tests that import a file over so many steps at most. */
const within = (tests: string, file: string, most: number): Related[] =>
  globSync(tests)
    .map((test) => ({ test, steps: distance(test, file) }))
    .filter(({ test, steps }) => steps === 1 || (steps <= most && !SLOW.has(test)))
    .map(({ test, steps }) => ({ test, near: steps === 1 }));

/** The tests of a file, in the order in which they find most for the least time. */
export class Order {
  readonly #found: Map<string, number>;
  readonly #cost: ReadonlyMap<string, number>;

  /** @param cost How long each test takes, in milliseconds. */
  constructor(tests: readonly string[], cost: ReadonlyMap<string, number>) {
    this.#found = new Map(tests.map((test) => [test, 0]));
    this.#cost = cost;
  }

  /** Says that a test noticed a mutant. */
  noticed(test: string): void {
    this.#found.set(test, (this.#found.get(test) ?? 0) + 1);
  }

  /** Those that noticed most mutants for their time so far, then the cheapest. */
  tests(): string[] {
    const cost = (test: string) => this.#cost.get(test) ?? 0;
    return [...this.#found]
      .map(([test, found]) => ({ test, found: found / (1 + cost(test)), cost: cost(test) }))
      .sort((one, other) => other.found - one.found || one.cost - other.cost)
      .map(({ test }) => test);
  }
}
