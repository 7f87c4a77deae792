import { type SQL, sql } from "drizzle-orm";
import type { ExecutionResult } from "../../vocabulary/statuses.ts";
import { sortedById } from "../fragments/lock-order.ts";

/** The result of one attempt, and what follows from it. If it cannot be recorded at once it crosses a Workflow step, so it is JSON. */
export interface ExecutionRecord {
  dispatchId: string;
  attempt: number;
  /** The claim under which the attempt was made. */
  claim: string;
  result: ExecutionResult;
  reason: string | null;
  /** Both by the database's clock. */
  startedAt: string;
  finishedAt: string;
  /** `ongoing`: another attempt follows after `delaySeconds`. */
  status: ExecutionResult | "ongoing";
  delaySeconds: number;
  /** The consumer's final answer. It counts even after another claim, as long as its attempt is not recorded. */
  decisive: boolean;
  /** For how many seconds nothing of this key, or without one of the whole destination, is called. Left out: everything else goes on. */
  cooldown?: { key?: string; seconds: number };
}

export interface RecordedRow {
  dispatch_id: string;
}

/**
 * Records executions and the statuses that follow, each under its claim; safe to repeat. A result that comes too late (its attempt is already
 * recorded, or it is a retryable failure and another claim has followed) is left out. After a cancel, the execution is recorded and the status stays;
 * if nobody has claimed the cancelled dispatch any more, the first result counts. No attempt ends later than it is recorded, even if the executor's
 * clock ran a little fast.
 *
 * The nested loop over the array locks the rows in the array's order. A planner that hashed the array would lock them in the table's order instead.
 * To prevent that, the ids are compared with `any`, and conditions on a row's status mention the array as well.
 */
export function recordExecutions(records: readonly ExecutionRecord[], instanceId: string): SQL<RecordedRow> {
  return sql<RecordedRow>`
    with result as (
      select * from json_to_recordset(${JSON.stringify(sortedById(records, ({ dispatchId }) => dispatchId))}::json) as r("dispatchId" uuid, attempt int, claim uuid, result text,
        reason text, "startedAt" timestamptz, "finishedAt" timestamptz, status text, "delaySeconds" float8, decisive boolean)
      limit ${records.length}
    ), recorded as (
      update eventhub.dispatches d set
        attempts = r.attempt,
        status = case when d.status = 'ongoing' then r.status else d.status end,
        reason = case when d.status = 'ongoing' then r.reason else d.reason end,
        resulted_at = case when d.status = 'ongoing' and r.status <> 'ongoing' then now() else d.resulted_at end,
        next_attempt_at = case when d.status = 'ongoing' and r.status = 'ongoing'
          then now() + make_interval(secs => r."delaySeconds") else d.next_attempt_at end,
        claim = null, claims = 0, lease_until = null, fruitless_generations = 0, group_limit = null
      from result r
      where d.id = any (array[r."dispatchId"])
        and d.attempts = case when d.status in ('ongoing', 'cancelled') then r.attempt - 1 end
        and (d.claim = r.claim or r.decisive or (d.status = 'cancelled' and d.claim is null))
      returning r.*
    )
    insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
    select "dispatchId", attempt, result, reason, ${instanceId}, least("startedAt", now()), least("finishedAt", now()) from recorded
    returning dispatch_id`;
}
