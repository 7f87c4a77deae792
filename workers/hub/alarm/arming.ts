import type { NewDispatch } from "../../../schema/queries/events/store-events.ts";
import { alarmTimes, MAX_WATCHED_DISPATCHES, SOON_SECONDS } from "../../../schema/vocabulary/alarm-times.ts";
import { type AlarmBinding, alarmOf, arm } from "../../../workflows/call-alarm.ts";
import { graceSecondsOf } from "../../../workflows/read-grace.ts";
import type { HubEnv } from "../env.ts";

/** After a call of the alarm without an answer, the isolate does not call again for this long, in milliseconds. */
const ASKING_MS = 2_000;

/**
 * When this isolate last armed a look that covers whatever it commits, and whether that is certain. One entry per binding, because two hubs may be in
 * one isolate.
 */
const armings = new WeakMap<AlarmBinding, { at: number; certain: boolean }>();

/** When this isolate last emitted anything. */
const emissions = new WeakMap<AlarmBinding, number>();

/** Arms a look at what a call of `emit` commits. */
export interface Watch {
  /**
   * Runs beside the commit: resolves when the look is durable, or cannot be armed. `undefined` if there is nothing to wait for, as in most calls: at
   * most two a minute have to.
   */
  begun: Promise<unknown> | undefined;
  /** Whether the look covers only the dispatches of this call, and comes as soon as they are done. Whoever delivers them has to report that. */
  watched: boolean;
  /** Call this after the commit. If the commit was late, it arms another look. */
  committed(): Promise<void>;
}

const UNWATCHED: Watch = { begun: undefined, watched: false, committed: async () => undefined };

/**
 * Arms a look after the coming commit, unless an armed look covers it. Never throws: without the alarm, the cron finds the dispatches.
 *
 * In silence, the look is for the dispatches of this call alone, and comes as soon as they are done: the database is still awake then. With traffic,
 * it covers whatever else the isolate emits in the next minute, and nobody reports anything.
 */
export function watchCommit(
  env: Pick<HubEnv, "EVENTHUB_ALARM" | "RECONCILE_GRACE_SECONDS">,
  dispatches: readonly NewDispatch[],
): Watch {
  const alarm = alarmOf(env);
  if (alarm === undefined) return UNWATCHED;
  const { afterEmitMs, armedForMs, lateMs } = alarmTimes(graceSecondsOf(env));
  const beganAt = Date.now();
  const silent = beganAt - (emissions.get(alarm) ?? Number.NEGATIVE_INFINITY) >= armedForMs;
  emissions.set(alarm, beganAt);
  const committed = async () => {
    if (Date.now() - beganAt > lateMs) await armAt(alarm, Date.now(), afterEmitMs);
  };
  if (stands(armings.get(alarm), beganAt, armedForMs)) return { begun: undefined, watched: false, committed };
  if (silent && canBeWatched(dispatches)) {
    const ids = dispatches.map(({ id }) => id);
    return { begun: arm(alarm, afterEmitMs, ids), watched: true, committed };
  }
  return { begun: armAt(alarm, beganAt, afterEmitMs), watched: false, committed };
}

/** Whether these dispatches are few, and soon done: due at once, and not taken in turn by instances of their destination, which know no call of emit. */
const canBeWatched = (dispatches: readonly NewDispatch[]): boolean =>
  dispatches.length <= MAX_WATCHED_DISPATCHES &&
  dispatches.every(
    ({ delaySeconds, deliverAt, flowKey }) => delaySeconds === 0 && deliverAt === undefined && flowKey === null,
  );

/** Arms a look after a commit that has no {@link watchCommit}, or that may be in progress. Never throws. */
export async function armAfterCommit(env: Pick<HubEnv, "EVENTHUB_ALARM" | "RECONCILE_GRACE_SECONDS">): Promise<void> {
  const alarm = alarmOf(env);
  if (alarm !== undefined) await armAt(alarm, Date.now(), alarmTimes(graceSecondsOf(env)).afterEmitMs);
}

/** Arms a look at once, for something that waits for one, such as a drain. Never throws. */
export async function armSoon(env: Pick<HubEnv, "EVENTHUB_ALARM">): Promise<void> {
  const alarm = alarmOf(env);
  if (alarm !== undefined) await arm(alarm, SOON_SECONDS * 1_000);
}

/** Whether an earlier arming still covers this moment. An arming in the future means that a clock was set back, and does not count. */
function stands(arming: { at: number; certain: boolean } | undefined, now: number, armedForMs: number): boolean {
  if (arming === undefined || now < arming.at) return false;
  return now - arming.at < (arming.certain ? armedForMs : Math.min(ASKING_MS, armedForMs));
}

async function armAt(alarm: AlarmBinding, at: number, inMs: number): Promise<void> {
  const arming = { at, certain: false };
  armings.set(alarm, arming);
  arming.certain = await arm(alarm, inMs);
}
