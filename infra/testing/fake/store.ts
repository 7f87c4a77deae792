import { policyRow } from "../../../schema/config/policy.ts";
import type { EmitOptions, EventPayload } from "../../../schema/contract/index.ts";
import type { NewDispatch } from "../../../schema/queries/events/store-events.ts";
import type { DispatchStatus } from "../../../schema/vocabulary/statuses.ts";
import { keyName, nameOf, type StoredByName, type StoredForEvent } from "../../../workers/hub/emit/answer.ts";
import type { Prepared } from "../../../workers/hub/emit/prepare.ts";
import type { Mine } from "../../../workflows/attempt.ts";
import type { FakeDispatch, FakeEvent } from "./types.ts";

/** An event that was saved. */
interface EventRow extends Prepared {
  options: EmitOptions;
  emittedAt: Date;
}

/** A dispatch in a fake hub. */
export interface DispatchRow {
  readonly planned: NewDispatch;
  readonly event: EventRow;
  status: DispatchStatus;
  reason: string | null;
  attempts: number;
  /** Milliseconds since 1970. */
  dueAt: number;
  /** Whether an attempt is in flight. */
  claimed: boolean;
  payload: EventPayload | undefined;
}

/** The counterpart of Postgres, in memory. */
export class FakeStore {
  readonly #events: EventRow[] = [];
  readonly #byKey = new Map<string, EventRow>();
  readonly rows: DispatchRow[] = [];

  /** Saves the events whose keys are new, and returns what is then stored for all. */
  add(
    events: readonly Prepared[],
    options: EmitOptions,
    nowMs: number,
  ): { stored: StoredByName; fresh: DispatchRow[] } {
    const stored = new Map<string, StoredForEvent>();
    const fresh: DispatchRow[] = [];
    for (const event of events) {
      const known = event.idempotencyKey === undefined ? undefined : this.#byKey.get(nameOf(event));
      if (known === undefined) fresh.push(...this.#insert({ ...event, options, emittedAt: new Date(nowMs) }));
      stored.set(nameOf(event), known === undefined ? { id: event.id } : answered(known));
    }
    return { stored, fresh };
  }

  #insert(event: EventRow): DispatchRow[] {
    this.#events.push(event);
    const { idempotencyKey, idempotencyIndex } = event;
    if (idempotencyKey !== undefined) this.#byKey.set(keyName({ idempotencyKey, idempotencyIndex }), event);
    const now = event.emittedAt.getTime();
    const rows = event.dispatches.map((planned): DispatchRow => {
      const { deliverAt, delaySeconds } = planned;
      const dueAt = deliverAt === undefined ? now + delaySeconds * 1_000 : Math.max(deliverAt.getTime(), now);
      const state = { status: "ongoing" as const, reason: null, attempts: 0, dueAt, claimed: false };
      return { planned, event, ...state, payload: undefined };
    });
    this.rows.push(...rows);
    return rows;
  }

  /** The dispatches that are to be delivered to these destinations. */
  ongoing(destinations: readonly string[]): DispatchRow[] {
    return this.rows.filter(
      ({ status, planned }) => status === "ongoing" && destinations.includes(planned.destination),
    );
  }

  get events(): FakeEvent[] {
    return this.#events.map(
      ({ id, payloadJson, options, emittedAt, idempotencyKey, causedBy, hops, invalid, ...trace }) => {
        const payload = JSON.parse(payloadJson) as EventPayload;
        return {
          id,
          payload,
          options,
          emittedAt,
          idempotencyKey,
          traceparent: trace.traceparent,
          tracestate: trace.tracestate,
          baggage: trace.baggage,
          causedBy,
          hops,
          invalid: invalid?.faults,
        };
      },
    );
  }

  get dispatches(): FakeDispatch[] {
    return this.rows.map(({ planned, event, status, reason, attempts, dueAt, payload }) => ({
      id: planned.id,
      eventId: event.id,
      destination: planned.destination,
      route: planned.route,
      status,
      reason,
      attempts,
      maxAttempts: planned.maxRetries + 1,
      dueAt: new Date(dueAt),
      payload,
    }));
  }
}

/** The answer for an event that already existed. */
const answered = ({ id, dispatches }: EventRow): StoredForEvent => ({
  id,
  dispatches: dispatches.map(({ id, destination }) => ({ id, destination })),
});

/** A dispatch in the form of the executor's claim. */
export function claimed({ planned, event, attempts }: DispatchRow, nowMs: number): Mine {
  return {
    answer: "mine",
    id: planned.id,
    event_id: event.id,
    claimed_at: nowMs,
    attempts,
    claims: 1,
    // Parsed again, so that no consumer sees another's changes.
    payload: JSON.parse(event.payloadJson) as EventPayload,
    emitted_at: event.emittedAt,
    traceparent: event.traceparent ?? null,
    tracestate: event.tracestate ?? null,
    baggage: event.baggage ?? null,
    again: false,
    hops: event.hops,
    cloud_event: event.cloudEvent ?? null,
    ...policyRow(planned),
  };
}
