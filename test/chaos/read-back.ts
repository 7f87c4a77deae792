import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "pg";
import type { StoredObject } from "../workers/chaos/wire.ts";
import type { Journal } from "./journal.ts";
import { ask } from "./repeat.ts";

/** The longest time in which a Workflow of a user runs to its end once it is woken, on a busy machine. */
const RUN_LIMIT_MS = 30_000;

/** At the end, reads what exists at destinations that do not report it: the bucket's objects, and instances that a kill left half-way. */
export async function readBack(origin: string, pool: Pool, journal: Journal): Promise<void> {
  const objects = await ask<StoredObject[]>(`${origin}/objects`);
  for (const { key: as, dispatchId, n } of objects) journal.arrivals.push({ destination: "BUCKET", dispatchId, as, n });
  const { rows } = await pool.query<{ id: string }>(
    "select id from eventhub.dispatches where destination = 'STARTER' and status = 'complete'",
  );
  for (const limit = Date.now() + RUN_LIMIT_MS; Date.now() < limit; await sleep(1_000)) {
    const begun = new Set(journal.arrivals.map((arrived) => "dispatchId" in arrived && arrived.dispatchId));
    const rest = rows.map(({ id }) => id).filter((id) => !begun.has(id));
    if (rest.length === 0) return;
    await ask(`${origin}/wake`, rest);
  }
}
