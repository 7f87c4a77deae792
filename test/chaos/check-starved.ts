import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { AHEAD_SECONDS } from "../../schema/queries/flow/take.ts";
import type { Cooldown } from "./check-cooldowns.ts";
import { CARE_MS, overlapMs } from "./check-waits.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import type { OperatorAct } from "./journal.ts";
import { claimsOf, type Transition } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

interface Span {
  from: number;
  to: number;
}

/**
 * Checks how long a key with something due is passed over. The most is the time that reconciling may take to find it if its queue message was lost:
 * as in `checkWaits`, with outages and standstills counted twice. Each call of the key starts its wait again. Time during which a limit stops the key
 * does not count: all its places or those of its destination are taken (also by dead calls), the rate assigns no time, it cools down, or an operator
 * has paused it.
 */
export function checkStarved(
  destination: string,
  rules: FlowRules,
  dispatches: readonly DispatchRow[],
  cooldowns: readonly Cooldown[],
  evidence: Evidence,
): Violation[] {
  return waitsOfKeys(destination, rules, dispatches, cooldowns, evidence).flatMap(({ key, ms, allowedMs }) =>
    ms <= allowedMs
      ? []
      : [
          violation(
            "starved",
            `${destination} ${key}: passed over for ${Math.round(ms)} ms of ${Math.round(allowedMs)} allowed`,
          ),
        ],
  );
}

/** Each time during which a key has something due, gets no call and is not stopped by a limit, and the part of it without outages and standstills. */
export function waitsOfKeys(
  destination: string,
  { concurrency, rate, key: each }: FlowRules,
  dispatches: readonly DispatchRow[],
  cooldowns: readonly Cooldown[],
  { transitions, outages, stalls, acts }: Evidence,
) {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  const spansOf = (some: readonly DispatchRow[], pick: typeof dueSpans) =>
    some.flatMap(({ id }) => pick(histories.get(id) ?? []));
  const troubles = merged([...outages, ...stalls]);
  const full = atLeast(concurrency, spansOf(dispatches, takenSpans));
  const pace = acts.flatMap((act) => (act.method === "setFlow" && act.rate !== undefined ? [act.rate] : []));
  const slowest = Math.max(...[rate, each?.rate, ...pace].map((one) => (one ? one.perSeconds / one.limit : 0)));
  return [...Map.groupBy(dispatches, ({ flowKey }) => flowKey ?? "")].flatMap(([key, own]) => {
    const claims = own.flatMap(({ id }) => claimsOf(histories.get(id) ?? [])).map(({ at }) => at);
    const stopped = merged([
      ...full,
      ...atLeast(each?.concurrency, spansOf(own, takenSpans)),
      ...pausesOf(destination, key, acts),
      ...cooldowns.filter((one) => one.key === undefined || one.key === key),
      // The time that was assigned ahead, and one more interval of the rate.
      ...claims.map((at) => ({ from: at, to: at + (AHEAD_SECONDS + slowest) * 1_000 })),
    ]);
    const either = merged([...stopped, ...troubles]);
    return cut(merged(spansOf(own, dueSpans)), claims).map(({ from, to }) => ({
      key,
      ms: to - from - overlapMs(stopped, from, to),
      allowedMs: CARE_MS + 2 * overlapMs(troubles, from, to),
      calmMs: to - from - overlapMs(either, from, to),
    }));
  });
}

/** The times during which a dispatch was due and belonged to no instance. */
const dueSpans = (history: readonly Transition[]): Span[] =>
  spans(history).flatMap(({ state, from, to }) =>
    state.status === "ongoing" && !state.owned ? [{ from: Math.max(from, state.nextAttemptAt), to }] : [],
  );

/** The times during which a dispatch had a place. */
const takenSpans = (history: readonly Transition[]): Span[] =>
  spans(history).flatMap(({ state, from, to }) => (state.status === "ongoing" && state.owned ? [{ from, to }] : []));

const spans = (history: readonly Transition[]) =>
  history.flatMap((state, index) => {
    const next = history[index + 1];
    return next === undefined ? [] : [{ state, from: state.at, to: next.at }];
  });

const pausesOf = (destination: string, key: string, acts: readonly OperatorAct[]): Span[] => {
  const own = acts.filter((act) => act.destination === destination && act.key === key && act.refused === undefined);
  return own.flatMap(({ method, startedAt: from }) => {
    const resumed = own.find((act) => act.method === "resumeKey" && act.startedAt >= from);
    return method === "pauseKey" ? [{ from, to: resumed?.answeredAt ?? Number.POSITIVE_INFINITY }] : [];
  });
};

/** The times during which at least this many spans overlapped. */
function atLeast(count: number | undefined, some: readonly Span[]): Span[] {
  if (count === undefined) return [];
  const steps = some.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  let n = 0;
  return steps
    .toSorted((one, other) => one.at - other.at)
    .flatMap(({ at, by }, index, all) => {
      n += by;
      return n >= count ? [{ from: at, to: all[index + 1]?.at ?? at }] : [];
    });
}

function merged(some: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const { from, to } of some.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (to <= from) continue;
    if (last === undefined || last.to < from) joined.push({ from, to });
    else last.to = Math.max(last.to, to);
  }
  return joined;
}

/** The same spans, cut at each of these moments. */
const cut = (some: readonly Span[], moments: readonly number[]): Span[] =>
  some.flatMap(({ from, to }) => {
    const inside = moments.filter((at) => at > from && at < to).toSorted((one, other) => one - other);
    return [from, ...inside].map((start, index) => ({ from: start, to: inside[index] ?? to }));
  });
