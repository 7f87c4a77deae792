import type { Pool } from "pg";
import type { About } from "../workers/chaos/wire.ts";
import { attribute, type LoggedCall } from "./attribution.ts";
import type { Death, Journal, OperatorAct, Trouble } from "./journal.ts";
import type { Emission } from "./load.ts";
import type { Silence } from "./silent-faults.ts";
import type { Transition } from "./transition.ts";

export interface EventRow {
  id: string;
  key: string | null;
  n: number;
  to: string;
  /** The number of hubs that it has passed: 0 as it was emitted. */
  hops: number;
  createdAt: number;
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
  /** Null if the destination has no limits and no order. */
  flowKey: string | null;
  orderKey: string | null;
  seq: number | null;
  position: number | null;
  /** The dispatch that an operator has retried with this one. */
  retryOf: string | null;
}

export interface ExecutionRow {
  dispatchId: string;
  attempt: number;
  result: string;
  reason: string | null;
  startedAt: number;
  finishedAt: number;
}

/** Something that exists at a destination, where it is known as `as`. */
export interface Arrival {
  dispatchId: string;
  destination: string;
  as: string;
  /** The number of the event that it holds. */
  n: number;
}

/** Everything that the checker looks at: the content of the database, and what was seen from outside. */
export interface Evidence {
  emissions: readonly Emission[];
  events: readonly EventRow[];
  dispatches: readonly DispatchRow[];
  executions: readonly ExecutionRow[];
  /** In the order in which they were written. */
  transitions: readonly Transition[];
  calls: readonly LoggedCall[];
  acts: readonly OperatorAct[];
  arrivals: readonly Arrival[];
  /** Requests to the webhooks' receiver that were not signed, or that went to another path. */
  unsigned: readonly string[];
  /** When a destination could not be reached; `kind` is its name. */
  absences: readonly Trouble[];
  deaths: readonly Death[];
  databaseTrouble: readonly Trouble[];
  /** When the Workers hardly answered. */
  stalls: readonly Trouble[];
  /** The long faults, one after another. */
  outages: readonly Trouble[];
  /** What went wrong after the load, each time for a single event. */
  silences: readonly Silence[];
  /** Workflow instances that ended `errored`. */
  errored: readonly string[];
}

/** The prefix of the id with which a destination of the kind `hub` emits the event of a dispatch. */
const RELAYED = "handle:";

export async function readEvidence(pool: Pool, journal: Journal, emissions: readonly Emission[]): Promise<Evidence> {
  const rows = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  const events = await rows<EventRow>(
    // Not the hub's own events, which nobody emitted. They tell of failures, and wait to be routed by the next emit().
    `select id, idempotency_key as key, (payload->>'n')::int as n, payload->>'to' as to, hops,
       extract(epoch from created_at)::float8 * 1000 as "createdAt" from eventhub.events where not own`,
  );
  const dispatches = await rows<DispatchRow>(
    `select id, event_id as "eventId", destination, status, attempts, max_retries as "maxRetries",
       timeout_seconds as "timeoutSeconds", reason, flow_key as "flowKey", order_key as "orderKey", seq::int, position::int, retry_of as "retryOf" from eventhub.dispatches`,
  );
  const transitions = await rows<Transition>(
    `select extract(epoch from at)::float8 * 1000 as at, dispatch_id as "dispatchId", old_status as "oldStatus", status, attempts,
       claims, extract(epoch from next_attempt_at)::float8 * 1000 as "nextAttemptAt", instance_id is not null as owned from chaos.transitions order by id`,
  );
  const ids = new Map(dispatches.map(({ id, eventId, destination }) => [`${eventId} ${destination}`, id]));
  const idOf = (about: About & { destination: string }) =>
    "dispatchId" in about ? about.dispatchId : (ids.get(`${about.eventId} ${about.destination}`) ?? about.eventId);
  const destinations = new Map(dispatches.map(({ id, destination }) => [id, destination]));
  return {
    emissions,
    events,
    dispatches,
    executions: await rows<ExecutionRow>(
      `select dispatch_id as "dispatchId", attempt, result, reason, extract(epoch from started_at)::float8 * 1000 as "startedAt",
         extract(epoch from finished_at)::float8 * 1000 as "finishedAt" from eventhub.executions order by dispatch_id, attempt`,
    ),
    transitions,
    calls: attribute(
      [...journal.calls.values()].map((seen) => ({ ...seen, dispatchId: idOf(seen) })),
      transitions,
    ),
    arrivals: [
      ...journal.arrivals.map((arrived) => ({ ...arrived, dispatchId: idOf(arrived) })),
      ...events.flatMap(({ id: as, key, n, hops }) => {
        const dispatchId = key?.startsWith(RELAYED) ? key.slice(RELAYED.length) : "";
        return hops === 0 ? [] : [{ dispatchId, destination: destinations.get(dispatchId) ?? "a hub", as, n }];
      }),
    ],
    acts: journal.acts,
    unsigned: journal.unsigned,
    absences: journal.absences,
    deaths: journal.deaths,
    databaseTrouble: journal.databaseTrouble,
    stalls: journal.stalls,
    outages: journal.outages,
    silences: journal.silences,
    errored: journal.errored,
  };
}
