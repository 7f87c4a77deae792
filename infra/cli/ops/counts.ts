import type { Command } from "commander";
import { findProblems } from "../../../workers/hub/operator/problems.ts";
import { getStats } from "../../../workers/hub/operator/stats.ts";
import { getTraffic } from "../../../workers/hub/operator/traffic.ts";
import { moment } from "./filters.ts";
import { defined, type Options, type Run } from "./options.ts";
import { print } from "./print.ts";
import { showProblems, showStats, showTraffic } from "./show-counts.ts";

/** The commands that count: what went wrong, what resulted, what came in. */
export function addCounts(program: Command, run: Run): void {
  program
    .command("problems")
    .description("what ended without success and was not retried, by cause; and what is overdue")
    .option("--since <time>", "default a day ago", moment)
    .option("--destination <name>", "of this one only")
    .action(({ since, destination }: Options) =>
      run(async ({ context }, json) =>
        print(await findProblems(context.database, defined({ since, destination })), json, showProblems),
      ),
    );
  bucketed(program.command("stats").description("results by time and destination")).action((options: Options) =>
    run(async ({ context }, json) => print(await getStats(context.database, bucketsOf(options)), json, showStats)),
  );
  bucketed(program.command("traffic").description("events emitted, and how long their delivery took, by time")).action(
    (options: Options) =>
      run(async ({ context }, json) =>
        print(await getTraffic(context.database, bucketsOf(options)), json, showTraffic),
      ),
  );
}

const bucketed = (command: Command) =>
  command
    .option("--since <time>", "default a day ago", moment)
    .option("--bucket <bucket>", "minute, hour (default), day or seconds");

function bucketsOf({ since, bucket }: Options): Options {
  const seconds = typeof bucket === "string" && /^\d+$/.test(bucket) ? Number(bucket) : bucket;
  return defined({ since, bucket: seconds });
}
