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
  // First, since it needs no configuration that is in order.
  const operations = await resumeAbandoned(STEPS, context);
  const { database, enqueue } = context;
  return { operations, routed: await routePending({ database, routes: context.routes(), enqueue }) };
}
