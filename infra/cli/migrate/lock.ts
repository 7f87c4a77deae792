import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";

/** Any number, the same for every process that migrates: `eventhub` in ASCII, as a bigint. */
const LOCK = BigInt(`0x${Buffer.from("eventhub").toString("hex")}`).toString();

/** How long a process waits while another migrates. Indexes of large tables take a while. */
const PATIENCE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 200;
const TELL_AFTER_MS = 5_000;

/**
 * Waits until no other process migrates this database. The lock belongs to the session, so a dead connection releases it. The lock is requested again
 * and again: building an index concurrently would wait for a statement that waits for the lock.
 */
export async function takeLock(client: Client, tell: (message: string) => void): Promise<void> {
  const began = Date.now();
  for (let told = false; ; ) {
    const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [LOCK]);
    if (rows[0]?.taken === true) return;
    const waited = Date.now() - began;
    if (waited > PATIENCE_MS)
      throw new Error(`another process has been migrating the database for ${PATIENCE_MS / 60_000} minutes`);
    if (!told && waited > TELL_AFTER_MS) {
      told = true;
      tell("another process is migrating the database: waiting");
    }
    await sleep(LOOK_EVERY_MS);
  }
}
