/** `npm run chaos -- --seconds S --seed N --rate R [...]`: the failure campaign; `--help` has all options. Exit 1 if an invariant was violated. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCall } from "../../infra/cli/script-call.ts";
import { type CampaignResult, runCampaign } from "./campaign.ts";
import { check } from "./checker.ts";
import { type CampaignOptions, HELP, readOptions } from "./options.ts";
import { describe, summarize } from "./summary.ts";

/** The exit status that shells give a program which a signal has ended: 128 and SIGINT's 2. */
const INTERRUPTED = 130;

/** Whatever ends the run, everything that it started is stopped. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(name, () => controller.abort());
  return controller.signal;
}

async function main(options: CampaignOptions): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "cf-eventhub-chaos-"));
  console.log(`seed ${options.seed}: ${options.seconds} s of load at ${options.rate} calls/s, in ${directory}`);
  const interrupt = onInterrupt();
  let result: CampaignResult;
  try {
    result = await runCampaign(options, directory, interrupt);
  } catch (error) {
    if (!interrupt.aborted)
      throw new Error(`the campaign ended by an error; the Workers' log is in ${directory}`, { cause: error });
    await rm(directory, { recursive: true, force: true });
    console.log("interrupted: all is stopped, nothing is judged");
    return INTERRUPTED;
  }
  const violations = check(result.evidence);
  const summary = summarize(options, result);
  console.log(describe(summary, violations));
  if (violations.length > 0 || options.keep) {
    const json = JSON.stringify(result.evidence, (_, value) => (value instanceof Set ? [...value] : value));
    await writeFile(join(directory, "evidence.json"), json);
    console.log(`the evidence and the Workers' log are in ${directory}`);
  } else {
    await rm(directory, { recursive: true, force: true });
  }
  console.log(JSON.stringify({ ...summary, violations: violations.length }));
  if (violations.length === 0) return 0;
  console.log(
    `repeat it with: npm run chaos -- --seconds ${options.seconds} --rate ${options.rate} --seed ${options.seed}` +
      (options.alarm ? " --alarm" : "") +
      (options.collector === undefined ? "" : ` --collector ${options.collector}`) +
      (options.to === undefined ? "" : ` --to ${options.to.join(",")}`),
  );
  return 1;
}

const options = readCall({ name: "chaos", help: HELP }, readOptions);
try {
  process.exitCode = await main(options);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
process.exit();
