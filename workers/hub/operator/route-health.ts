import type { RouteHealth } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { readRouteHealth } from "../../../schema/queries/destinations/read-route-health.ts";
import { check, RouteHealthSchema } from "./argument-schemas.ts";

/** How each route did in the last 24 hours, for all destinations or one. Routes without results are left out. @throws OperatorError */
export async function getRouteHealth(database: Database, options: unknown): Promise<RouteHealth[]> {
  const { destination } = check(RouteHealthSchema, options ?? {}, "options");
  const rows = await database.run(readRouteHealth(destination));
  return rows.map(({ sampled, delivered, p50_ms: p50Ms, p95_ms: p95Ms, p99_ms: p99Ms, ...row }) => ({
    route: row.route,
    destination: row.destination,
    results: row.results,
    successRate: Math.round((delivered / sampled) * 10_000) / 10_000,
    p50Ms,
    p95Ms,
    p99Ms,
    sampled,
    exact: row.exact,
  }));
}
