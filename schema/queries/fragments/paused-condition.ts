import { sql } from "drizzle-orm";

/** Whether the drain of the destination `p` does not hold the dispatch `d`: it has passed it, or an instance has it. */
export const DRAIN_LETS_GO = sql`(p.drain_from is null or d.instance_id is not null or d.enqueued_at >= p.drain_from)`;

/** Whether the destination `p` holds the dispatch `d`: it is paused, and the dispatch is not its breaker's probe, in that one attempt. */
export const pausedCondition = sql`p.paused_at is not null and (p.probe_dispatch = d.id and p.probe_attempt = d.attempts) is not true`;
