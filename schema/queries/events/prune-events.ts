import { type SQL, sql } from "drizzle-orm";

/** Sets the payloads of one batch of events older than so many days to null. */
export const expirePayloads = (days: number, limit: number): SQL<{ expired: number }> =>
  sql<{ expired: number }>`select eventhub.expire_payloads(make_interval(hours => ${24 * days}), ${limit}) as expired`;

/** Deletes one batch of events older than so many days, with all that belongs to them. */
export const expireRows = (days: number, limit: number): SQL<{ expired: number }> =>
  sql<{ expired: number }>`select eventhub.expire_rows(make_interval(hours => ${24 * days}), ${limit}) as expired`;
