import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseError } from "pg";
import { DEADLOCK, tellOthers } from "../deadlock.ts";
import type { Client, Deed } from "../world.ts";

/** What a bystander locks, in the order of all locks: one table at a time, its rows by key. */
const LOCKS = [
  "select id from eventhub.dispatches where id in (select id from eventhub.dispatches where status = 'ongoing' order by next_attempt_at offset $1 limit $2) order by id for update",
  "select id from eventhub.dispatches where id in (select id from eventhub.dispatches order by id offset $1 limit $2) order by id for update",
  "select id from eventhub.events where id in (select id from eventhub.events order by id offset $1 limit $2) order by id for update",
  "select name from eventhub.destinations order by name offset $1 % 4 limit least($2, 1) for update",
] as const;

/** A transaction of somebody else, which takes its time. */
export const holdRows: Deed = (client) => {
  const { random } = client;
  const time = random.chance(0.8) ? random.integer(5, 100) : random.integer(100, 400);
  return whileHeld(client, random.one(LOCKS), [random.integer(0, 40), random.integer(1, 10)], () => sleep(time));
};

/** Holds the locks of a statement while `act` runs, changes nothing, and commits or rolls back. */
export async function whileHeld(
  { admin, findings, random }: Client,
  lock: string,
  values: unknown[],
  act: () => Promise<void>,
): Promise<void> {
  const client = await admin.connect();
  try {
    await client.query("begin");
    await client.query(lock, values);
    await act();
    await client.query(random.chance(0.5) ? "commit" : "rollback");
    client.release();
  } catch (error) {
    client.release(true);
    if (!(error instanceof DatabaseError && error.code === DEADLOCK)) throw error;
    findings.violated(
      "deadlock",
      `with one who holds rows in the order of all locks: ${await tellOthers(admin, error)}`,
    );
  }
}
