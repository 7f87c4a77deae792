import type { Database } from "../../schema/database.ts";
import { DEFAULT_DRAIN_PER_SECOND } from "../../schema/destination-care.ts";
import { drainResumed } from "../../schema/queries/drain-resumed.ts";
import type { NoticeRow } from "../../schema/queries/notice-columns.ts";
import {
  type BreakerRule,
  closeBreakers,
  settleProbes,
  startProbes,
  tripBreakers,
} from "../../schema/queries/trip-breakers.ts";
import type { RouteConfig } from "../../schema/routes.ts";
import { log } from "../../workflows/log.ts";

/** What one run did for destinations: breakers in destinations, the others in dispatches. */
export interface Cared {
  tripped: number;
  closed: number;
  probed: number;
  drained: number;
}

/**
 * Looks after paused and resumed destinations: trips and closes breakers, lets their probes through, and drains what was held. `send`
 * enqueues; what it does not, reconciling finds as it finds all that was enqueued in vain.
 */
export async function careForDestinations(
  { database, config }: { database: Database; config: RouteConfig },
  send: (rows: readonly NoticeRow[]) => Promise<unknown>,
): Promise<Cared> {
  const rules = breakerRules(config);
  // In one request. Closed first, so that a destination that has recovered is not probed again.
  const [closed, tripped, , probes, drained] = await database.transaction<
    [{ name: string }, { name: string }, never, NoticeRow, NoticeRow]
  >([
    closeBreakers(),
    tripBreakers(rules),
    settleProbes(rules),
    startProbes(),
    drainResumed(drainRates(config), DEFAULT_DRAIN_PER_SECOND),
  ]);
  for (const { name } of tripped) log("warn", "destination.paused", { destination: name, by: "breaker" });
  for (const { name } of closed) log("info", "destination.resumed", { destination: name, by: "breaker" });
  if (probes.length + drained.length > 0) await send([...probes, ...drained]);
  return { tripped: tripped.length, closed: closed.length, probed: probes.length, drained: drained.length };
}

const breakerRules = ({ destinations }: RouteConfig): BreakerRule[] =>
  Object.entries(destinations).flatMap(([name, { breaker }]) => (breaker === undefined ? [] : [{ name, ...breaker }]));

const drainRates = ({ destinations }: RouteConfig) =>
  Object.entries(destinations).flatMap(([name, { drainPerSecond }]) =>
    drainPerSecond === undefined ? [] : [{ name, perSecond: drainPerSecond }],
  );
