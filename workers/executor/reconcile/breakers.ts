import { DEFAULT_DRAIN_PER_SECOND } from "../../../schema/config/destinations/breaker-and-drain.ts";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { drainResumed } from "../../../schema/queries/destinations/drain-resumed.ts";
import {
  type BreakerRule,
  closeBreakers,
  settleProbes,
  startProbes,
  tripBreakers,
} from "../../../schema/queries/destinations/trip-breakers.ts";
import type { NoticeRow } from "../../../schema/queries/fragments/notice-columns.ts";
import { log } from "../../../schema/text/log.ts";

/** What one run did for destinations: breakers in destinations, the others in dispatches. */
export interface Cared {
  tripped: number;
  closed: number;
  probed: number;
  drained: number;
}

/** Statements of draining a run. */
const MAX_DRAINS = 12;

interface CareContext {
  database: Database;
  config: RouteConfig;
  /** Enqueues; false if it was refused. What it does not enqueue, reconciling finds, as all that was enqueued in vain. */
  send(rows: readonly NoticeRow[]): Promise<boolean>;
}

/** Trips and closes breakers, and lets their probes through. */
export async function careForBreakers({ database, config, send }: CareContext): Promise<Omit<Cared, "drained">> {
  const rules = breakerRules(config);
  // In one request. Closed first, so that a destination that has recovered is not probed again.
  const [closed, tripped, , probes] = await database.transaction<
    [{ name: string }, { name: string }, never, NoticeRow]
  >([closeBreakers(), tripBreakers(rules), settleProbes(rules), startProbes()]);
  for (const { name } of tripped) log("warn", "destination.paused", { destination: name, by: "breaker" });
  for (const { name } of closed) log("info", "destination.resumed", { destination: name, by: "breaker" });
  if (probes.length > 0) await send(probes);
  return { tripped: tripped.length, closed: closed.length, probed: probes.length };
}

/** Enqueues what resumed destinations held, as their rates allow. Gives its number. */
export async function drain({ database, config, send }: CareContext): Promise<number> {
  const rates = drainRates(config);
  let drained = 0;
  for (let round = 0; round < MAX_DRAINS; round++) {
    // A repeat would answer with the next ones, and those of the answer that was lost would have no message.
    const rows = await database.run(drainResumed(rates, DEFAULT_DRAIN_PER_SECOND), { idempotent: false });
    if (rows.length === 0 || !(await send(rows))) break;
    drained += rows.length;
  }
  return drained;
}

const breakerRules = ({ destinations }: RouteConfig): BreakerRule[] =>
  Object.entries(destinations).flatMap(([name, { breaker }]) => (breaker === undefined ? [] : [{ name, ...breaker }]));

const drainRates = ({ destinations }: RouteConfig) =>
  Object.entries(destinations).flatMap(([name, { drainPerSecond }]) =>
    drainPerSecond === undefined ? [] : [{ name, perSecond: drainPerSecond }],
  );
