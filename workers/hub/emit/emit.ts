import { v7 as uuidv7 } from "uuid";
import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EmitErrorCode, EmitResult, EmittedEvent, EventPayload } from "../../../schema/contract/index.ts";
import { type Database, DatabaseError } from "../../../schema/database/connection.ts";
import { type EncodedPayload, encodePayload } from "../../../schema/payload/encode.ts";
import { findEventsByKeys, type StoredEvent } from "../../../schema/queries/events/find-events-by-keys.ts";
import {
  type NewDispatch,
  type NewEvent,
  type StoredAnswer,
  storeEvents,
} from "../../../schema/queries/events/store-events.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import { log } from "../../../schema/text/log.ts";
import { hasOwnKind } from "../../../schema/vocabulary/event-origins.ts";
import {
  MAX_CALL_BYTES,
  MAX_CALL_VALUES,
  MAX_DISPATCHES_PER_CALL,
  MAX_EVENTS_PER_CALL,
} from "../../../schema/vocabulary/limits.ts";
import type { CompiledRoutes } from "../routing/index.ts";
import { policyOfRoute } from "../routing/types.ts";
import { type Identity, identify } from "./identity.ts";
import { type CheckedOptions, checkOptions } from "./options.ts";

export interface EmitContext {
  routes: CompiledRoutes;
  database: Database;
  /** Sends notices to the queue after the commit; what it does with a refusal does not concern the caller. */
  enqueue(notices: DispatchNotice[]): void;
  /** Called when events wait that were written in SQL. */
  routePending(): void;
  /** Whether the events are CloudEvents, by the word of another hub; left out, that is not known. */
  cloudEvents?: boolean | undefined;
}

interface Prepared extends NewEvent {
  dispatches: NewDispatch[];
}

/** validate -> match -> commit -> enqueue -> answer. @throws EmitError */
export async function emit(payload: unknown, options: unknown, context: EmitContext): Promise<EmitResult> {
  const payloads = Array.isArray(payload) ? payload : [payload];
  if (payloads.length === 0) return { events: [] };
  if (payloads.length > MAX_EVENTS_PER_CALL) {
    throw new EmitError("too_large", `at most ${MAX_EVENTS_PER_CALL} events a call, got ${payloads.length}`);
  }
  const checked = checkOptions(options);
  const events = await prepare(payloads, Array.isArray(payload), checked, context);
  const { stored, nowMs } = await store(events, context);
  const fresh = events.filter((event) => stored.get(nameOf(event))?.id === event.id);
  const notices = fresh.flatMap((event) => event.dispatches.map((dispatch) => noticeOf(event, dispatch, nowMs)));
  if (notices.length > 0) context.enqueue(notices);
  log("info", "event.emitted", {
    events: events.length,
    duplicates: events.length - fresh.length,
    dispatches: notices.length,
  });
  return { events: events.map((event) => answer(event, stored.get(nameOf(event)))) };
}

async function prepare(
  payloads: readonly unknown[],
  several: boolean,
  options: CheckedOptions,
  context: EmitContext,
): Promise<Prepared[]> {
  let bytes = 0;
  let values = 0;
  let dispatches = 0;
  const events: Prepared[] = [];
  for (const [index, payload] of payloads.entries()) {
    const place = several ? `events[${index}]` : "event";
    const encoded = encodePayload(payload, place);
    refuseOwnKind(encoded.payload, place);
    bytes += encoded.bytes;
    if (bytes > MAX_CALL_BYTES) {
      throw new EmitError(
        "too_large",
        `${place}: the payloads of a call must be at most ${MAX_CALL_BYTES} bytes of JSON together`,
      );
    }
    values += encoded.values;
    if (values > MAX_CALL_VALUES) {
      throw new EmitError(
        "too_large",
        `${place}: the payloads of a call must hold at most ${MAX_CALL_VALUES} values together (members and elements)`,
      );
    }
    const identity = await identify(encoded.payload, place, index, options);
    const event = prepareEvent(encoded, identity, options, context);
    dispatches += event.dispatches.length;
    if (dispatches > MAX_DISPATCHES_PER_CALL) {
      throw new EmitError(
        "too_large",
        `${place}: the events of a call may make at most ${MAX_DISPATCHES_PER_CALL} dispatches together`,
      );
    }
    events.push(event);
  }
  return events;
}

/** An alert must be the hub's word. @throws EmitError `invalid_payload` */
function refuseOwnKind(payload: EventPayload, place: string): void {
  if (!hasOwnKind(payload)) return;
  throw new EmitError("invalid_payload", `${place}.kind: what begins with eventhub. is the hub's own`);
}

function prepareEvent(
  { payload, json, bytes }: EncodedPayload,
  identity: Identity,
  { delaySeconds, deliverAt, ancestry, cloudEvents: asCloudEvents }: CheckedOptions,
  { routes, cloudEvents }: EmitContext,
): Prepared {
  const id = uuidv7();
  const dispatches = routes.match(payload, "producers").map(
    (route): NewDispatch => ({
      id: uuidv7(),
      eventId: id,
      ...policyOfRoute(route),
      delaySeconds: delaySeconds ?? route.delaySeconds,
      deliverAt,
    }),
  );
  return {
    id,
    payloadJson: json,
    payloadBytes: bytes,
    ...identity,
    ...ancestry,
    cloudEvent: asCloudEvents || cloudEvents,
    dispatches,
  };
}

/** What tells an event from the others of its call, and finds it in the database. */
const nameOf = ({ id, idempotencyKey, idempotencyIndex }: Prepared) =>
  idempotencyKey === undefined ? id : `${idempotencyIndex} ${idempotencyKey}`;

/** Times that events are stored in all which are not there after the commit: each needs a deletion of the same key just between two statements. */
const MAX_STORES = 5;

/** What is stored now for each event, ours or what was stored under its key before; and what time it is by the database's clock. */
interface Stored {
  stored: Map<string, Pick<StoredEvent, "id"> & Partial<StoredEvent>>;
  nowMs: number;
}

/**
 * Stores events, and says what is stored now for each: ours, or what was stored under its key before. Retention may delete an old event after
 * the insert has found its key taken: then neither is there, and what is not found was not stored.
 */
async function store(events: readonly Prepared[], context: EmitContext): Promise<Stored> {
  const all = await storeOnce(events, context);
  for (let tries = 1; ; tries++) {
    const missing = events.filter((event) => !all.stored.has(nameOf(event)));
    if (missing.length === 0) return all;
    if (tries === MAX_STORES) {
      log("error", "emit.unavailable", { error: "not found after the commit", events: missing.length });
      throw new EmitError("unavailable", "what was stored under a key before is being deleted; repeat the call");
    }
    const { stored } = await storeOnce(missing, context);
    for (const [name, event] of stored) all.stored.set(name, event);
  }
}

/** Commits in one round trip, and gives what is there after it. */
async function storeOnce(events: readonly Prepared[], { database, routePending }: EmitContext): Promise<Stored> {
  const insert = storeEvents(
    events,
    events.flatMap(({ dispatches }) => dispatches),
  );
  try {
    const keys = new Set(events.flatMap(({ idempotencyKey }) => idempotencyKey ?? []));
    if (keys.size === 0) {
      const [answer] = await database.run(insert);
      if (answer?.unrouted === true) routePending();
      return { stored: new Map(events.map((event) => [nameOf(event), event])), nowMs: answer?.now_ms ?? Date.now() };
    }
    // The second statement sees what a racing call has committed while the first one waited for it.
    const [[answer], stored] = await database.transaction<[StoredAnswer, StoredEvent]>([
      insert,
      findEventsByKeys([...keys]),
    ]);
    if (answer?.unrouted === true) routePending();
    return {
      stored: new Map(stored.map((event) => [`${event.idempotency_index} ${event.idempotency_key}`, event])),
      nowMs: answer?.now_ms ?? Date.now(),
    };
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause;
    throw refusalOf(cause, events.length);
  }
}

/** What a call may be refused for by what the database says. */
type DatabaseRefusal = Extract<EmitErrorCode, "misconfigured" | "invalid_payload" | "too_large" | "unavailable">;

/** Only what may pass is worth repeating: not what a person must mend, nor what Postgres cannot hold. */
function refusalOf(cause: DatabaseError, events: number): EmitError {
  const code = codeOf(cause);
  log("error", `emit.${code}`, { error: cause.message, events });
  const advice = cause.transient ? "; repeat the call, with an idempotencyKey so that nothing is stored twice" : "";
  return new EmitError(code, `${cause.message}${advice}`, { cause });
}

function codeOf({ misconfigured, code = "" }: DatabaseError): DatabaseRefusal {
  if (misconfigured) return "misconfigured";
  if (code.startsWith("22")) return "invalid_payload"; // data exception
  if (code.startsWith("54")) return "too_large"; // program limit exceeded
  return "unavailable";
}

/** The wait is what the database's clock says; from now on, by the clock of those who read it, which is a Worker's as ours. */
function noticeOf(
  event: Prepared,
  { id, destination, timeoutSeconds, ...when }: NewDispatch,
  nowMs: number,
): DispatchNotice {
  const waitMs = when.deliverAt === undefined ? when.delaySeconds * 1_000 : when.deliverAt.getTime() - nowMs;
  return {
    id,
    destination,
    generation: 0,
    dueAt: Date.now() + Math.max(0, waitMs),
    bytes: event.payloadBytes,
    timeoutSeconds,
  };
}

function answer(event: Prepared, stored: ReturnType<Stored["stored"]["get"]>): EmittedEvent {
  // `store` ends only when it has found every event.
  if (stored === undefined) throw new Error(`event ${event.id} is not stored`);
  const duplicate = stored.id !== event.id;
  const dispatches = duplicate
    ? (stored.dispatches ?? [])
    : event.dispatches.map(({ id, destination }) => ({ id, destination }));
  return { id: stored.id, duplicate, dispatches };
}
