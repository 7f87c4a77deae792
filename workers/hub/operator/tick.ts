import type { Database } from "../../../schema/database/connection.ts";
import { beat } from "../../../schema/queries/setup/beat.ts";
import { readSetup, type SetupRow } from "../../../schema/queries/setup/read-setup.ts";
import { errorText, log } from "../../../schema/text/log.ts";
import { tellSetup } from "../../../schema/text/setup-fault.ts";
import { routePending } from "../emit/route-pending.ts";
import { cancelStep } from "./cancel.ts";
import type { OperatorContext } from "./context.ts";
import { resumeAbandoned } from "./operations.ts";
import { replayStep } from "./replay.ts";
import { retryStep } from "./retry.ts";
import type { Ticked } from "./ticked.ts";

const STEPS = { retry_dispatches: retryStep, replay_events: replayStep, cancel_dispatches: cancelStep };

/** Goes on with bulk work that was left half-way, and routes what was emitted in SQL. */
export async function tick(context: OperatorContext): Promise<Ticked> {
  const { database, enqueue } = context;
  await beatAndLook(database);
  // First, since it needs no configuration that is in order.
  const operations = await resumeAbandoned(STEPS, context);
  return {
    operations,
    routed: await routePending({ database, routes: context.routes(), events: context.events?.(), enqueue }),
  };
}

/** Says that this cron runs, and whether the executor's parts do. Never throws: what else there is to do has its turn. */
async function beatAndLook(database: Database): Promise<void> {
  try {
    const [, setup] = await database.transaction<[never, SetupRow]>([beat("hub"), readSetup()]);
    tellSetup(setup);
  } catch (error) {
    log("warn", "setup.unknown", { error: errorText(error) });
  }
}
