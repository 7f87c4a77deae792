import type { Pool } from "pg";
import type { InstanceAct, Swept } from "../workers/chaos/wire.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";
import { ask } from "./repeat.ts";
import type { Control } from "./worker-faults.ts";

/** The age at which an instance is looked at, and the time until the next look. */
const SWEEP_AFTER_MS = 15_000;
const SWEEP_BATCH = 100;

/** Deletes instances that have ended, since each holds open files of workerd, and notes those that ended `errored`. */
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

/** The acts of an operator after which a call in flight may be repeated: all but resuming. */
const LETHAL: readonly InstanceAct[] = ["terminate", "restart", "delete", "pause"];

/** Acts on some instances that own dispatches now, and returns the ids of those that accepted it. */
export async function actOnInstances(
  act: InstanceAct,
  { origin, pool, journal, random }: { origin: string; pool: Pool; journal: Journal; random: Random },
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; destination: string; pulls: boolean; dispatches: string[] }>(
    `select workflow || '/' || instance_id as id, min(destination) as destination, instance_id like 'flow-%' as pulls, array_agg(id::text) as dispatches
     from eventhub.dispatches where status = 'ongoing' and instance_id is not null group by workflow, instance_id order by 1 limit 50`,
  );
  const done: string[] = [];
  for (let count = Math.min(random.integer(1, 6), rows.length); count > 0; count--) {
    const { id, destination, pulls, dispatches } = random.one(rows);
    if (done.includes(id)) continue;
    const died = { kind: act, ...(pulls ? { destination } : { dispatchIds: new Set(dispatches) }) };
    if (LETHAL.includes(act)) journal.deaths.push({ at: Date.now(), ...died });
    // It may just have ended.
    const acted = await ask(`${origin}/instance`, { id, act }).then(
      () => true,
      () => false,
    );
    if (LETHAL.includes(act)) journal.deaths.push({ at: Date.now(), ...died });
    if (acted) {
      journal.count(`instance: ${act}`);
      done.push(id);
    }
  }
  return done;
}
