import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "./episodes.ts";
import { GRACE_SECONDS } from "./grace.ts";
import { ask } from "./repeat.ts";
import type { Silence, SilentFault } from "./silent-faults.ts";

const GRACE_MS = GRACE_SECONDS * 1_000;
/** The longest wait of an emit for the alarm: after it, a look is armed, or it never is. */
const ARMED_MS = 1_000;

/** The longest wait for the request in which everything dies. */
const COMES_MS = 30_000;

/** The lease that is left when an instance dies. With a lease of its full length, this would take more than 90 s. */
const LEASE_SECONDS = 2;

/** One event, which is emitted alone. */
export interface Alone {
  stage: Stage;
  /** A text that only its payload has. */
  mark: string;
  /** Emits it, once. */
  emit(): Promise<void>;
  /** Emits another event. */
  emitAnother(): Promise<void>;
  /** Waits until nobody asks the database any more. */
  untilAsleep(): Promise<unknown>;
}

/** What is known when the fault is over, see {@link Silence}. */
type Known = Pick<Silence, "lostAt" | "overAt" | "looksLost" | "away">;

/** What goes wrong around the one event. */
export const FAULTS: Readonly<Record<SilentFault, (alone: Alone) => Promise<Known>>> = {
  "the queue message is lost": async ({ stage: { control }, emit }) => {
    control.plan("queue.send", "drop");
    await emit();
    return {};
  },
  "the isolate dies after the commit": async ({ stage, mark, emit }) => {
    const committed = stage.databaseFaults.swallow((text) => text.includes(mark), COMES_MS);
    const emitting = emit();
    await committed;
    await sleep(ARMED_MS);
    const away = await killAll(stage);
    await emitting;
    return { away };
  },
  "the queue refuses everything": async ({ stage: { control, random }, emit }) => {
    control.storms.set("queue.send", "refuse");
    await emit();
    await sleep(random.integer(2 * GRACE_MS, 8 * GRACE_MS));
    control.storms.delete("queue.send");
    return { overAt: Date.now() };
  },
  "the look's message is lost": async ({ stage: { control, random }, emit }) => {
    const looksLost = random.integer(1, 2);
    control.plan("queue.send", ...Array<string>(1 + looksLost).fill("drop"));
    await emit();
    return { looksLost };
  },
  "the executor dies in the look": async ({ stage, emit }) => {
    stage.control.plan("queue.send", "drop");
    const looking = stage.databaseFaults.swallow((text) => text === "executor", COMES_MS);
    await emit();
    await looking;
    return { looksLost: 1, away: await killAll(stage) };
  },
  "the database is away for the look": async ({ stage: { control, databaseFaults, random }, emit }) => {
    control.plan("queue.send", "drop");
    await emit();
    databaseFaults.outage = "refuse";
    // A look repeats what the database refuses, and gives up only after 25 s.
    await sleep(random.integer(3 * GRACE_MS, 15 * GRACE_MS));
    databaseFaults.outage = undefined;
    return { overAt: Date.now() };
  },
  "the Workflow instance was never made": async ({ stage: { control, random }, emit }) => {
    if (random.chance(0.5)) control.plan("instances.create", "false success");
    else control.plan("queue.consume", "lose");
    await emit();
    return {};
  },
  "the Workflow instance dies": async ({ stage, mark, emit }) => {
    const { control, workerd, journal, random } = stage;
    control.plan("consumer", "hang");
    await emit();
    const emittedAt = Date.now();
    while (control.planned.get("consumer")?.length !== 0 && Date.now() < emittedAt + COMES_MS) await sleep(20);
    const { id, instance, overAt } = await shortenLease(stage, mark, emittedAt + GRACE_MS);
    const act = random.one(["terminate", "delete"] as const);
    const died = { kind: act, dispatchIds: new Set([id]) };
    journal.deaths.push({ at: Date.now(), ...died });
    // If this fails, the call times out.
    await ask(`${workerd.origin}/instance`, { id: instance, act }).catch(() => undefined);
    journal.deaths.push({ at: Date.now(), ...died });
    return { lostAt: Date.now(), overAt };
  },
  "the alarm is not reached, until the backstop": async (alone) => {
    await emitUnwatched(alone);
    const overAt = Date.now();
    await ask(`${alone.stage.workerd.origin}/reconcile`);
    return { overAt };
  },
  "the alarm is not reached, until the next event": async (alone) => {
    await emitUnwatched(alone);
    const overAt = Date.now();
    await alone.emitAnother();
    return { overAt };
  },
};

/** The alarm does not answer the emit, or forgets what it was told, and the message is lost. */
async function emitUnwatched({ stage: { control, random }, emit, untilAsleep }: Alone): Promise<void> {
  control.plan("queue.send", "drop");
  control.storms.set("alarm", random.one(["refuse", "lose"]));
  await emit();
  await untilAsleep();
  control.storms.delete("alarm");
}

/** Shortens the lease of a call in flight. After `until` it stays as it is, since the next look may be armed for its end already. */
async function shortenLease({ backend: { pool } }: Stage, mark: string, until: number) {
  const seconds = Date.now() < until ? LEASE_SECONDS : null;
  const { rows } = await pool.query<{ id: string; instance: string | null; overAt: number }>(
    `update eventhub.dispatches d set lease_until = coalesce(now() + make_interval(secs => $2), d.lease_until)
     from eventhub.events e where e.id = d.event_id and e.payload->>'filler' = $1
     returning d.id, d.workflow || '/' || d.instance_id as instance, extract(epoch from coalesce(d.lease_until, now()))::float8 * 1000 as "overAt"`,
    [mark, seconds],
  );
  if (rows[0] === undefined) throw new Error(`nothing is stored of ${mark}`);
  return rows[0];
}

/** Kills every Worker, and starts them again. Returns when they were away. */
async function killAll({ workerd, journal }: Stage): Promise<NonNullable<Silence["away"]>> {
  const from = Date.now();
  journal.count("workerd killed");
  journal.deaths.push({ at: from, kind: "kill" });
  await workerd.kill();
  journal.deaths.push({ at: Date.now(), kind: "kill" });
  await workerd.start();
  return { from, to: Date.now() };
}
