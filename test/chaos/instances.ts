import type { Pool } from "pg";
import type { InstanceAct, Swept } from "../workers/chaos/wire.ts";
import type { Control } from "./control.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";
import { ask } from "./repeat.ts";

/** An instance is looked at when it is this old, and again after that time. */
const SWEEP_AFTER_MS = 15_000;
const SWEEP_BATCH = 100;

/** Deletes instances that have ended, as each holds open files of workerd, and notes those that ended `errored`. */
export async function sweep(origin: string, { instances }: Control, journal: Journal): Promise<void> {
  const due = [...instances].filter(([, at]) => at < Date.now() - SWEEP_AFTER_MS).map(([id]) => id);
  for (let start = 0; start < due.length; start += SWEEP_BATCH) {
    const batch = due.slice(start, start + SWEEP_BATCH);
    const { deleted, errored } = await ask<Swept>(`${origin}/sweep`, batch);
    for (const id of batch) instances.set(id, Date.now());
    for (const id of deleted) instances.delete(id);
    journal.errored.push(...errored);
  }
}

/** What happens to an instance when an operator does that: everything but pausing and resuming ends the call in flight. */
const LETHAL: readonly InstanceAct[] = ["terminate", "restart", "delete", "pause"];

/** Acts on some instances that own dispatches now, and gives those that it paused. */
export async function actOnInstances(
  act: InstanceAct,
  { origin, pool, journal, random }: { origin: string; pool: Pool; journal: Journal; random: Random },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; dispatches: string[] }>(
    `select workflow || '/' || instance_id as id, array_agg(id::text) as dispatches from eventhub.dispatches
     where status = 'ongoing' and instance_id is not null group by 1 order by 1 limit 50`,
  );
  const done: string[] = [];
  for (let count = Math.min(random.integer(1, 6), rows.length); count > 0; count--) {
    const { id, dispatches } = random.one(rows);
    if (done.includes(id)) continue;
    if (LETHAL.includes(act)) journal.deaths.push({ at: Date.now(), kind: act, dispatchIds: new Set(dispatches) });
    // It may have ended just now.
    const acted = await ask(`${origin}/instance`, { id, act }).then(
      () => true,
      () => false,
    );
    if (LETHAL.includes(act)) journal.deaths.push({ at: Date.now(), kind: act, dispatchIds: new Set(dispatches) });
    if (acted) {
      journal.count(`instance: ${act}`);
      done.push(id);
    }
  }
  return done;
}
