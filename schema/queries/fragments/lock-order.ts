import { type SQL, sql } from "drizzle-orm";

/*
 * The one order in which every statement takes its locks, so that no two wait for each other:
 *
 * 1. `operations`: the one row of the operation that is advanced.
 * 2. `destinations`, by name. A statement skips a row that it would have to wait for (`skip locked`), except for an operator's statement, which
 *    takes one row only.
 * 3. `flow_destinations`: one row, by `eventhub.flow_lock`. The rows of that destination in `flow_keys`, `paused_orders` and `flights` are read
 *    and written only under this lock, so they need no order of their own.
 * 4. `events`: existing rows by id, then new keys by idempotency key and index.
 * 5. `dispatches`, by id.
 * 6. The gates of destinations, by name: advisory locks that `eventhub.paused_destinations` takes shared, and only {@link closeGate} takes
 *    exclusively.
 *
 * A statement only moves down this list. UPDATE and UPDATE ... FROM lock rows in whatever order the plan finds them. So a statement that may touch
 * several rows that others want as well first locks them in a common table with {@link inLockOrder} (all of them, before it changes the first), and
 * then changes what that table returns. Recording does without this, since another lock per row makes it a fifth slower. It may, because it decides
 * by nothing but the rows themselves: its array is {@link sortedById}, and from about a hundred dispatches on its plan is a nested loop over that
 * array.
 *
 * After a wait for a lock, Postgres reads the locked row again, but nothing else: the rest of the statement still sees a snapshot from before the
 * wait. If a statement decides by other rows (a pause, a dispatch made since), it must look them up again once it holds its locks. It does so with a
 * function that is VOLATILE and therefore has its own snapshot, such as `eventhub.paused_destinations`.
 */

/** Ends a SELECT that locks the dispatches `d` for an UPDATE. After a wait, Postgres checks only its conditions on `d` again. */
export const inLockOrder: SQL = sql`order by d.id for no key update of d`;

/** Sorts by the ids of dispatches. Lower-case UUIDs, as the hub and Postgres write them, sort as text in the same order as their bytes. */
export const sortedById = <Item>(items: readonly Item[], idOf: (item: Item) => string): Item[] =>
  items.toSorted((one, other) => compare(idOf(one), idOf(other)));

/** The first key of the advisory locks that are the gates of destinations; `eventhub.paused_destinations` uses the same. */
const GATES = 7_237_971;

/**
 * Run this after changing a destination, before the commit. It waits until every claim that has passed the destination's gate has committed; later
 * claims wait at the gate, and then see the change.
 */
export const closeGate = (destination: string): SQL<never> =>
  sql<never>`select pg_advisory_xact_lock(${GATES}, hashtext(${destination}))`;

/**
 * Sorts new events by their keys, the order in which a statement has to insert them: whoever waits for a key holds only lesser ones. Events without a
 * key never wait.
 */
export function byIdempotencyKey<E extends { idempotencyKey: string | undefined; idempotencyIndex: number }>(
  events: readonly E[],
): E[] {
  return events.toSorted(
    (one, other) =>
      compare(one.idempotencyKey ?? "", other.idempotencyKey ?? "") || one.idempotencyIndex - other.idempotencyIndex,
  );
}

/** Compares by code units: the same in every isolate, whatever the database's collation is. */
const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
