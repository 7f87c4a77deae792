import type { Database } from "../../../schema/database/connection.ts";
import type { StoredAnswer } from "../../../schema/queries/events/store-events.ts";
import { idAt } from "../../../schema/vocabulary/filters.ts";

/**
 * How long an isolate trusts what it has seen, in milliseconds. After that it finds the events of a transaction that committed only after later
 * events were routed.
 */
const TRUSTED_MS = 60_000;

/** How much older the ids of a transaction in progress may be than those already committed, in milliseconds. */
const UNDER_WAY_MS = 10_000;

/** As this isolate has seen it, no event that was written in SQL waits with an id below `below`. It trusts this until `until`. */
interface Seen {
  below: string;
  until: number;
}

const seen = new WeakMap<Database, Seen>();

/**
 * The id from which on events that were written in SQL may wait. `undefined` means from the first event: so it is once a minute. Routed events leave
 * entries in the index until a vacuum. Without this, each `emit` would pass over all of them, which takes long after a load of a million events or
 * beside a long transaction.
 */
export function unroutedFrom(database: Database, now = Date.now()): string | undefined {
  const one = seen.get(database);
  return one !== undefined && now < one.until && one.until - now <= TRUSTED_MS ? one.below : undefined;
}

/** Notes that a look began at `from`, and saw or left no waiting event below an id. */
export function noneWaitsBelow(database: Database, from: string | undefined, below: string, now = Date.now()): void {
  const known = from === undefined ? undefined : seen.get(database);
  // A look from the middle does not make older knowledge fresher. It also says nothing if it began beyond what is known.
  if (from !== undefined && (known === undefined || known.below < from)) return;
  seen.set(database, { below, until: known?.until ?? now + TRUSTED_MS });
}

/** Notes the answer of a statement of `emit()` that looked from `from` on. */
export function noteUnrouted(database: Database, from: string | undefined, answer: StoredAnswer | undefined): void {
  if (answer?.unrouted === false) noneWaitsBelow(database, from, writtenBy(answer.now_ms));
}

/** The id below which all events were written by this moment of the database's clock, except those of transactions still in progress. */
export const writtenBy = (nowMs: number): string => idAt(nowMs - UNDER_WAY_MS);
