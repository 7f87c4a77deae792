import { existsSync } from "node:fs";
import { join } from "node:path";
import colors from "picocolors";
import { sourceOf } from "../../project/read-source.ts";
import { count } from "../count-noun.ts";
import { WrongCall } from "../exit.ts";
import { emitLines } from "./add-service-binding.ts";
import { askToWrite, Cancelled, choose, type InitOptions, refuseName } from "./choices.ts";
import { type Plan, planOf } from "./plan.ts";
import { diffText } from "./show.ts";
import { type Survey, survey } from "./survey.ts";
import { TEMPLATES } from "./templates.ts";
import { writeChanges } from "./write.ts";

/** `eventhub init`: adds a hub to a project. */
export async function initCommand(options: InitOptions): Promise<void> {
  try {
    await init(options);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    console.log("Nothing was written.");
  }
}

async function init(options: InitOptions): Promise<void> {
  const { yes = false, dryRun = false, root = ".", name } = options;
  if (name !== undefined) refuseName(name);
  const asks = !yes && !dryRun;
  if (asks && !(process.stdin.isTTY && process.stdout.isTTY)) {
    throw new WrongCall(
      `without a terminal init cannot ask: pass --yes (with --template ${Object.keys(TEMPLATES).join(" or ")}), or --dry-run to see what it would write`,
    );
  }
  const found = survey(root);
  const choices = await choose(options, found, asks);
  const plan = planOf(found, choices, name);
  tell(plan, dryRun);
  if (plan.changes.length === 0 || dryRun) return;
  if (asks && !(await askToWrite(plan.changes.length))) throw new Cancelled();
  writeChanges(found.root, plan.changes, () => undefined);
  console.log(`${colors.green("Wrote")} ${count(plan.changes.length, "file")}. Next:\n\n${nextSteps(found, plan)}`);
}

/** Shows what changes, what stays, and what is left to a person. */
function tell({ changes, kept, advice }: Plan, dryRun: boolean): void {
  for (const change of changes) console.log(`${diffText(change)}\n`);
  if (kept.length > 0) console.log(`Left as it is, although it differs from what init writes: ${kept.join(", ")}\n`);
  for (const sentence of advice) console.log(`${colors.yellow(sentence)}\n`);
  if (changes.length === 0) console.log("Nothing to do: everything exists already.");
  else if (dryRun)
    console.log(`Nothing was written. Without --dry-run, init would write ${count(changes.length, "file")}.`);
}

function nextSteps({ root }: Survey, { scripts, example, producers }: Plan): string {
  const manager = managerOf(root);
  const [worker] = producers;
  return [
    ...(worker === undefined ? [] : [`  emit in ${worker.name}:  ${emitLines(sourceOf(worker))}`]),
    `  ${manager} install`,
    ...(worker === undefined ? [] : [`  ${manager} run ${scripts.types.padEnd(16)} so that env.EVENTHUB has emit`]),
    `  ${manager} run ${scripts.dev.padEnd(16)} the hub and your Workers, on this machine`,
    ...(example ? [`  ${manager} run ${scripts.test.padEnd(16)} its test`] : []),
  ].join("\n");
}

/** The project's package manager, recognised by its lock file. */
function managerOf(root: string): string {
  const lockFiles = { "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn", "bun.lock": "bun", "bun.lockb": "bun" };
  return Object.entries(lockFiles).find(([file]) => existsSync(join(root, file)))?.[1] ?? "npm";
}
