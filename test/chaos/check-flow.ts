import { type FlowRules, flowRulesOf } from "../../schema/config/destinations/flow.ts";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import routing from "../workers/chaos/routing.json" with { type: "json" };
import type { LoggedCall } from "./attribution.ts";
import { byKey } from "./by-key.ts";
import { callEnds } from "./call-ends.ts";
import { checkCooldowns, cooldownsOf } from "./check-cooldowns.ts";
import { checkHeld } from "./check-held.ts";
import { checkOrder } from "./check-order.ts";
import { checkPaused } from "./check-paused.ts";
import { checkRates } from "./check-rates.ts";
import { checkStarved, waitsOfKeys } from "./check-starved.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS } from "./standstills.ts";
import { type Violation, violation } from "./violation.ts";

const { destinations } = parseRouteConfig(routing);

/** Checks the destinations that have limits or an order, by their own log of calls. */
export function checkFlow(evidence: Evidence): Violation[] {
  return limited(evidence).flatMap(({ name, rules, ordered, cooldowns, dispatches, calls }) => [
    ...checkRates(name, rules, dispatches, calls, evidence),
    ...checkPlaces(name, rules, dispatches, calls, evidence),
    ...(ordered ? checkOrder(dispatches, calls, evidence) : checkStarved(name, rules, dispatches, cooldowns, evidence)),
    ...(rules.hold === true ? checkHeld(dispatches, calls, evidence) : []),
    ...checkPaused(name, dispatches, calls, evidence),
    ...checkCooldowns(name, cooldowns, dispatches, calls, evidence),
  ]);
}

/** The longest time during which a key that may be called got no call, without outages and standstills. In milliseconds. */
export function measurePassedOver(evidence: Evidence): number {
  const waits = limited(evidence)
    .filter(({ ordered }) => !ordered)
    .flatMap(({ name, rules, dispatches, cooldowns }) => waitsOfKeys(name, rules, dispatches, cooldowns, evidence));
  return Math.round(Math.max(0, ...waits.map(({ calmMs }) => calmMs)));
}

const limited = (evidence: Evidence) =>
  Object.entries(destinations).flatMap(([name, destination]) => {
    const rules = flowRulesOf(destination);
    if (rules === undefined) return [];
    const dispatches = evidence.dispatches.filter((dispatch) => dispatch.destination === name);
    const calls = evidence.calls.filter((call) => call.destination === name);
    const { order, cooldown } = destination;
    const cooldowns = cooldown === undefined ? [] : cooldownsOf(cooldown, dispatches, calls, evidence);
    return [{ name, rules, ordered: order !== undefined, cooldowns, dispatches, calls }];
  });

/** Checks that no more calls are in flight than allowed. A call that timed out is not in flight, although its consumer may go on. */
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
