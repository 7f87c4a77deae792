/** `npm run bench`: how this hub compares with the one it grew out of, and how far it is from the limits underneath. */
import { writeFile } from "node:fs/promises";
import type { Bench, Row } from "./bench.ts";
import { bursts } from "./cases/bursts.ts";
import { type Costs, countCosts } from "./cases/counts.ts";
import { emitting } from "./cases/emit.ts";
import { fullTables } from "./cases/full-tables.ts";
import { idle } from "./cases/idle.ts";
import { payloads } from "./cases/payloads.ts";
import { retries } from "./cases/retries.ts";
import { slowHandler } from "./cases/slow-handler.ts";
import { type Floor, measureFloor } from "./floor.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { drawChart } from "./report/chart.ts";
import { formatCosts } from "./report/counts.ts";
import { formatFloor } from "./report/floor.ts";
import { formatReadme } from "./report/readme.ts";
import { formatRows } from "./report/table.ts";
import { CHART, FULL, machine, QUICK, type Results, readResults, writeResults } from "./results.ts";
import { startStack } from "./stack/stack.ts";
import { warmUp } from "./warm-up.ts";

/** In the order of the run; `full` ones are left out by `--quick`. */
const CASES: readonly {
  letter: string;
  full?: true;
  /** Given the rows of the cases before it. */
  run: (bench: Bench, before: readonly Row[]) => Promise<Row[]>;
}[] = [
  { letter: "a", run: bursts },
  { letter: "b", run: slowHandler },
  { letter: "c", run: emitting },
  { letter: "d", run: idle },
  { letter: "e", full: true, run: retries },
  { letter: "f", full: true, run: payloads },
  { letter: "g", full: true, run: fullTables },
];

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.readme) {
    console.log(formatReadme(await readResults(FULL)));
    return;
  }
  const results = await measure(options);
  console.log(formatFloor(results.floor));
  console.log(formatRows(results.rows));
  if (results.costs !== undefined) console.log(formatCosts(results.costs));
  console.log(`${results.date}, ${results.machine}, ${Math.round(results.seconds)} s`);
  if (options.cases !== undefined) return;
  await writeResults(options.quick ? QUICK : FULL, results);
  if (!options.quick) await writeFile(CHART, drawChart(results.rows, `${results.date}, ${results.machine}`));
}

async function measure({ quick, cases }: Options): Promise<Results> {
  const start = performance.now();
  const stack = await startStack();
  try {
    const bench: Bench = { ...stack, quick };
    const wanted = (letter: string, full = false) => cases?.has(letter) ?? !(quick && full);
    await warmUp(bench);
    const floor: Floor = await measureFloor(bench);
    const rows: Row[] = [];
    for (const { letter, full, run } of CASES) {
      if (!wanted(letter, full)) continue;
      note(letter, start);
      rows.push(...(await run(bench, rows)));
    }
    let costs: Costs | undefined;
    if (wanted("h", true)) {
      note("h", start);
      costs = await countCosts(bench);
    }
    return {
      date: new Date().toISOString().slice(0, 10),
      machine: machine(stack.ramDisk),
      command: quick ? "npm run bench -- --quick" : "npm run bench",
      seconds: (performance.now() - start) / 1_000,
      floor,
      rows,
      costs,
    };
  } finally {
    await stack.stop();
  }
}

const note = (letter: string, start: number) =>
  console.error(`${((performance.now() - start) / 1_000).toFixed(0).padStart(5)} s  case ${letter}`);

// Not `once`: a second signal would end this before its Workers are.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
await main().catch((error: unknown) => {
  console.error(error instanceof TypeError ? `${error.message}\n${HELP}` : error);
  process.exitCode = 1;
});
