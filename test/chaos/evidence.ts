import type { Pool } from "pg";
import type { Death, Journal, LoggedCall, Trouble } from "./journal.ts";
import type { Emission } from "./load.ts";

export interface EventRow {
  id: string;
  key: string | null;
  n: number;
  to: string;
}

export interface DispatchRow {
  id: string;
  eventId: string;
  destination: string;
  status: string;
  attempts: number;
  maxRetries: number;
  timeoutSeconds: number;
  reason: string | null;
}

export interface ExecutionRow {
  dispatchId: string;
  attempt: number;
  result: string;
  reason: string | null;
  startedAt: number;
  finishedAt: number;
}

/** One write to a dispatch, as the database's own trigger noted it. Times in milliseconds since 1970. */
export interface Transition {
  at: number;
  dispatchId: string;
  oldStatus: string | null;
  status: string;
  attempts: number;
  claims: number;
  nextAttemptAt: number;
}

/** All that the checker judges by: what is in the database, and what the outside saw. */
export interface Evidence {
  emissions: readonly Emission[];
  events: readonly EventRow[];
  dispatches: readonly DispatchRow[];
  executions: readonly ExecutionRow[];
  /** In the order in which they were written. */
  transitions: readonly Transition[];
  calls: readonly LoggedCall[];
  deaths: readonly Death[];
  databaseTrouble: readonly Trouble[];
  /** When the Workers hardly answered. */
  stalls: readonly Trouble[];
  /** The long faults, one after another. */
  outages: readonly Trouble[];
  /** Workflow instances that ended `errored`. */
  errored: readonly string[];
}

export async function readEvidence(pool: Pool, journal: Journal, emissions: readonly Emission[]): Promise<Evidence> {
  const rows = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  return {
    emissions,
    events: await rows<EventRow>(
      // Not the hub's own, which nobody has emitted: they tell of failures, and wait to be routed by the next emit().
      `select id, idempotency_key as key, (payload->>'n')::int as n, payload->>'to' as to from eventhub.events where not own`,
    ),
    dispatches: await rows<DispatchRow>(
      `select id, event_id as "eventId", destination, status, attempts, max_retries as "maxRetries",
         timeout_seconds as "timeoutSeconds", reason from eventhub.dispatches`,
    ),
    executions: await rows<ExecutionRow>(
      `select dispatch_id as "dispatchId", attempt, result, reason, extract(epoch from started_at)::float8 * 1000 as "startedAt",
         extract(epoch from finished_at)::float8 * 1000 as "finishedAt" from eventhub.executions order by dispatch_id, attempt`,
    ),
    transitions: await rows<Transition>(
      `select extract(epoch from at)::float8 * 1000 as at, dispatch_id as "dispatchId", old_status as "oldStatus", status, attempts,
         claims, extract(epoch from next_attempt_at)::float8 * 1000 as "nextAttemptAt" from chaos.transitions order by id`,
    ),
    calls: [...journal.calls.values()],
    deaths: journal.deaths,
    databaseTrouble: journal.databaseTrouble,
    stalls: journal.stalls,
    outages: journal.outages,
    errored: journal.errored,
  };
}
