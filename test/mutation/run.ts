/**
 * `npm run mutate -- [--most N] [--tests N] <paths>` puts one small fault after another into the files, and reports those that no unit test notices.
 * `--most` limits the mutants of each file, which are spread over it. `--tests` (default 8) limits the test files to those that import the file most
 * directly.
 */
import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { parseArgs } from "node:util";
import { findMutants, type Mutant, mutated } from "./mutants.ts";
import { relatedTests } from "./related.ts";
import { prepareCopy, removeCopy, trial } from "./trial.ts";

const USAGE = "usage: npm run mutate -- [--most N] [--tests N] <files and folders>";

/** At most this many, as far from each other as possible. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)] as T);
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 80);
const describe = (file: string, { line, original, replacement }: Mutant) =>
  `${file}:${line}: ${oneLine(original)} -> ${oneLine(replacement)}`;

const options = { most: { type: "string", default: "Infinity" }, tests: { type: "string", default: "8" } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [most, testFiles] = [Number(values.most), Number(values.tests)];
if (positionals.length === 0 || Number.isNaN(most) || Number.isNaN(testFiles)) {
  console.error(USAGE);
  process.exit(2);
}
const files = positionals.flatMap((path) =>
  statSync(path).isDirectory() ? globSync(`${path}/**/*.ts`) : [normalize(path)],
);
prepareCopy();
process.once("exit", removeCopy);
const scores = new Map<string, { killed: number; mutants: number }>();
for (const file of files.sort()) {
  const source = readFileSync(file, "utf8");
  const mutants = spread(findMutants(file, source), most);
  if (mutants.length === 0) continue;
  const tests = relatedTests(file, testFiles);
  if (tests.length > 0 && (await trial(file, source, source, tests)) === "failed")
    throw new Error(`${file}: its tests fail as it is`);
  let killed = 0;
  for (const mutant of mutants) {
    if (tests.length > 0 && (await trial(file, source, mutated(source, mutant), tests)) === "failed") killed += 1;
    else console.log(`survived: ${describe(file, mutant)}`);
  }
  console.log(`${file}: ${killed} of ${mutants.length} (${tests.length} test files)`);
  const folder = scores.get(dirname(file)) ?? { killed: 0, mutants: 0 };
  scores.set(dirname(file), { killed: folder.killed + killed, mutants: folder.mutants + mutants.length });
}
for (const [folder, { killed, mutants }] of scores)
  console.log(`${folder}: ${killed} of ${mutants} mutants noticed (${Math.round((100 * killed) / mutants)} %)`);
