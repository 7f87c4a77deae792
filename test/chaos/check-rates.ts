import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { AHEAD_SECONDS } from "../../schema/queries/flow/take.ts";
import type { LoggedCall } from "./attribution.ts";
import { byKey } from "./by-key.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { overlaps, standstills } from "./standstills.ts";
import { claimsOf } from "./transition.ts";
import { type Violation, violation } from "./violation.ts";

/** How much closer together a busy machine may push calls that begin at their time, in milliseconds. This is the tolerance of the promise. */
const JITTER_MS = 1_000;

/**
 * Checks that in any window no more calls begin than the rate and its burst allow, except those that a standstill has pushed together. A delay of the
 * database's answer widens the window, as the promise says: if the answer was lost, the call is made only when the answer was requested again.
 */
export function checkRates(
  name: string,
  rules: FlowRules,
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  evidence: Evidence,
): Violation[] {
  const delayOf = delays(evidence);
  return [...byKey(dispatches, calls)].flatMap(([key, own]) => {
    const rate = key === undefined ? rules.rate : rules.key?.rate;
    const begun = own
      .map((call) => ({ at: call.startedAt, delayMs: delayOf(call) }))
      .toSorted((one, other) => one.at - other.at);
    return [
      ...(rate === undefined ? [] : [{ rate, from: 0, to: Number.POSITIVE_INFINITY }]),
      ...(key === undefined ? overridesOf(name, evidence) : []),
    ].flatMap((during) =>
      checkRate(
        `${name} ${key ?? ""}`,
        during.rate,
        begun.filter(({ at }) => at >= during.from && at <= during.to),
        evidence,
      ),
    );
  });
}

type Rate = NonNullable<FlowRules["rate"]>;

/** When a call began, and how late the database's answer before it was, in milliseconds. */
interface Begun {
  at: number;
  delayMs: number;
}

function checkRate(what: string, rate: Rate, begun: readonly Begun[], evidence: Evidence): Violation[] {
  return begun.flatMap(({ at: from }, first) => {
    let delayMs = 0;
    return begun.slice(first).flatMap(({ at: to, delayMs: own }, index) => {
      delayMs = Math.max(delayMs, own);
      const allowed = (rate.limit * (to - from + JITTER_MS + delayMs)) / (rate.perSeconds * 1_000) + rate.burst;
      if (index + 1 <= allowed || overlaps(standstills(evidence), from - JITTER_MS, to)) return [];
      return [violation("rate", `${what}: ${index + 1} calls in ${to - from} ms, allowed ${allowed.toFixed(1)}`)];
    });
  });
}

function delays({ transitions, databaseTrouble }: Evidence): (call: LoggedCall) => number {
  const histories = Map.groupBy(transitions, ({ dispatchId }) => dispatchId);
  return ({ dispatchId, startedAt }) => {
    const taken = claimsOf(histories.get(dispatchId) ?? []).findLast(({ at }) => at <= startedAt);
    const late = taken !== undefined && overlaps(databaseTrouble, taken.at, startedAt);
    return late ? Math.max(0, startedAt - taken.at - AHEAD_SECONDS * 1_000) : 0;
  };
}

/**
 * The rates that an operator has set. Each counts from the moment at which no call with an earlier time can be on its way, until the next rate is
 * set.
 */
function overridesOf(name: string, { acts }: Evidence): { rate: Rate; from: number; to: number }[] {
  const own = acts.filter(({ destination, rate }) => destination === name && rate !== undefined);
  return own.flatMap(({ rate, until, answeredAt, refused }, index) => {
    if (rate === undefined || until === undefined || answeredAt === undefined || refused !== undefined) return [];
    const next = own[index + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
    return [{ rate, from: answeredAt + AHEAD_SECONDS * 1_000 + JITTER_MS, to: Math.min(until, next) }];
  });
}
