import type { Database } from "../../../schema/database/connection.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { type StoredAnswer, storeEvents } from "../../../schema/queries/events/store-events.ts";
import { MAX_WAIT_UNTIL_MS } from "../../../schema/vocabulary/platform-limits.ts";
import type { Prepared } from "./prepare.ts";
import { noteUnrouted, unroutedFrom } from "./unrouted-from.ts";

/**
 * The most statements of `emit()` that one isolate has in progress at once. Beyond that, calls wait and share the next statement. With more, fewer
 * calls would share. With fewer, calls would wait longer if the database is far away.
 */
export const STORES_AT_ONCE = 4;

/** The most events in a statement that calls share. A call with more goes alone. */
export const MAX_SHARED_EVENTS = 100;

/** The most bytes of payloads in a statement that calls share. */
export const MAX_SHARED_BYTES = 1024 * 1024;

/**
 * How long a call waits for another to store its events, in milliseconds. After that it stores them itself, because the other's request may have died
 * unnoticed. The events may then be stored twice.
 */
export const PATIENCE_MS = 2_000;

/** The events of one call. */
interface Call {
  events: readonly Prepared[];
  bytes: number;
}

/** A call that waits for another to store its events, and the outcome. */
interface Waiting extends Call {
  /** "alone": the shared statement was refused because of one of its calls, so this call must store its own events. */
  outcome?: StoredAnswer | DatabaseError | "alone";
}

/** The statements and waiting calls of one isolate for one database. */
interface Stores {
  /** When each statement ends at the latest, in milliseconds since 1970. Nothing else ends the statement of a request that has died. */
  underWay: Set<{ until: number }>;
  waiting: Waiting[];
  /** The recent average duration of a statement, in milliseconds. */
  usualMs: number;
}

const stores = new WeakMap<Database, Stores>();

/**
 * Stores the events of a call, none of which has an idempotency key. They get a statement of their own or, if many calls come at once, share one with
 * other calls. If a shared statement is refused because of one call, each call stores its own events. A waiting call checks its outcome with a timer
 * of its own: the platform does not handle it well if one request settles the promise of another. @throws DatabaseError
 *
 * @param keep Keeps the statement alive after the request ends, because other calls wait for it.
 */
export async function storeTogether(
  events: readonly Prepared[],
  database: Database,
  keep: (work: Promise<unknown>) => void = () => undefined,
): Promise<StoredAnswer | undefined> {
  const all = storesOf(database);
  const call = { events, bytes: events.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0) };
  if (!isFull(all) || !fits(events.length, call.bytes)) return lead(all, call, database, keep);
  const outcome = await outcomeOf(all, call);
  if (outcome === "lead") return lead(all, call, database, keep);
  if (outcome === "alone") return run(events, database);
  if (outcome instanceof DatabaseError) throw outcome;
  return outcome;
}

function storesOf(database: Database): Stores {
  const known = stores.get(database);
  if (known !== undefined) return known;
  const fresh: Stores = { underWay: new Set(), waiting: [], usualMs: 10 };
  stores.set(database, fresh);
  return fresh;
}

function isFull({ underWay }: Stores): boolean {
  const now = Date.now();
  for (const one of underWay) {
    // If more time is left than is possible, a clock was set back.
    if (one.until <= now || one.until > now + MAX_WAIT_UNTIL_MS) underWay.delete(one);
  }
  return underWay.size >= STORES_AT_ONCE;
}

const fits = (events: number, bytes: number): boolean => events <= MAX_SHARED_EVENTS && bytes <= MAX_SHARED_BYTES;

/** Waits until another call has stored this call's events, until this call may lead, or until its patience ends. */
async function outcomeOf(all: Stores, call: Call): Promise<NonNullable<Waiting["outcome"]> | "lead"> {
  const waiting: Waiting = { ...call };
  all.waiting.push(waiting);
  const end = Date.now() + PATIENCE_MS;
  for (let share = 2; ; share = 4) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(50, Math.max(1, all.usualMs / share))));
    if (waiting.outcome !== undefined) return waiting.outcome;
    const at = all.waiting.indexOf(waiting);
    const late = Date.now() >= end;
    if (late || (at >= 0 && !isFull(all))) {
      if (at >= 0) all.waiting.splice(at, 1);
      return late ? "alone" : "lead";
    }
  }
}

/** Stores the events of a call together with those of waiting calls, as far as they fit into one statement. */
async function lead(
  all: Stores,
  own: Call,
  database: Database,
  keep: (work: Promise<unknown>) => void,
): Promise<StoredAnswer | undefined> {
  const others = takeAlong(all, own);
  const beganAt = Date.now();
  const underWay = { until: beganAt + MAX_WAIT_UNTIL_MS };
  all.underWay.add(underWay);
  const together = run(
    [own, ...others].flatMap(({ events }) => [...events]),
    database,
  ).finally(() => {
    all.underWay.delete(underWay);
    all.usualMs += (Date.now() - beganAt - all.usualMs) / 8;
  });
  if (others.length === 0) return together;
  const settle = (outcome: NonNullable<Waiting["outcome"]>) => {
    for (const other of others) other.outcome = outcome;
  };
  const settled = together.then(
    (answer) => {
      // Only the leader starts the routing of events that wait for it.
      settle({ unrouted: false, now_ms: answer?.now_ms ?? Date.now() });
      return answer;
    },
    (error: unknown) => {
      const ofAll = error instanceof DatabaseError && (error.transient || error.misconfigured);
      settle(ofAll ? error : "alone");
      if (ofAll) throw error;
      return run(own.events, database);
    },
  );
  keep(settled.catch(() => undefined));
  return settled;
}

/** The waiting calls, in their order, as far as they fit into one statement with a call's own events. */
function takeAlong({ waiting }: Stores, own: Call): Waiting[] {
  let events = own.events.length;
  let { bytes } = own;
  const first = waiting.findIndex((next) => {
    events += next.events.length;
    bytes += next.bytes;
    return !fits(events, bytes);
  });
  return waiting.splice(0, first < 0 ? waiting.length : first);
}

async function run(events: readonly Prepared[], database: Database): Promise<StoredAnswer | undefined> {
  const dispatches = events.flatMap((event) => event.dispatches);
  const from = unroutedFrom(database);
  const [answer] = await database.run(storeEvents(events, dispatches, from));
  noteUnrouted(database, from, answer);
  return answer;
}
