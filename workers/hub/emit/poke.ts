import { EmitError } from "../../../schema/contract/emit-error.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { type RoutePendingContext, routePending } from "./route-pending.ts";

/**
 * Routes everything that was committed in SQL so far. It does not join a run in progress, which may have begun before the caller's commit.
 *
 * @throws EmitError
 */
export async function pokeEvents(context: RoutePendingContext): Promise<void> {
  try {
    const routed = await routePending(context);
    if (routed > 0) log("info", "events.routed", { events: routed });
  } catch (cause) {
    log("warn", "events.route_failed", { error: errorText(cause) });
    if (!(cause instanceof DatabaseError)) throw cause;
    throw new EmitError(cause.misconfigured ? "misconfigured" : "unavailable", cause.message, { cause });
  }
}
