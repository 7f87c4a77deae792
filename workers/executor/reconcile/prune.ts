import type { SQL } from "drizzle-orm";
import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { prunePayloads, pruneRows } from "../../../schema/queries/events/prune-events.ts";
import type { Pruned } from "./reconciled.ts";

/** The most events in a statement, and the time in milliseconds after which a run begins no further statement. The next run does the rest. */
const BATCH_EVENTS = 1_000;
const BUDGET_MS = 15_000;

/** Removes everything whose configured retention has passed, except what is ongoing. */
export async function prune({
  database,
  config,
}: {
  database: Database;
  config: RouteConfig;
}): Promise<Pruned & { unfinished: boolean }> {
  const { payloadDays, rowDays } = config.retention ?? {};
  let unfinished = false;
  const deadline = Date.now() + BUDGET_MS;
  const inBatches = async (statement: (limit: number) => SQL<{ pruned: number }>) => {
    let total = 0;
    while (Date.now() < deadline) {
      const [row] = await database.run(statement(BATCH_EVENTS));
      total += row?.pruned ?? 0;
      if ((row?.pruned ?? 0) < BATCH_EVENTS) return total;
    }
    unfinished = true;
    return total;
  };
  const pruned = {
    rows: rowDays === undefined ? 0 : await inBatches((limit) => pruneRows(rowDays, limit)),
    payloads: payloadDays === undefined ? 0 : await inBatches((limit) => prunePayloads(payloadDays, limit)),
  };
  return { ...pruned, unfinished };
}
