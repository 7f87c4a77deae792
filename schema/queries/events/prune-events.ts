import { type SQL, sql } from "drizzle-orm";

/** Sets the payloads of one batch of events older than so many days to null. */
export const prunePayloads = (days: number, limit: number): SQL<{ pruned: number }> =>
  sql<{ pruned: number }>`select eventhub.expire_payloads(make_interval(hours => ${24 * days}), ${limit}) as pruned`;

/** Deletes one batch of events older than so many days, with all that belongs to them. */
export const pruneRows = (days: number, limit: number): SQL<{ pruned: number }> =>
  sql<{ pruned: number }>`select eventhub.expire_rows(make_interval(hours => ${24 * days}), ${limit}) as pruned`;
