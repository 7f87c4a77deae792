import pLimit from "p-limit";
import { flowRulesOf } from "../../../schema/config/destinations/flow.ts";
import { destinationOf } from "../../../schema/config/routes.ts";
import { letGo, sweep } from "../../../schema/queries/flow/arrive.ts";
import { readFlowDestination } from "../../../schema/queries/flow/read-flow-destinations.ts";
import { log } from "../../../schema/text/log.ts";
import { startPullers } from "../../../workflows/flow/start-pullers.ts";
import type { ExecutorContext } from "../context.ts";
import { CONCURRENT_QUESTIONS } from "../limits.ts";
import { startingFrom } from "../workflow-binding.ts";
import type { Look } from "./look.ts";

/**
 * Looks after destinations with limits or an order: what waits there without anybody knowing, since a message was lost, gets into line, and where
 * nobody is at work though there is something to do, somebody is asked to be. Gives the number of Workflow instances that were started.
 */
export async function lookAfterFlows(context: ExecutorContext, { graceSeconds }: Look): Promise<number> {
  const { database, config } = context;
  const known = (await database.run(readFlowDestination())).map(({ destination }) => destination);
  const declared = Object.keys(config.destinations).filter(
    (name) => flowRulesOf(config.destinations[name]) !== undefined,
  );
  const started = await pLimit(CONCURRENT_QUESTIONS).map(new Set([...known, ...declared]), async (destination) => {
    // Only of what is configured: what a deployment leaves out by mistake stays as it was.
    const now = destinationOf(config, destination);
    if (now !== undefined && flowRulesOf(now)?.hold !== true) await letGoOn(destination, context);
    return startPullers(destination, sweep(destination, graceSeconds), startingFrom(context));
  });
  return started.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** What a configuration of before holds goes on: by now the order skips what fails for good, or there is none. */
async function letGoOn(destination: string, { database }: ExecutorContext): Promise<void> {
  const [row] = await database.run(letGo(destination));
  if (row !== undefined && row.released > 0) log("info", "flow.released", { destination, dispatches: row.released });
}
