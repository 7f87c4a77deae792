import { type SQL, sql } from "drizzle-orm";

/** Removes the payloads of one batch of events that are older than `days`. */
export const prunePayloads = (days: number, limit: number): SQL<{ pruned: number }> =>
  sql<{ pruned: number }>`select eventhub.expire_payloads(make_interval(hours => ${24 * days}), ${limit}) as pruned`;

/** Deletes one batch of events that are older than `days`, with everything that belongs to them. */
export const pruneRows = (days: number, limit: number): SQL<{ pruned: number }> =>
  sql<{ pruned: number }>`select eventhub.expire_rows(make_interval(hours => ${24 * days}), ${limit}) as pruned`;
