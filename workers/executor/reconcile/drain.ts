import type { RouteConfig } from "../../../schema/config/routes.ts";
import { drainResumed } from "../../../schema/queries/destinations/drain-resumed.ts";
import type { NoticeRow } from "../../../schema/queries/fragments/notice-columns.ts";
import { DEFAULT_DRAIN_PER_SECOND } from "../../../schema/vocabulary/defaults.ts";
import type { ExecutorContext } from "../context.ts";

/** The most statements in a run. */
const MAX_DRAINS = 12;

/**
 * Enqueues the dispatches that resumed destinations held, as their rates allow. Returns their number.
 *
 * @param send Returns false if the send was refused. Reconciling finds those dispatches, like all whose messages are lost.
 */
export async function drain(
  { database, config }: Pick<ExecutorContext, "database" | "config">,
  send: (rows: readonly NoticeRow[]) => Promise<boolean>,
): Promise<number> {
  const rates = drainRates(config);
  let drained = 0;
  for (let round = 0; round < MAX_DRAINS; round++) {
    // A repeat would return the next dispatches. Those of the lost answer would then have no message.
    const rows = await database.run(drainResumed(rates, DEFAULT_DRAIN_PER_SECOND), { idempotent: false });
    if (rows.length === 0 || !(await send(rows))) break;
    drained += rows.length;
  }
  return drained;
}

const drainRates = ({ destinations }: RouteConfig) =>
  Object.entries(destinations).flatMap(([name, { drainPerSecond }]) =>
    drainPerSecond === undefined ? [] : [{ name, perSecond: drainPerSecond }],
  );
