import { type SQL, sql } from "drizzle-orm";

/*
 * The one order in which every statement takes its locks, so that no two can wait for each other:
 *
 * 1. `operations`: the one row of the operation that goes on.
 * 2. `destinations`, by name. Whoever would have to wait for one skips it (`skip locked`), but for an operator, who takes one alone.
 * 3. `flow_destinations`: one row, by `eventhub.flow_lock`. Under it `flow_keys`, `paused_orders` and `flights` of that destination are read and written, and
 *    by nobody else, so that they need no order of their own.
 * 4. `events`: what is there, by id; then new keys, by idempotency key and index.
 * 5. `dispatches`, by id.
 *
 * 6. The gates of destinations, by name: advisory locks that `eventhub.paused_destinations` takes shared, and {@link closeGate} alone.
 *
 * A statement goes on downwards only. UPDATE, and UPDATE ... FROM, lock rows in the order in which the plan finds them, which is none: what
 * may touch several rows that others want too first locks them by a common table with {@link inLockOrder} (all of them, before the first is
 * changed), and changes what that table gives. Recording, which decides by nothing but the rows themselves, does without, since another lock a row
 * costs it a fifth: it is given its array {@link sortedById}, and its plan is a nested loop over that from some hundred dispatches on.
 *
 * A row that had to be waited for is read again, but nothing beside it: the rest of a statement goes by a snapshot from before the wait. What
 * a statement decides by other rows (a pause, a dispatch made since) it has to look up again once it holds its locks, by a function that is
 * VOLATILE and so has a snapshot of its own, e.g. `eventhub.paused_destinations`.
 */

/** Ends a SELECT that locks the dispatches `d` for an UPDATE. Of its conditions those on `d` are checked again after a wait. */
export const inLockOrder: SQL = sql`order by d.id for no key update of d`;

/** In the order of dispatches' ids. UUIDs in lower case, as the hub and Postgres write them, sort as text as they do as bytes. */
export const sortedById = <Item>(items: readonly Item[], idOf: (item: Item) => string): Item[] =>
  items.toSorted((one, other) => compare(idOf(one), idOf(other)));

/** First key of the advisory locks that are the gates of destinations; `eventhub.paused_destinations` has the same. */
const GATES = 7_237_971;

/**
 * Waits, after a destination was changed and before that is committed, until every claim has committed that has passed its gate; those that come
 * then wait at the gate, and see the change.
 */
export const closeGate = (destination: string): SQL<never> =>
  sql<never>`select pg_advisory_xact_lock(${GATES}, hashtext(${destination}))`;

/** New events in the order of their keys, as a statement has to insert them: who waits for a key holds only lesser ones. Those without one wait for none. */
export function byIdempotencyKey<E extends { idempotencyKey: string | undefined; idempotencyIndex: number }>(
  events: readonly E[],
): E[] {
  return events.toSorted(
    (one, other) =>
      compare(one.idempotencyKey ?? "", other.idempotencyKey ?? "") || one.idempotencyIndex - other.idempotencyIndex,
  );
}

/** By code units: the same in every isolate, whatever the database's collation. */
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
