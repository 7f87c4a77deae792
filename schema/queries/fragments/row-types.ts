import type { PolicyRow } from "../../config/policy.ts";
import type { InvalidEvent } from "../../contract/invalid.ts";
import type { DispatchStatus } from "../../vocabulary/statuses.ts";

/** A row of `dispatches`. */
export interface DispatchRow extends PolicyRow {
  id: string;
  event_id: string;
  status: DispatchStatus;
  generation: number;
  workflow: string | null;
  instance_id: string | null;
  lease_until: Date | null;
  attempts: number;
  next_attempt_at: Date;
  created_at: Date;
  resulted_at: Date | null;
  reason: string | null;
  retry_of: string | null;
  operation_id: string | null;
  position: number | null;
  held: boolean | null;
}

/** A row of `events` without its payload. */
export interface EventRow {
  id: string;
  created_at: Date;
  idempotency_key: string | null;
  payload_bytes: number;
  hops: number;
  own: boolean;
  routed: boolean;
  invalid: InvalidEvent | null;
}
