import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "./episodes.ts";
import { GRACE_SECONDS } from "./grace.ts";
import { type Alone, FAULTS } from "./inject-silent-faults.ts";
import type { Load } from "./load.ts";
import { ask } from "./repeat.ts";
import { SILENT_FAULTS, type Silence, type SilentFault } from "./silent-faults.ts";

/** Longer than an armed look takes to come: nothing is armed if nobody has asked the database for this long. */
const QUIET_MS = 3 * GRACE_SECONDS * 1_000;
/** The longest wait until nobody asks the database any more. */
const FALL_ASLEEP_MS = 60_000;
/** The longest wait until an event is delivered, once nothing goes wrong any more. After it, the backstop looks. */
const FIND_MS = 120_000;

/** Where the events go: destinations that are called at once, and do what their scripts say. Some have limits or an order. */
const PLAIN = ["STEADY", "EAGER", "SINGLE", "BATCH"];
const FLOWS = ["RATED", "KEYED", "ORDERED"];

/**
 * Without any load: emits single events, each alone and with one fault of its own, and nothing after it. Nobody looks unless the alarm rings, or the
 * table of faults says so. Notes what happened; a checker compares that with the documented times.
 */
export async function playSilence(stage: Stage, load: Load): Promise<void> {
  stage.reconciling.paused = true;
  for (const fault of stage.random.shuffled(SILENT_FAULTS)) await playFault(fault, stage, load);
}

async function playFault(fault: SilentFault, stage: Stage, load: Load): Promise<void> {
  const { random, journal, workerd, control } = stage;
  await lookNow(stage);
  const asleep = await untilAsleep(stage);
  // The leases of destinations with limits or an order are not only in the dispatch.
  const to = random.one(fault === "the Workflow instance dies" ? PLAIN : [...PLAIN, ...FLOWS]);
  const { n, mark, emit } = load.alone(to);
  const silence: Silence = { fault, n, to, asleep, emittedAt: 0 };
  const alone: Alone = {
    ...{ stage, mark },
    emit: async () => {
      silence.emittedAt = Date.now();
      await emit();
    },
    emitAnother: () => load.alone("STEADY").emit(),
    untilAsleep: () => untilAsleep(stage),
  };
  journal.count(`in silence: ${fault}`);
  Object.assign(silence, await FAULTS[fault](alone));
  journal.silences.push(silence);
  if (await untilDelivered(stage, mark)) return;
  // Nobody has found it. This one does, so that the rest of the run can be judged.
  control.planned.clear();
  await ask(`${workerd.origin}/reconcile`);
  await untilDelivered(stage, mark);
}

/** Has the alarm ring soon, which replaces whatever was armed before. An operator's action that changes nothing does it. */
const lookNow = ({ workerd }: Stage) =>
  ask(`${workerd.origin}/operate`, { method: "resumeDestination", args: ["STEADY", { actor: "campaign" }] }).catch(
    () => undefined,
  );

/** Waits until nobody has asked the database for a while. False if that does not happen. */
async function untilAsleep({ databaseFaults }: Stage): Promise<boolean> {
  for (const limit = Date.now() + FALL_ASLEEP_MS; Date.now() < limit; await sleep(100)) {
    if (Date.now() - databaseFaults.askedAt > QUIET_MS) return true;
  }
  return false;
}

/** Waits until the event is stored and all its dispatches are final. False if that does not happen. */
async function untilDelivered({ backend }: Stage, mark: string): Promise<boolean> {
  for (const limit = Date.now() + FIND_MS; Date.now() < limit; await sleep(250)) {
    const { rows } = await backend.pool.query<{ status: string }>(
      `select d.status from eventhub.events e join eventhub.dispatches d on d.event_id = e.id where e.payload->>'filler' = $1`,
      [mark],
    );
    if (rows.length > 0 && rows.every(({ status }) => status !== "ongoing")) return true;
  }
  return false;
}
