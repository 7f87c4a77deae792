import { fingerprintOf } from "../../../schema/config/fingerprint.ts";
import { storedHealthRules } from "../../../schema/config/health.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { type BegunRun, beginRun, endRun } from "../../../schema/queries/setup/beat.ts";
import { readSetup, type SetupRow } from "../../../schema/queries/setup/find-silent-parts.ts";
import { secondsBetween } from "../../../schema/text/cron-interval.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { tellSetup } from "../../../schema/text/setup-fault.ts";
import { routePending } from "../emit/route-pending.ts";
import { cancelStep } from "./cancel.ts";
import type { OperatorContext } from "./context.ts";
import { resumeAbandoned } from "./operations.ts";
import { replayStep } from "./replay.ts";
import { retryStep } from "./retry.ts";
import type { Ticked } from "./ticked.ts";

const STEPS = { retry_dispatches: retryStep, replay_events: replayStep, cancel_dispatches: cancelStep };

/** Continues abandoned bulk work, and routes events that were emitted in SQL. `cron` is the expression, if a cron has called. */
export async function tick(context: OperatorContext, cron?: string): Promise<Ticked> {
  const began = Date.now();
  await beginAndLook(context, cron);
  try {
    const ticked = await work(context);
    await end(context, began, ticked);
    return ticked;
  } catch (error) {
    // If the database does not answer, it is not asked again.
    if (!(error instanceof DatabaseError && error.transient)) {
      await end(context, began, { failed: errorText(error).slice(0, MAX_NOTED_ERROR) });
    }
    throw error;
  }
}

/** The most characters of an error in a heartbeat. */
const MAX_NOTED_ERROR = 200;

async function work(context: OperatorContext): Promise<Ticked> {
  const { database, enqueue } = context;
  // First, since it needs no valid configuration.
  const operations = await resumeAbandoned(STEPS, context);
  return {
    operations,
    routed: await routePending({ database, routes: context.routes(), events: context.events?.(), enqueue }),
  };
}

/** Leaves the hub's heartbeat, and logs whether the executor's parts run. Never throws, so that the other work is done. */
async function beginAndLook(context: OperatorContext, cron: string | undefined): Promise<void> {
  try {
    const { sleeps = false } = context;
    const run = { ...(await configured(context)), nextSeconds: secondsBetween(cron), sleeps };
    const [, setup] = await context.database.transaction<[never, SetupRow]>([beginRun("hub", run), readSetup()]);
    tellSetup(setup);
  } catch (error) {
    log("warn", "setup.unknown", { error: errorText(error) });
  }
}

/** The fingerprint and the health rules of the configuration, if it is valid. */
async function configured({ routes }: OperatorContext): Promise<Pick<BegunRun, "configuration" | "health">> {
  try {
    const { config } = routes();
    return { configuration: await fingerprintOf(config), health: storedHealthRules(config) };
  } catch {
    return { configuration: undefined };
  }
}

/** Stores what the run has done. Never throws, because the work is done. */
async function end({ database }: OperatorContext, began: number, found: object): Promise<void> {
  try {
    await database.run(endRun("hub", { tookMs: Date.now() - began, found }));
  } catch (error) {
    log("warn", "setup.unknown", { error: errorText(error) });
  }
}
