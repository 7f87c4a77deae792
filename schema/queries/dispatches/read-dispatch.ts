import { type SQL, sql } from "drizzle-orm";
import type { DispatchWait, ExecutionResult } from "../../vocabulary/statuses.ts";
import type { DispatchRow, EventRow } from "../fragments/row-types.ts";

export type DispatchDetailRow = DispatchRow & {
  retried_by: string | null;
  /** What the dispatch waits for; all members are null if it waits for nothing. */
  waiting_for: DispatchWait | null;
  ahead: number | null;
  head_id: string | null;
  held_by: string | null;
  event: Omit<EventRow, "created_at"> & { created_at: string };
};

/** One dispatch with its event (whose timestamps are text), the dispatch that retries it, and what it waits for. */
export function readDispatch(id: string): SQL<DispatchDetailRow> {
  return sql<DispatchDetailRow>`
    select d.*, (select r.id from eventhub.dispatches r where r.retry_of = d.id) as retried_by,
      w.waiting_for, w.ahead, w.head as head_id, w.held_by,
      json_build_object('id', e.id, 'created_at', e.created_at, 'idempotency_key', e.idempotency_key, 'payload_bytes', e.payload_bytes,
        'hops', e.hops, 'own', e.own, 'routed', e.routed, 'invalid', e.invalid) as event
    from eventhub.dispatches d join eventhub.events e on e.id = d.event_id
    left join eventhub.waiting_dispatches w on w.dispatch_id = d.id
    where d.id = ${id}::uuid`;
}

export interface ExecutionRow {
  attempt: number;
  result: ExecutionResult;
  reason: string | null;
  instance_id: string;
  started_at: Date;
  finished_at: Date;
}

/** The executions of one dispatch, oldest first. */
export function readExecutions(dispatchId: string): SQL<ExecutionRow> {
  return sql<ExecutionRow>`
    select attempt, result, reason, instance_id, started_at, finished_at
    from eventhub.executions where dispatch_id = ${dispatchId}::uuid order by attempt`;
}
