/** `npm run chaos:statements -- --seconds S --seed N`: the fuzzer of interleavings. Exit 1 if an invariant was violated. */

import { migrate } from "../../../infra/cli/migrate/migrate.ts";
import { readCall } from "../../../infra/cli/script-call.ts";
import { startPostgres } from "../../../infra/local/postgres/postgres.ts";
import { Findings } from "./findings.ts";
import { fuzz } from "./fuzz.ts";
import { type FuzzOptions, HELP, readOptions } from "./options.ts";
import { describeCounts, describeViolations } from "./report.ts";

const PROGRESS_MS = 60_000;

/** The exit status that shells give a program which a signal has ended: 128 and SIGINT's 2. */
const INTERRUPTED = 130;

async function main({ seconds, seed }: FuzzOptions): Promise<number> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => interrupt.abort());
  console.log(`seed ${seed}: ${seconds} s`);
  // Unlike a test, an hour of updates needs vacuum.
  await using resources = new AsyncDisposableStack();
  const postgres = await startPostgres({ temporary: true, settings: { autovacuum: "on", autovacuum_naptime: "15s" } });
  resources.defer(() => postgres.stop());
  await migrate(postgres.url);
  const findings = new Findings();
  const began = Date.now();
  const progress = setInterval(() => {
    const minutes = Math.round((Date.now() - began) / 60_000);
    const transactions = findings.counts.get("transactions") ?? 0;
    console.log(`${minutes} min: ${transactions} transactions, ${findings.violations.length} violations`);
  }, PROGRESS_MS);
  resources.defer(() => clearInterval(progress));
  await fuzz({ url: postgres.url, seed, seconds, signal: interrupt.signal, findings });
  console.log(describeCounts(findings));
  console.log(describeViolations(findings));
  if (findings.violations.length > 0) {
    console.log(`repeat it with: npm run chaos:statements -- --seconds ${seconds} --seed ${seed}`);
    return 1;
  }
  return interrupt.signal.aborted ? INTERRUPTED : 0;
}

const options = readCall({ name: "chaos:statements", help: HELP }, readOptions);
try {
  process.exitCode = await main(options);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
process.exit();
