import { type SQL, sql } from "drizzle-orm";

/**
 * When the executor looks next, as far as the database knows. `soon` means within two minutes. A null `next_at` means: when something arms a look, or
 * when its cron runs.
 */
export const readNextLook = (): SQL<{ next_at: Date | null; soon: boolean }> =>
  sql<{
    next_at: Date | null;
    soon: boolean;
  }>`select next_at, not sleeps or coalesce(next_at < now() + interval '2 minutes', false) as soon from eventhub.heartbeats where name = 'executor'`;
