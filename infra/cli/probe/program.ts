import { type Command, InvalidArgumentError } from "commander";
import { examples } from "../commander.ts";
import type { ProbeOptions } from "./options.ts";

const HELP = `
It deploys two Workers, a Workflow and a queue to the account that wrangler is
logged in to, measures, and removes them. It is billed as about four calls of a
Worker for each of --calls: less than a cent.`;

/** Adds `probe`: measures what the platform allows, where you deploy. */
export function defineProbe(program: Command): Command {
  program
    .option("--local", "use this machine's engine, and deploy nothing", false)
    .option("--name <name>", "the name of what is deployed", "eventhub-probe")
    .option("--calls <n>", "most calls of one request, step or instance", calls, 12_000)
    .option("--json", "print JSON", false)
    .option("--yes", "deploy without asking", false)
    .addHelpText("after", HELP)
    .action(async (options: ProbeOptions) => {
      const { runProbe } = await import("./run.ts");
      await runProbe(options);
    });
  return examples(program, "", "--local --calls 1000");
}

function calls(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= 100_000) return value;
  throw new InvalidArgumentError("Give an integer from 1 to 100000.");
}
