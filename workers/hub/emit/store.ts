import { EmitError } from "../../../schema/contract/emit-error.ts";
import type { EmitErrorCode } from "../../../schema/contract/index.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { findEventsByKeys, type StoredEvent } from "../../../schema/queries/events/find-events-by-keys.ts";
import { type StoredAnswer, storeEvents } from "../../../schema/queries/events/store-events.ts";
import { log } from "../../../schema/text/log.ts";
import { keyName, nameOf, type StoredForEvent } from "./answer.ts";
import type { Prepared } from "./prepare.ts";

export interface StoreContext {
  database: Database;
  /** Called when events wait that were written in SQL. */
  routePending(): void;
}

/** What is stored now for each event, ours or what was stored under its key before; and what time it is by the database's clock. */
export interface Stored {
  stored: Map<string, StoredForEvent>;
  nowMs: number;
}

/** Times that events are stored in all which are not there after the commit: each needs a deletion of the same key just between two statements. */
const MAX_STORES = 5;

/**
 * Stores events, and says what is stored now for each: ours, or what was stored under its key before. Retention may delete an old event after
 * the insert has found its key taken: then neither is there, and what is not found was not stored.
 * @throws EmitError
 */
export async function store(events: readonly Prepared[], context: StoreContext): Promise<Stored> {
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
async function storeOnce(events: readonly Prepared[], { database, routePending }: StoreContext): Promise<Stored> {
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
    return { stored: new Map(stored.map((event) => [nameOfRow(event), event])), nowMs: answer?.now_ms ?? Date.now() };
  } catch (cause) {
    if (!(cause instanceof DatabaseError)) throw cause;
    throw refusalOf(cause, events.length);
  }
}

const nameOfRow = ({ idempotency_key: idempotencyKey, idempotency_index: idempotencyIndex }: StoredEvent) =>
  keyName({ idempotencyKey, idempotencyIndex });

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
