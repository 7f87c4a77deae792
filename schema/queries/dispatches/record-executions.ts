import { type SQL, sql } from "drizzle-orm";
import type { ExecutionResult } from "../../vocabulary/statuses.ts";
import { sortedById } from "../fragments/lock-order.ts";

/** What one attempt gave, and what follows from it. It crosses a Workflow step when it cannot be recorded at once, so it is JSON. */
export interface ExecutionRecord {
  dispatchId: string;
  attempt: number;
  /** The claim under which the attempt was made. */
  claim: string;
  result: ExecutionResult;
  reason: string | null;
  /** By the database's clock, both. */
  startedAt: string;
  finishedAt: string;
  /** `ongoing`: another attempt follows after `delaySeconds`. */
  status: ExecutionResult | "ongoing";
  delaySeconds: number;
  /** The consumer's final word: it counts even if another claim has followed, as long as its attempt is not recorded. */
  decisive: boolean;
}

export interface RecordedRow {
  dispatch_id: string;
}

/**
 * Writes executions and the statuses that follow, each under its claim; safe to repeat. What comes too late (recorded already, or a
 * retryable failure after another claim) is left out. After a cancel the execution is recorded and the status stays; where nobody claims it any
 * more, the first word counts. No attempt ends after it is recorded: an executor may have counted time a little too fast.
 *
 * The rows are locked as the array is sorted, by the nested loop over it. So that no planner hashes the array and takes the table's order, the
 * ids are compared with `any`, and what concerns a row's status alone names the array as well.
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
