/**
 * `npm run mutate -- [options] <files and folders>` puts one small fault after another into the files, in a copy, and reports those that no test
 * notices. Run it with `--help` for the options.
 */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { WrongCall } from "../../infra/cli/exit.ts";
import { integerOption, numberOption } from "../../infra/cli/number-option.ts";
import { parseOptionsAndArguments, readCall } from "../../infra/cli/script-call.ts";
import { findMutants, type Mutant, mutated } from "./mutants.ts";
import { Order, type Related, relatedTests } from "./related.ts";
import { Copy, removeAtEnd } from "./trial.ts";

const HELP = `npm run mutate -- [options] <files and folders>

Puts one small fault after another into the files, in a copy, and reports those
that no unit test which runs the file notices. A fault with which the tests'
process dies, twice and without a failed test, is reported apart.

  --most N       at most this many faults of each file, spread over it
  --tests RE     only tests whose path matches this regular expression
  --slow S       leave out tests that take more seconds, unless they import the
                 file themselves (default 2)
  --integration  try what unit tests do not notice with the integration tests
                 that run the file without workerd
  --workerd      try what those do not notice in workerd, if an executor runs the
                 file: with a few integration tests of the whole system, whose
                 Workers are built again for each fault (about a minute)
  --jobs N       how many at once (default 2)
  --help         this`;

/** How many mutants a job takes at once. */
const SHARE = 10;

/** At most this many, as far from each other as possible. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)] as T);
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 80);
const describe = (file: string, { line, original, replacement }: Mutant) =>
  `${file}:${line}: ${oneLine(original)} -> ${oneLine(replacement)}`;

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new WrongCall(`--tests must be a regular expression, got ${JSON.stringify(text)}`, { cause: error });
  }
}

const { most, chosen, slow, jobs, integration, workerd, files } = readCall({ name: "mutate", help: HELP }, (args) => {
  const { values, positionals } = parseOptionsAndArguments(args, {
    most: { type: "string" },
    tests: { type: "string", default: "" },
    slow: { type: "string", default: "2" },
    jobs: { type: "string", default: "2" },
    integration: { type: "boolean", default: false },
    workerd: { type: "boolean", default: false },
  });
  if (positionals.length === 0) throw new WrongCall("name the files and folders to change");
  const unknown = positionals.find((path) => !existsSync(path));
  if (unknown !== undefined) throw new WrongCall(`there is no ${JSON.stringify(unknown)}`);
  return {
    most: values.most === undefined ? Number.POSITIVE_INFINITY : integerOption("most", values.most, 1, 1_000_000),
    chosen: pattern(values.tests),
    slow: numberOption("slow", values.slow, 0, 1_000),
    jobs: integerOption("jobs", values.jobs, 1, 64),
    integration: values.integration,
    workerd: values.workerd,
    files: positionals.flatMap((path) =>
      statSync(path).isDirectory() ? globSync(`${path}/**/*.ts`) : [normalize(path)],
    ),
  };
});

/** The mutants of a file, and what came of those that were tried so far. */
interface Score {
  readonly file: string;
  readonly source: string;
  readonly mutants: readonly Mutant[];
  readonly related: readonly Related[];
  killed: number;
  /** With how many the process died. They are not among the noticed ones. */
  died: number;
  tried: number;
}

function scoreOf(file: string): Score {
  const source = readFileSync(file, "utf8");
  const mutants = spread(findMutants(file, source), most);
  const related = relatedTests(file, { integration, workerd }).filter(({ test }) => chosen.test(test));
  return { file, source, mutants, related, killed: 0, died: 0, tried: 0 };
}

const scores = files
  .sort()
  .map(scoreOf)
  .filter(({ mutants }) => mutants.length > 0);

/**
 * How long each test takes without a mutant, in milliseconds. The first run compiles, too. Each copy must pass a test: one that cannot run any would
 * take every mutant for noticed.
 */
async function costs([copy, ...others]: readonly Copy[]): Promise<ReadonlyMap<string, number>> {
  const tests = [...new Set(scores.flatMap(({ related }) => related.map(({ test }) => test)))];
  if (copy === undefined) return new Map();
  await copy.run(tests);
  const { failed, by, took } = await copy.run(tests);
  const first = await Promise.all(others.map((other) => other.run(tests.slice(0, 1))));
  if (failed || first.some((result) => result.failed))
    throw new Error(`the tests fail without a mutant (${by ?? "an error outside a test"})`);
  return new Map(Object.entries(took));
}

/** What remains to be done, in shares of one file each. */
function sharesOf(score: Score, cost: ReadonlyMap<string, number>) {
  const tests = score.related.filter(({ test, near }) => near || (cost.get(test) ?? 0) <= 1_000 * slow);
  const order = new Order(
    tests.map(({ test }) => test),
    cost,
  );
  return Array.from({ length: Math.ceil(score.mutants.length / SHARE) }, (_, n) => ({
    score,
    order,
    mutants: score.mutants.slice(n * SHARE, (n + 1) * SHARE),
  }));
}

const alsoDied = (count: number) => (count === 0 ? "" : `, with ${count} the process died`);

async function tryMutant(copy: Copy, score: Score, order: Order, mutant: Mutant): Promise<void> {
  const { file, source, mutants, related } = score;
  const tests = order.tests();
  const { failed, died, by } = await copy.try(file, source, mutated(source, mutant), tests);
  if (by !== undefined) order.noticed(by);
  if (died) {
    score.died += 1;
    console.log(`died: ${describe(file, mutant)}`);
  } else if (failed) score.killed += 1;
  else console.log(`survived: ${describe(file, mutant)}`);
  score.tried += 1;
  if (score.tried < mutants.length) return;
  const tooSlow = related.flatMap(({ test }) => (tests.includes(test) ? [] : [test]));
  const leftOut = tooSlow.length === 0 ? "" : `, too slow: ${tooSlow.join(", ")}`;
  const counts = `${score.killed} of ${mutants.length}${alsoDied(score.died)}`;
  console.log(`${file}: ${counts} (${tests.length} test files${leftOut})`);
}

removeAtEnd();
const copies = Array.from({ length: jobs }, (_, n) => new Copy(String(n), integration || workerd));
const cost = await costs(copies);
const shares = scores.flatMap((score) => sharesOf(score, cost));
await Promise.all(
  copies.map(async (copy) => {
    for (let share = shares.shift(); share !== undefined; share = shares.shift())
      for (const mutant of share.mutants) await tryMutant(copy, share.score, share.order, mutant);
    await copy.end();
  }),
);
for (const [folder, own] of Map.groupBy(scores, ({ file }) => dirname(file))) {
  const killed = own.reduce((sum, score) => sum + score.killed, 0);
  const died = own.reduce((sum, score) => sum + score.died, 0);
  const mutants = own.reduce((sum, score) => sum + score.mutants.length, 0);
  const share = `${Math.round((100 * killed) / mutants)} %`;
  console.log(`${folder}: ${killed} of ${mutants} mutants noticed (${share})${alsoDied(died)}`);
}
