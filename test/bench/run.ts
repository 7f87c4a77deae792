/** `npm run bench` compares this hub with the one it grew out of, and shows how far it is from the limits of the platform. */
import { readCall } from "../../infra/cli/script-call.ts";
import { measure } from "./measure.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { drawChart } from "./report/chart.ts";
import { formatCosts, formatTargets } from "./report/counts.ts";
import { formatFloor } from "./report/floor.ts";
import { formatReadme } from "./report/readme.ts";
import { formatRows } from "./report/table.ts";
import { CHARTS, FULL, formatResults, QUICK, type Results, readResults, writeResult } from "./results.ts";

/** Everything that is running, so that it ends whenever this process ends. */
const resources = new AsyncDisposableStack();

async function main(options: Options): Promise<void> {
  if (options.readme) {
    console.log(formatReadme(await readResults(FULL)));
    return;
  }
  const before = options.cases === undefined ? undefined : await readResults(FULL).catch(() => undefined);
  const { results, failed } = await measure(options, before, resources, (landed) => keep(options, landed));
  if (resources.disposed) return;
  if (results !== undefined) print(results);
  if (failed.length > 0) {
    console.error(`failed: case ${failed.join(", ")}; once mended, npm run bench -- --cases ${failed.join("")}`);
    process.exitCode = 1;
  }
}

/** Writes the results after each case: the next one may fail, or somebody may end the run. */
async function keep({ quick }: Options, results: Results): Promise<void> {
  await writeResult(quick ? QUICK : FULL, formatResults(results));
  if (quick) return;
  const subtitle = `${results.date}, ${results.machine}`;
  for (const theme of ["light", "dark"] as const) {
    await writeResult(CHARTS[theme], drawChart(results.rows, subtitle, theme));
  }
}

function print({ floor, rows, costs, date, machine, commit, seconds }: Results): void {
  console.log(formatFloor(floor));
  console.log(formatRows(rows));
  if (costs !== undefined) console.log(`${formatCosts(costs)}\n${formatTargets(costs)}`);
  console.log(`${date}, ${machine}, ${commit}, ${Math.round(seconds)} s`);
}

const options = readCall({ name: "bench", help: HELP }, readOptions);
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    // A second signal does not wait: the Workers are killed when this process ends, and Postgres stops after that.
    if (interrupted) process.exit(130);
    interrupted = true;
    void resources.disposeAsync().finally(() => process.exit(130));
  });
}
try {
  await main(options);
} catch (error) {
  if (!interrupted) console.error(error);
  process.exitCode = 1;
} finally {
  await resources.disposeAsync();
}
