import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EmitErrorCode } from "../../../schema/contract/index.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { findEventsByKeys, type StoredEvent } from "../../../schema/queries/events/find-events-by-keys.ts";
import { type StoredAnswer, storeEvents } from "../../../schema/queries/events/store-events.ts";
import { log } from "../../../schema/text/log.ts";
import { keyName, nameOf, type StoredForEvent } from "./answer.ts";
import { loggedIds } from "./logged-ids.ts";
import type { Prepared } from "./prepare.ts";
import { storeTogether } from "./store-together.ts";
import { noteUnrouted, unroutedFrom } from "./unrouted-from.ts";

export interface StoreContext {
  database: Database;
  /** Called if events that were written in SQL wait to be routed. */
  routePending(): void;
  /** Keeps the statement alive after the request ends, because other calls wait for it. */
  keep?: ((work: Promise<unknown>) => void) | undefined;
}

/** What is stored now for each event (what this call stored, or what an earlier one stored under its key), and the database's time. */
export interface Stored {
  stored: Map<string, StoredForEvent>;
  nowMs: number;
}

/**
 * The most times that events are stored in total if they are missing after the commit. Each repetition needs a deletion of the same key exactly
 * between two statements.
 */
const MAX_STORES = 5;

/**
 * Stores events, and returns what is stored now for each: what this call stored, or what an earlier one stored under its key. Retention may delete an
 * old event after the insert has found its key taken. Then neither exists, and the missing events are stored again.
 *
 * @throws EmitError
 */
export async function store(events: readonly Prepared[], context: StoreContext): Promise<Stored> {
  const all = await storeOnce(events, context);
  for (let tries = 1; ; tries++) {
    const missing = events.filter((event) => !all.stored.has(nameOf(event)));
    if (missing.length === 0) return all;
    if (tries === MAX_STORES) {
      log("error", "emit.unavailable", {
        error: "not found after the commit",
        events: missing.length,
        ids: loggedIds(missing),
      });
      throw new EmitError(
        "unavailable",
        "what an earlier call stored under this key is being deleted; repeat the call",
      );
    }
    const { stored } = await storeOnce(missing, context);
    for (const [name, event] of stored) all.stored.set(name, event);
  }
}

/** Commits in one round trip, and returns what is stored afterwards. */
async function storeOnce(events: readonly Prepared[], { database, routePending, keep }: StoreContext): Promise<Stored> {
  try {
    const keys = new Set(events.flatMap(({ idempotencyKey }) => idempotencyKey ?? []));
    if (keys.size === 0) {
      const answer = await storeTogether(events, database, keep);
      if (answer?.unrouted === true) routePending();
      return { stored: new Map(events.map((event) => [nameOf(event), event])), nowMs: answer?.now_ms ?? Date.now() };
    }
    const from = unroutedFrom(database);
    const dispatches = events.flatMap((event) => event.dispatches);
    const insert = storeEvents(events, dispatches, from);
    // The second statement sees what a racing call committed while the first one waited for it.
    const [[answer], stored] = await database.transaction<[StoredAnswer, StoredEvent]>([
      insert,
      findEventsByKeys([...keys]),
    ]);
    noteUnrouted(database, from, answer);
    if (answer?.unrouted === true) routePending();
    return { stored: new Map(stored.map((event) => [nameOfRow(event), event])), nowMs: answer?.now_ms ?? Date.now() };
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause;
    throw refusalOf(cause, events);
  }
}

const nameOfRow = ({ idempotency_key: idempotencyKey, idempotency_index: idempotencyIndex }: StoredEvent) =>
  keyName({ idempotencyKey, idempotencyIndex });

/** The codes with which a call is refused because of the database's answer. */
type DatabaseRefusal = Extract<EmitErrorCode, "misconfigured" | "invalid_payload" | "too_large" | "unavailable">;

/** Only temporary faults are worth repeating, not those that a person must correct, nor data that Postgres cannot hold. */
function refusalOf(cause: DatabaseError, events: readonly Prepared[]): EmitError {
  const code = codeOf(cause);
  log("error", `emit.${code}`, { error: cause.message, events: events.length, ids: loggedIds(events) });
  const advice = cause.transient ? "; repeat the call, with an idempotencyKey so that nothing is stored twice" : "";
  return new EmitError(code, `${cause.message}${advice}`, { cause });
}

function codeOf({ misconfigured, code = "" }: DatabaseError): DatabaseRefusal {
  if (misconfigured) return "misconfigured";
  if (code.startsWith("22")) return "invalid_payload"; // data exception
  if (code.startsWith("54")) return "too_large"; // program limit exceeded
  return "unavailable";
}
