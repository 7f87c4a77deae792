import type {
  DispatchDetail,
  DispatchSummary,
  EventSummary,
  ExecutionDetail,
  RelatedEvent,
} from "../../../schema/contract/operator.ts";
import { readTimestamp } from "../../../schema/database/timestamp-text.ts";
import type { DispatchDetailRow, ExecutionRow } from "../../../schema/queries/dispatches/read-dispatch.ts";
import type { RelatedEventRow } from "../../../schema/queries/events/read-related-events.ts";
import type { DispatchRow, EventRow } from "../../../schema/queries/fragments/row-types.ts";

export const toDispatch = (row: DispatchRow): DispatchSummary => ({
  id: row.id,
  eventId: row.event_id,
  destination: row.destination,
  route: row.route,
  status: row.status,
  reason: row.reason,
  attempts: row.attempts,
  maxRetries: row.max_retries,
  createdAt: row.created_at,
  nextAttemptAt: row.next_attempt_at,
  resultedAt: row.resulted_at,
  workflow: row.workflow,
  instanceId: row.instance_id,
  retryOf: row.retry_of,
  operationId: row.operation_id,
  flowKey: row.flow_key,
  orderKey: row.order_key,
});

export const toEvent = (row: EventRow): EventSummary => ({
  id: row.id,
  createdAt: row.created_at,
  idempotencyKey: row.idempotency_key,
  payloadBytes: row.payload_bytes,
  hops: row.hops,
  own: row.own,
  routed: row.routed,
  invalid: row.invalid,
});

export const toRelatedEvent = ({ id, created_at, hops }: RelatedEventRow): RelatedEvent => ({
  id,
  createdAt: created_at,
  hops,
});

export const toExecution = (row: ExecutionRow): ExecutionDetail => ({
  attempt: row.attempt,
  result: row.result,
  reason: row.reason,
  instanceId: row.instance_id,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

export const toDispatchDetail = (row: DispatchDetailRow, executions: readonly ExecutionRow[]): DispatchDetail => ({
  ...toDispatch(row),
  retryDelay: row.retry_delay,
  timeoutSeconds: row.timeout_seconds,
  generation: row.generation,
  leaseUntil: row.lease_until,
  retriedBy: row.retried_by,
  position: row.position,
  held: row.held === true && row.retried_by === null,
  waiting:
    row.waiting_for === null
      ? null
      : { for: row.waiting_for, ahead: row.ahead ?? 0, head: row.head_id, heldBy: row.held_by },
  event: toEvent({ ...row.event, created_at: readTimestamp(row.event.created_at) }),
  executions: executions.map(toExecution),
});
