import type { RouteConfig } from "../../../schema/config/routes.ts";
import {
  type BreakerRule,
  closeBreakers,
  settleProbes,
  startProbes,
  tripBreakers,
} from "../../../schema/queries/destinations/decide-breakers.ts";
import type { NoticeRow } from "../../../schema/queries/fragments/notice-columns.ts";
import { log } from "../../../schema/text/log.ts";
import type { ExecutorContext } from "../context.ts";
import type { BreakersRun } from "./reconciled.ts";

/** Trips and closes breakers, and sends their probes through `send`. */
export async function runBreakers(
  { database, config }: Pick<ExecutorContext, "database" | "config">,
  send: (rows: readonly NoticeRow[]) => Promise<unknown>,
): Promise<BreakersRun> {
  const rules = breakerRules(config);
  // In one request. Breakers are closed first, so that a destination that has recovered is not probed again.
  const [closed, tripped, , probes] = await database.transaction<
    [{ name: string }, { name: string }, never, NoticeRow]
  >([closeBreakers(), tripBreakers(rules), settleProbes(rules), startProbes()]);
  for (const { name } of tripped) log("warn", "destination.paused", { destination: name, by: "breaker" });
  for (const { name } of closed) log("info", "destination.resumed", { destination: name, by: "breaker" });
  if (probes.length > 0) await send(probes);
  return { tripped: tripped.length, closed: closed.length, probed: probes.length };
}

const breakerRules = ({ destinations }: RouteConfig): BreakerRule[] =>
  Object.entries(destinations).flatMap(([name, { breaker }]) => (breaker === undefined ? [] : [{ name, ...breaker }]));
