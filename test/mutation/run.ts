/** `npm run mutate -- <paths>` puts one small fault after another into the files, and reports those that no unit test notices. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, normalize } from "node:path";
import { WrongCall } from "../../infra/cli/exit.ts";
import { integerOption, parseOptionsAndArguments, readCall } from "../../infra/cli/script-call.ts";
import { findMutants, type Mutant, mutated } from "./mutants.ts";
import { relatedTests } from "./related.ts";
import { prepareCopy, removeCopy, trial } from "./trial.ts";

const HELP = `npm run mutate -- [--most N] [--tests N] <files and folders>

Changes the code in small ways, in a copy, and reports the changes that no unit
test notices.

  --most N   at most this many changes of each file, spread over it
  --tests N  only the test files that import the file most directly (default 8)
  --help     this`;

/** At most this many, as far from each other as possible. */
function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, n) => all[Math.floor((n * all.length) / most)] as T);
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 80);
const describe = (file: string, { line, original, replacement }: Mutant) =>
  `${file}:${line}: ${oneLine(original)} -> ${oneLine(replacement)}`;

const { most, testFiles, files } = readCall({ name: "mutate", help: HELP }, (args) => {
  const { values, positionals } = parseOptionsAndArguments(args, {
    most: { type: "string" },
    tests: { type: "string", default: "8" },
  });
  if (positionals.length === 0) throw new WrongCall("name the files and folders to change");
  const unknown = positionals.find((path) => !existsSync(path));
  if (unknown !== undefined) throw new WrongCall(`there is no ${JSON.stringify(unknown)}`);
  return {
    most: values.most === undefined ? Number.POSITIVE_INFINITY : integerOption("most", values.most, 1, 1_000_000),
    testFiles: integerOption("tests", values.tests, 0, 1_000),
    files: positionals.flatMap((path) =>
      statSync(path).isDirectory() ? globSync(`${path}/**/*.ts`) : [normalize(path)],
    ),
  };
});
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
