import type { SQL } from "drizzle-orm";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { prunePayloads, pruneRows } from "../../../schema/queries/events/prune-events.ts";
import type { Pruned } from "./reconciled.ts";

/** Events a statement, and the time after which a run begins no other, in milliseconds: what is left is the next run's. */
const BATCH_EVENTS = 1_000;
const BUDGET_MS = 15_000;

/** Removes what its retention has passed of, as configured: never anything ongoing. */
export async function prune({ database, config }: { database: Database; config: RouteConfig }): Promise<Pruned> {
  const { payloadDays, rowDays } = config.retention ?? {};
  const deadline = Date.now() + BUDGET_MS;
  const inBatches = async (statement: (limit: number) => SQL<{ pruned: number }>) => {
    let total = 0;
    while (Date.now() < deadline) {
      const [row] = await database.run(statement(BATCH_EVENTS));
      total += row?.pruned ?? 0;
      if ((row?.pruned ?? 0) < BATCH_EVENTS) break;
    }
    return total;
  };
  return {
    rows: rowDays === undefined ? 0 : await inBatches((limit) => pruneRows(rowDays, limit)),
    payloads: payloadDays === undefined ? 0 : await inBatches((limit) => prunePayloads(payloadDays, limit)),
  };
}
