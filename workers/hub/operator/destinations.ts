import type { Database } from "../../../schema/database.ts";
import type { DestinationState, PausedDestination, PeriodHealth } from "../../../schema/operator.ts";
import {
  type DestinationHealthRow,
  type DestinationRow,
  readDestinationHealth,
  readDestinations,
  readPaused,
} from "../../../schema/queries/read-destinations.ts";
import { destinationOf, type RouteConfig } from "../../../schema/routes.ts";

/** Every destination that the configuration or the database knows, by name. */
export async function listDestinations(
  database: Database,
  config: RouteConfig | undefined,
): Promise<DestinationState[]> {
  const [health, rows] = await database.transaction<[DestinationHealthRow, DestinationRow]>([
    readDestinationHealth(),
    readDestinations(),
  ]);
  const configured =
    config === undefined
      ? []
      : [...Object.keys(config.destinations), ...config.routes.map((route) => route.destination)];
  const names = new Set([...configured, ...health.map((row) => row.destination)]);
  return [...names].sort().map((name) => {
    const state = rows.find((row) => row.name === name);
    const of = (period: string) => health.find((row) => row.destination === name && row.period === period);
    return {
      name,
      kind: (config && destinationOf(config, name)?.kind) ?? null,
      pausedAt: state?.paused_at ?? null,
      pausedBy: state?.paused_by ?? null,
      pauseReason: state?.pause_reason ?? null,
      draining: (state?.drain_from ?? null) !== null,
      ongoing: Number(of("hour")?.ongoing ?? 0),
      oldestOngoing: of("hour")?.oldest_ongoing ?? null,
      hour: toHealth(of("hour")),
      day: toHealth(of("day")),
    };
  });
}

/** Those that are paused or drain, the longest paused first; without their health it costs next to nothing. */
export async function listPaused(database: Database): Promise<PausedDestination[]> {
  return (await database.run(readPaused())).map((row) => ({
    name: row.name,
    pausedAt: row.paused_at,
    pausedBy: row.paused_by,
    pauseReason: row.pause_reason,
    draining: row.drain_from !== null,
    ongoing: row.ongoing,
  }));
}

function toHealth(row: DestinationHealthRow | undefined): PeriodHealth {
  const count = (text: string | undefined) => Number(text ?? 0);
  return {
    successRate: row?.success_rate === undefined || row.success_rate === null ? null : Number(row.success_rate),
    statuses: {
      complete: count(row?.complete),
      ignored: count(row?.ignored),
      failed: count(row?.failed),
      misconfigured: count(row?.misconfigured),
      lost: count(row?.lost),
      cancelled: count(row?.cancelled),
    },
    p50Ms: row?.p50_ms ?? null,
    p95Ms: row?.p95_ms ?? null,
    p99Ms: row?.p99_ms ?? null,
  };
}
