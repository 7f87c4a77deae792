import { overlapMs } from "./check-waits.ts";
import type { Evidence } from "./evidence.ts";
import { GRACE_SECONDS } from "./grace.ts";
import type { Silence, SilentFault } from "./silent-faults.ts";
import { CLOCK_MS, overlaps } from "./standstills.ts";
import { endOf } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/**
 * The times of "What finds what, and when" in workers/sleep.md, repeated here, as many graces each as they are with a grace this short. With a grace
 * of a minute they are 90 s, at most 150 s, 2 minutes and a minute.
 */
const GRACE_MS = GRACE_SECONDS * 1_000;
const LOOK_MS = 2 * GRACE_MS;
const LATEST_LOOK_MS = 3 * GRACE_MS;
const ASK_AGAIN_MS = 2 * GRACE_MS;
const TRY_AGAIN_MS = GRACE_MS;

/** The longest wait of an emit for the alarm. If the machine stands still meanwhile, there may be no look. */
const ARMING_MS = 1_000;

/** How long a look may take from the alarm's ringing to the first write, on a busy machine. Standstills are added to it. */
const LOOKING_MS = 3_000;
/** How long a delivery may take from then on. */
const DELIVERY_MS = 10_000;

interface Span {
  from: number;
  to: number;
}

const afterEmit = ({ emittedAt }: Silence): Span => ({ from: emittedAt + LOOK_MS, to: emittedAt + LATEST_LOOK_MS });

/** How long after a look that is not answered the alarm asks the n-th time: it waits twice as long each time. */
const askedAgainMs = (n: number): number => ASK_AGAIN_MS * (2 ** n - 1);

/** When that which went wrong is found: not before `from`, and by `to`. */
const FOUND: Readonly<Record<SilentFault, (silence: Silence) => Span>> = {
  "the queue message is lost": afterEmit,
  "the isolate dies after the commit": afterEmit,
  "the Workflow instance was never made": afterEmit,
  "the queue refuses everything": (silence) => {
    const { overAt = 0 } = silence;
    const { from, to } = afterEmit(silence);
    return { from: Math.max(from, overAt), to: Math.max(to, overAt + 2 * TRY_AGAIN_MS) };
  },
  "the look's message is lost": (silence) => {
    const { from, to } = afterEmit(silence);
    const laterMs = askedAgainMs(silence.looksLost ?? 0);
    return { from: from + laterMs, to: to + laterMs };
  },
  // Another grace later if the engine does not know the instance, and then at the next look.
  "the Workflow instance dies": ({ overAt = 0 }) => ({ from: overAt + GRACE_MS, to: overAt + 3 * GRACE_MS }),
  // An alarm that has died while it rang rings again at once.
  "the executor dies in the look": (silence) => {
    const { from, to } = afterEmit(silence);
    return { from, to: to + askedAgainMs(silence.looksLost ?? 0) };
  },
  "the database is away for the look": (silence) => {
    const { overAt = 0 } = silence;
    const { from, to } = afterEmit(silence);
    let n = 0;
    while (from + askedAgainMs(n) < overAt) n += 1;
    return { from: overAt, to: to + askedAgainMs(n) };
  },
  "the alarm is not reached, until the backstop": ({ overAt = 0 }) => ({ from: overAt, to: overAt }),
  // The look of the next event comes as soon as that is delivered.
  "the alarm is not reached, until the next event": ({ overAt = 0 }) => ({ from: overAt, to: overAt + LATEST_LOOK_MS }),
};

/** How one event that was emitted in silence fared. Times in milliseconds after its emit began. */
export interface Recovered {
  silence: Silence;
  /** The documented times, without those during which the machine stood still. */
  fromMs: number;
  toMs: number;
  /** When it is found at the latest on this machine. */
  allowedMs: number;
  /** When somebody first wrote to its dispatch, and when that was final; `undefined`: never. */
  foundMs: number | undefined;
  deliveredMs: number | undefined;
}

/** Measures what happened in silence, fault by fault. */
export function measureSilence({ silences, events, dispatches, transitions, stalls }: Evidence): Recovered[] {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  return silences.map((silence) => {
    const { n, fault, emittedAt, away } = silence;
    const event = events.find((one) => one.n === n && one.hops === 0);
    const dispatch = dispatches.find(({ eventId }) => eventId === event?.id);
    const history = histories.get(dispatch?.id ?? "") ?? [];
    const found = history.slice(1).find(({ at }) => at > (silence.lostAt ?? 0))?.at;
    const delivered = endOf(history)?.at;
    const { from, ...span } = FOUND[fault](silence);
    // What was due while all were dead comes when they are back.
    const to = Math.max(span.to, away?.to ?? 0);
    const slow = stalls.filter((stall) => away === undefined || stall.from < away.from || stall.from > away.to);
    const stillMs = 2 * overlapMs(slow, emittedAt, found ?? Number.POSITIVE_INFINITY);
    const after = (at: number) => Math.round(at - emittedAt);
    return {
      silence,
      fromMs: after(from),
      toMs: after(to),
      allowedMs: after(to + LOOKING_MS + stillMs),
      foundMs: found === undefined ? undefined : after(found),
      deliveredMs: delivered === undefined ? undefined : after(delivered),
    };
  });
}

const when = (ms: number | undefined): string => (ms === undefined ? "never" : `after ${ms} ms`);

/** Whether the machine stood still while a look was armed: by the event, or by the one that helps it. */
const mayBeUnarmed = ({ emittedAt, overAt = emittedAt }: Silence, { stalls }: Evidence): boolean =>
  [emittedAt, overAt].some((at) => overlaps(stalls, at, at + ARMING_MS));

/**
 * Checks that whatever goes wrong for an event after which nothing comes is found when the documents say so: not later, apart from the time during
 * which the machine stood still, and not earlier, since then it was not this that found it. And that nobody asks the database meanwhile.
 */
export function checkSilence(evidence: Evidence): Violation[] {
  return measureSilence(evidence).flatMap(({ silence, fromMs, allowedMs, foundMs, deliveredMs }) => {
    const { fault, n, to, asleep } = silence;
    const what = `${fault}: event number ${n} to ${to}`;
    const late = (foundMs === undefined || foundMs > allowedMs) && !mayBeUnarmed(silence, evidence);
    const inTimeMs = Math.max(allowedMs, foundMs ?? 0) + DELIVERY_MS;
    const undelivered = foundMs !== undefined && (deliveredMs ?? Number.POSITIVE_INFINITY) > inTimeMs;
    return [
      ...(asleep ? [] : [violation("asleep", `before ${what}, the database was asked again and again`)]),
      ...(foundMs !== undefined && foundMs < fromMs - CLOCK_MS
        ? [violation("asleep", `${what} was touched after ${foundMs} ms, and nobody had to look before ${fromMs} ms`)]
        : []),
      ...(late ? [violation("found", `${what} was found ${when(foundMs)}, and had to be within ${allowedMs} ms`)] : []),
      ...(!late && undelivered
        ? [violation("found", `${what} was found ${when(foundMs)}, and delivered ${when(deliveredMs)}`)]
        : []),
    ];
  });
}
