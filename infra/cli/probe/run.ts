import { printableJson } from "../../../schema/text/printable.ts";
import { onInterrupt } from "../../local/interrupt.ts";
import { Resources } from "../../local/resources.ts";
import { agreed, canAsk } from "../ask.ts";
import { WrongCall } from "../exit.ts";
import { measure } from "./measure.ts";
import type { ProbeOptions } from "./options.ts";
import { deploy, startLocally } from "./place.ts";
import { reportOf } from "./report.ts";

/** Names that are valid for Workers, Workflows and queues, with room for `-callee`. */
const NAME = /^[a-z][a-z0-9-]{0,49}$/;

/** Measures what the platform allows, prints it, and removes what it made. */
export async function runProbe({ local, name, calls, json, yes }: ProbeOptions): Promise<void> {
  if (!NAME.test(name))
    throw new WrongCall("--name must have up to 50 lower-case letters, digits and dashes, and begin with a letter");
  if (!local && !yes) {
    if (!canAsk()) throw new WrongCall("probe deploys Workers: pass --yes, or --local for this machine");
    const made = `${name}, ${name}-callee, a Workflow and a queue`;
    if (!(await agreed(`Deploy ${made} to your account, and remove them afterwards?`))) return;
  }
  const say = (line: string) => console.error(line);
  const { signal } = onInterrupt();
  await using resources = new Resources();
  const place = local ? await startLocally(name, resources, signal) : await deploy(name, resources, say);
  const measured = await measure(place, calls, say, signal);
  console.log(json ? printableJson({ ...measured, asked: calls }, 2) : reportOf(measured, calls));
}
