import { type SQL, sql } from "drizzle-orm";
import { LEARNED_SIZE_MS } from "../../vocabulary/limits.ts";

/** Notes for operators that a destination's groups are smaller for a while, and why. While a note is valid, only a smaller limit replaces it. */
export function noteGroupLimit(destination: string, { limit, cause }: { limit: number; cause: string }): SQL<never> {
  return sql<never>`
    insert into eventhub.destinations as p (name, group_limit, group_limited_at, group_limited_by)
    values (${destination}, ${limit}, now(), ${cause})
    on conflict (name) do update set
      group_limit = excluded.group_limit, group_limited_at = excluded.group_limited_at, group_limited_by = excluded.group_limited_by
    where p.group_limit is null or p.group_limit > excluded.group_limit
      or p.group_limited_at < now() - make_interval(secs => ${LEARNED_SIZE_MS / 1_000})`;
}
