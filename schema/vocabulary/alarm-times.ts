/** When the hub's alarm rings. It says when somebody has to look, so that the database may sleep until then. */

/** The name of the object of the class `Alarm`; a hub has one. */
export const ALARM_NAME = "hub";

/**
 * How long after its grace a call of `emit` may still commit a row, in seconds: the longest wait of emit for the database, and a margin. A look that
 * is armed when the call begins then finds what the call has committed. It is at most the grace, which is short in local stacks; a call that took
 * longer arms another look after its commit.
 */
const LATE_COMMIT_SECONDS = 30;

/** For how many seconds one look, armed by an isolate, also covers whatever else that isolate emits. */
const ARMED_FOR_SECONDS = 60;

/**
 * The most dispatches that one call of `emit` lets the alarm watch, so that its look comes as soon as they are done. A call with more arms a usual
 * look.
 */
export const MAX_WATCHED_DISPATCHES = 16;

/** How soon a look follows when a call of a destination with a breaker has failed, in seconds. */
export const BREAKER_LOOK_SECONDS = 10;

/** How soon a look follows something that requires one, such as an operator's action, in seconds. */
export const SOON_SECONDS = 1;

/**
 * How long a requested look may take before it is requested again, in seconds. The wait doubles with each request that is not answered, up to the
 * maximum.
 */
const ANSWER_SECONDS = 120;
const MAX_ANSWER_SECONDS = 3_600;

/** The least time from a look to the next one that it arms, in seconds: something that persists is looked at as often as with a cron. */
const LEAST_BETWEEN_LOOKS_SECONDS = 60;

/** The alarm's times, in milliseconds. */
export interface AlarmTimes {
  /** From the start of a call of `emit` to the look that it arms. */
  afterEmitMs: number;
  /** How long that look covers whatever else the isolate emits. A call that starts in this time has committed before the look, unless it is late. */
  armedForMs: number;
  /** A call that took longer than this to commit arms a look of its own. */
  lateMs: number;
  /** The least time from a look to the next. */
  betweenMs: number;
  /** How long to wait for the answer to a requested look, if so many before it were not answered. */
  answerMs(unanswered: number): number;
}

/** The times for a grace of reconciling, in seconds. With a short grace, all of them are short. */
export function alarmTimes(graceSeconds: number): AlarmTimes {
  const grace = Math.max(1, graceSeconds);
  const armedFor = Math.min(grace, ARMED_FOR_SECONDS);
  const late = Math.min(grace, LATE_COMMIT_SECONDS);
  const answer = Math.min(2 * grace, ANSWER_SECONDS);
  const maxAnswer = Math.min(60 * grace, MAX_ANSWER_SECONDS);
  return {
    afterEmitMs: (armedFor + late) * 1_000,
    armedForMs: armedFor * 1_000,
    lateMs: late * 1_000,
    betweenMs: Math.min(grace, LEAST_BETWEEN_LOOKS_SECONDS) * 1_000,
    answerMs: (unanswered) => Math.min(answer * 2 ** Math.min(unanswered, 20), maxAnswer) * 1_000,
  };
}
