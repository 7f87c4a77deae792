import pLimit from "p-limit";
import { flowRulesOf } from "../../../schema/config/destinations/flow.ts";
import { destinationOf } from "../../../schema/config/routes.ts";
import { letGo, sweep } from "../../../schema/queries/flow/arrive.ts";
import { readFlowDestination } from "../../../schema/queries/flow/read-flow-destinations.ts";
import { log } from "../../../schema/text/log.ts";
import { startPullers } from "../../../workflows/flow/start-pullers.ts";
import { CONCURRENT_QUESTIONS } from "../asking-limits.ts";
import type { ExecutorContext } from "../context.ts";
import { startingFrom } from "../workflow-binding.ts";
import type { Look } from "./where-to-look.ts";

/**
 * Looks after destinations with limits or an order. Dispatches that wait unnoticed because their message was lost join the line. If there is work and
 * no instance does it, one is started. Returns the number of started Workflow instances, and whether it is uncertain for some destination that an
 * instance looks after it.
 */
export async function lookAfterFlows(
  context: ExecutorContext,
  { graceSeconds }: Look,
): Promise<{ started: number; unfinished: boolean }> {
  const { database, config } = context;
  const known = (await database.run(readFlowDestination())).map(({ destination }) => destination);
  const declared = Object.keys(config.destinations).filter(
    (name) => flowRulesOf(config.destinations[name]) !== undefined,
  );
  const started = await pLimit(CONCURRENT_QUESTIONS).map(new Set([...known, ...declared]), async (destination) => {
    // Only for configured destinations: one that a deployment leaves out by mistake stays as it was.
    const now = destinationOf(config, destination);
    if (now !== undefined && flowRulesOf(now)?.hold !== true) await letGoOn(destination, context);
    return startPullers(destination, sweep(destination, graceSeconds), startingFrom(context));
  });
  return {
    started: started.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    unfinished: started.includes(undefined),
  };
}

/** Releases the keys that an earlier configuration made wait. The order now skips dispatches that failed for good, or there is no order any more. */
async function letGoOn(destination: string, { database }: ExecutorContext): Promise<void> {
  const [row] = await database.run(letGo(destination));
  if (row !== undefined && row.released > 0) log("info", "flow.released", { destination, dispatches: row.released });
}
