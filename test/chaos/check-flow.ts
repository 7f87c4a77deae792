import { type FlowRules, flowRulesOf } from "../../schema/config/destinations/flow.ts";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { AHEAD_SECONDS } from "../../schema/queries/flow/take.ts";
import routing from "../workers/chaos/routing.json" with { type: "json" };
import type { LoggedCall } from "./attribution.ts";
import { callEnds } from "./call-ends.ts";
import { checkHeld } from "./check-held.ts";
import { checkOrder } from "./check-order.ts";
import { checkPaused } from "./check-paused.ts";
import { checkStarved, waitsOfKeys } from "./check-starved.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS, overlaps, standstills } from "./standstills.ts";
import { type Violation, violation } from "./violation.ts";

/** What a busy machine may push together of calls that begin at their time, in milliseconds: the tolerance of the promise. */
const JITTER_MS = 1_000;

const { destinations } = parseRouteConfig(routing);

/** Judges the destinations that have limits or an order, by their own log of calls. */
export function checkFlow(evidence: Evidence): Violation[] {
  return limited(evidence).flatMap(({ name, rules, ordered, dispatches, calls }) => [
    ...checkRates(name, rules, dispatches, calls, evidence),
    ...checkPlaces(name, rules, dispatches, calls, evidence),
    ...(ordered ? checkOrder(dispatches, calls, evidence) : checkStarved(name, rules, dispatches, evidence)),
    ...(rules.hold === true ? checkHeld(dispatches, calls, evidence) : []),
    ...checkPaused(name, dispatches, calls, evidence),
  ]);
}

/** The longest time in which a key that may be called got no call, beside outages and standstills. In milliseconds. */
export function measurePassedOver(evidence: Evidence): number {
  const waits = limited(evidence)
    .filter(({ ordered }) => !ordered)
    .flatMap(({ name, rules, dispatches }) => waitsOfKeys(name, rules, dispatches, evidence));
  return Math.round(Math.max(0, ...waits.map(({ calmMs }) => calmMs)));
}

const limited = (evidence: Evidence) =>
  Object.entries(destinations).flatMap(([name, destination]) => {
    const rules = flowRulesOf(destination);
    if (rules === undefined) return [];
    const dispatches = evidence.dispatches.filter((dispatch) => dispatch.destination === name);
    const calls = evidence.calls.filter((call) => call.destination === name);
    return [{ name, rules, ordered: destination.order !== undefined, dispatches, calls }];
  });

/** The calls of each key, and those of all under no key. */
function byKey(
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
): Map<string | undefined, LoggedCall[]> {
  const keys = new Map(dispatches.map(({ id, flowKey }) => [id, flowKey ?? ""]));
  const grouped = Map.groupBy<string | undefined, LoggedCall>(calls, ({ dispatchId }) => keys.get(dispatchId) ?? "");
  return grouped.set(undefined, [...calls]);
}

/** In any window no more calls begin than the rate has and its burst, but for those that a standstill has pushed together. */
function checkRates(
  name: string,
  rules: FlowRules,
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  evidence: Evidence,
): Violation[] {
  return [...byKey(dispatches, calls)].flatMap(([key, own]) => {
    const rate = key === undefined ? rules.rate : rules.key?.rate;
    const times = own.map(({ startedAt }) => startedAt).toSorted((one, other) => one - other);
    return [
      ...(rate === undefined ? [] : [{ rate, from: 0, to: Number.POSITIVE_INFINITY }]),
      ...(key === undefined ? overridesOf(name, evidence) : []),
    ].flatMap((during) =>
      checkRate(
        `${name} ${key ?? ""}`,
        during.rate,
        times.filter((at) => at >= during.from && at <= during.to),
        evidence,
      ),
    );
  });
}

type Rate = NonNullable<FlowRules["rate"]>;

function checkRate(what: string, rate: Rate, times: readonly number[], evidence: Evidence): Violation[] {
  return times.flatMap((from, first) =>
    times.slice(first).flatMap((to, index) => {
      const allowed = (rate.limit * (to - from + JITTER_MS)) / (rate.perSeconds * 1_000) + rate.burst;
      if (index + 1 <= allowed || overlaps(standstills(evidence), from - JITTER_MS, to)) return [];
      return [violation("rate", `${what}: ${index + 1} calls in ${to - from} ms, allowed ${allowed.toFixed(1)}`)];
    }),
  );
}

/** Rates that an operator has set, from when nothing is on its way that was given its time before, until he sets another. */
function overridesOf(name: string, { acts }: Evidence): { rate: Rate; from: number; to: number }[] {
  const own = acts.filter(({ destination, rate }) => destination === name && rate !== undefined);
  return own.flatMap(({ rate, until, answeredAt, refused }, index) => {
    if (rate === undefined || until === undefined || answeredAt === undefined || refused !== undefined) return [];
    const next = own[index + 1]?.startedAt ?? Number.POSITIVE_INFINITY;
    return [{ rate, from: answeredAt + AHEAD_SECONDS * 1_000 + JITTER_MS, to: Math.min(until, next) }];
  });
}

/** No more calls are under way than may be. One that has timed out is under way no more, whatever it goes on doing. */
function checkPlaces(
  name: string,
  rules: FlowRules,
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  evidence: Evidence,
): Violation[] {
  const endOf = callEnds(dispatches, evidence);
  return [...byKey(dispatches, calls)].flatMap(([key, own]) => {
    const places = key === undefined ? rules.concurrency : rules.key?.concurrency;
    if (places === undefined) return [];
    return own.flatMap((call) => {
      const beside = own.filter(
        (other) => other.startedAt <= call.startedAt && endOf(other) - CLOCK_MS > call.startedAt,
      );
      return beside.length <= places
        ? []
        : [
            violation(
              "places",
              `${name} ${key ?? ""}: ${beside.length} calls under way with dispatch ${call.dispatchId}`,
            ),
          ];
    });
  });
}
