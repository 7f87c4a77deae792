import { findToRescue } from "../../../../schema/queries/dispatches/find-to-rescue.ts";
import { noteSighting, type Sighting } from "../../../../schema/queries/dispatches/note-sighting.ts";
import { replaceInstance } from "../../../../schema/queries/dispatches/replace-or-lose.ts";
import { requeueUnclaimed, takeBackRequeue } from "../../../../schema/queries/dispatches/requeue-unclaimed.ts";
import { drain } from "../../../../workers/executor/reconcile/drain.ts";
import { runBreakers } from "../../../../workers/executor/reconcile/run-breakers.ts";
import type { Deed } from "../world.ts";

const GRACE_SECONDS = 0.2;
const SIGHTINGS: readonly Sighting[] = ["nudged", "waiting", "missing", "unknown"];

/** Enqueues again the dispatches that nobody has claimed; the queue refuses some. */
export const requeue: Deed = async ({ database, random, findings }) => {
  const rows = await database.run(
    requeueUnclaimed({ graceSeconds: GRACE_SECONDS, limit: random.integer(1, 40), turn: random.next() }),
  );
  findings.count("requeued", rows.length);
  if (rows.length > 0 && random.chance(0.5)) await database.run(takeBackRequeue(rows));
};

/** Rescues the dispatches that their instance has left, whatever state the engine reports for it. */
export const rescue: Deed = async ({ database, random, findings, routes }) => {
  const found = findToRescue({ graceSeconds: GRACE_SECONDS, limit: random.integer(1, 40), turn: random.next() });
  const rows = await database.run(found);
  for (const [instanceId, owned] of Map.groupBy(rows, (row) => row.instance_id)) {
    if (random.chance(0.5)) {
      await database.run(noteSighting(owned, random.one(SIGHTINGS)));
    } else {
      const { lostAfterSeconds } = routes.config;
      const replaced = await database.run(replaceInstance(owned, { instanceId, lostAfterSeconds }));
      findings.count("replaced", replaced.length);
    }
  }
};

export const tendBreakers: Deed = async ({ database, routes, findings }) => {
  const cared = await runBreakers({ database, config: routes.config }, () => Promise.resolve(true));
  for (const [what, n] of Object.entries(cared)) findings.count(what, n);
};

export const drainAll: Deed = async ({ database, routes, random, findings }) => {
  const send = () => Promise.resolve(random.chance(0.8));
  findings.count("drained", await drain({ database, config: routes.config }, send));
};
