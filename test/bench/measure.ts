import type { Bench, Row } from "./bench.ts";
import { bursts } from "./cases/bursts.ts";
import { countCosts } from "./cases/counts.ts";
import { emitting } from "./cases/emit.ts";
import { fullTables } from "./cases/full-tables.ts";
import { groupSizes } from "./cases/group-sizes.ts";
import { idle } from "./cases/idle.ts";
import { payloads } from "./cases/payloads.ts";
import { retries } from "./cases/retries.ts";
import { slowHandler } from "./cases/slow-handler.ts";
import { measureFloor } from "./floor.ts";
import type { Options } from "./options.ts";
import { commit, machine, type Results } from "./results.ts";
import { type Stack, startStack } from "./stack/stack.ts";
import { warmUp } from "./warm-up.ts";

/** A case returns rows for the table, or the counts. */
type Case = (bench: Bench) => Promise<Pick<Partial<Results>, "rows" | "costs">>;

const inRows = (run: (bench: Bench) => Promise<Row[]>): Case => {
  return async (bench) => ({ rows: await run(bench) });
};

/** In the order of the run. `--quick` leaves out those with `full`. */
const CASES: readonly { letter: string; full?: true; run: Case }[] = [
  { letter: "a", run: inRows(bursts) },
  { letter: "b", run: inRows(slowHandler) },
  { letter: "c", run: inRows(emitting) },
  { letter: "d", run: inRows(idle) },
  { letter: "e", full: true, run: inRows(retries) },
  { letter: "f", full: true, run: inRows(payloads) },
  { letter: "g", full: true, run: inRows(fullTables) },
  { letter: "h", full: true, run: async (bench) => ({ costs: await countCosts(bench) }) },
  { letter: "i", full: true, run: inRows(groupSizes) },
];

/** The longest that a case may take. The longest one takes some five minutes. */
const CASE_LIMIT_MS = 900_000;

/** The results of the run, together with the kept cases of an earlier one, and the letters of the cases that failed. */
export interface Measured {
  results: Results | undefined;
  failed: string[];
}

/**
 * Runs the wanted cases, one after another. If a case fails, this is printed, the others keep their results, and the run continues with a new stack.
 * Reports the results after each case.
 */
export async function measure(
  { quick, cases }: Options,
  before: Results | undefined,
  resources: AsyncDisposableStack,
  landed: (results: Results) => Promise<void>,
): Promise<Measured> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1_000;
  const wanted = CASES.filter(({ letter, full }) => cases?.has(letter) ?? !(quick && full === true));
  const failed: string[] = [];
  let stack: Stack | undefined;
  let warm = false;
  let results: Results | undefined;
  for (const { letter, run } of wanted) {
    try {
      stack ??= await startStack(resources);
      const bench: Bench = { ...stack, quick };
      if (!warm) await warmUp(bench);
      warm = true;
      results ??= merge(before, {
        date: new Date().toISOString().slice(0, 10),
        machine: machine(stack.ramDisk),
        commit: commit(),
        command: quick ? "npm run bench -- --quick" : "npm run bench",
        seconds: 0,
        floor: await measureFloor(bench),
        rows: [],
        costs: undefined,
      });
      console.error(`${seconds().toFixed(0).padStart(5)} s  case ${letter}`);
      const gave = await withLimit(run(bench), `case ${letter}`);
      results = replace(results, letter, gave);
      await landed({ ...results, seconds: results.seconds + seconds() });
    } catch (error) {
      if (resources.disposed) break; // the run was ended
      failed.push(letter);
      console.error(`case ${letter} failed:`, error);
      await stack?.stop();
      stack = undefined;
      warm = false;
    }
  }
  return { results: results && { ...results, seconds: results.seconds + seconds() }, failed };
}

/** The rows of other cases stay if they are of the same commit on the same machine. */
function merge(before: Results | undefined, fresh: Results): Results {
  const same = before !== undefined && before.machine === fresh.machine && before.commit === fresh.commit;
  return same ? { ...fresh, seconds: before.seconds, rows: before.rows, costs: before.costs } : fresh;
}

function replace(
  results: Results,
  letter: string,
  { rows = [], costs }: Pick<Partial<Results>, "rows" | "costs">,
): Results {
  const all = [...results.rows.filter((row) => row.case !== letter), ...rows];
  return {
    ...results,
    rows: all.sort((a, b) => a.case.localeCompare(b.case)),
    costs: letter === "h" ? costs : results.costs,
  };
}

async function withLimit<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} takes longer than ${CASE_LIMIT_MS / 60_000} minutes`)),
      CASE_LIMIT_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
