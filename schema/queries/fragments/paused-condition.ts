import { sql } from "drizzle-orm";

/** Whether the destination `p` holds the dispatch `d`: it is paused, and the dispatch is not its breaker's probe, in that one attempt. */
export const pausedCondition = sql`p.paused_at is not null and (p.probe_dispatch = d.id and p.probe_attempt = d.attempts) is not true`;
