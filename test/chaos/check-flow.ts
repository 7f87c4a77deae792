import { type FlowRules, flowRulesOf } from "../../schema/config/destinations/flow.ts";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import routing from "../workers/chaos/routing.json" with { type: "json" };
import type { LoggedCall } from "./attribution.ts";
import type { DispatchRow, Evidence } from "./evidence.ts";
import { CLOCK_MS, overlaps, standstills } from "./standstills.ts";
import { type Violation, violation } from "./violation.ts";

/** What a busy machine may push together of calls that begin at their time, in milliseconds: the tolerance of the promise. */
const JITTER_MS = 1_000;

const { destinations } = parseRouteConfig(routing);

/** Judges the destinations that have limits or an order, by their own log of calls. */
export function checkFlow(evidence: Evidence): Violation[] {
  return Object.entries(destinations).flatMap(([name, destination]) => {
    const rules = flowRulesOf(destination);
    if (rules === undefined) return [];
    const dispatches = evidence.dispatches.filter((dispatch) => dispatch.destination === name);
    const calls = evidence.calls.filter((call) => call.destination === name);
    return [
      ...checkRates(name, rules, dispatches, calls, evidence),
      ...checkPlaces(name, rules, dispatches, calls, evidence),
      ...(destination.order === undefined ? [] : checkOrder(dispatches, calls, evidence)),
    ];
  });
}

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
    if (rate === undefined) return [];
    const times = own.map(({ startedAt }) => startedAt).toSorted((one, other) => one - other);
    return times.flatMap((from, first) =>
      times.slice(first).flatMap((to, index) => {
        const allowed = (rate.limit * (to - from + JITTER_MS)) / (rate.perSeconds * 1_000) + rate.burst;
        if (index + 1 <= allowed || overlaps(standstills(evidence), from - JITTER_MS, to)) return [];
        return [
          violation(
            "rate",
            `${name} ${key ?? ""}: ${index + 1} calls in ${to - from} ms, allowed ${allowed.toFixed(1)}`,
          ),
        ];
      }),
    );
  });
}

/** No more calls are under way than may be. One that has timed out is under way no more, whatever it goes on doing. */
function checkPlaces(
  name: string,
  rules: FlowRules,
  dispatches: readonly DispatchRow[],
  calls: readonly LoggedCall[],
  { deaths }: Evidence,
): Violation[] {
  const timeouts = new Map(dispatches.map(({ id, timeoutSeconds }) => [id, timeoutSeconds * 1_000]));
  const endOf = ({ dispatchId, startedAt, endedAt = Number.POSITIVE_INFINITY }: LoggedCall) =>
    Math.min(
      endedAt,
      startedAt + (timeouts.get(dispatchId) ?? 0) - CLOCK_MS,
      ...deaths.flatMap(({ at }) => (at >= startedAt ? [at] : [])),
    );
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

/** One of a key after the other: in the order of their emits, and none before the one before it is final. */
function checkOrder(dispatches: readonly DispatchRow[], calls: readonly LoggedCall[], evidence: Evidence): Violation[] {
  const began = new Map<string, number>();
  for (const { dispatchId, startedAt } of calls)
    began.set(dispatchId, Math.min(began.get(dispatchId) ?? Number.POSITIVE_INFINITY, startedAt));
  const ended = new Map(
    evidence.transitions.flatMap(({ dispatchId, status, oldStatus, at }) =>
      status !== "ongoing" && oldStatus === "ongoing" ? [[dispatchId, at] as const] : [],
    ),
  );
  const times = emitTimes(evidence);
  return [...Map.groupBy(dispatches, ({ orderKey }) => orderKey)].flatMap(([key, all]) => {
    const called = all
      .filter(({ position }) => position !== null)
      .toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0));
    return called.slice(1).flatMap((next, index) => {
      const before = called[index] as DispatchRow;
      const overlap = (ended.get(before.id) ?? 0) - (began.get(next.id) ?? Number.POSITIVE_INFINITY);
      const inverted = called.slice(0, index + 1).find(({ seq }) => (seq ?? 0) > (next.seq ?? 0));
      const first = times.get(next.eventId);
      const later = inverted && times.get(inverted.eventId);
      // Of emits that went on at the same time any order counts.
      const wrong = first !== undefined && later !== undefined && first.answeredAt < later.startedAt;
      return [
        ...(overlap > CLOCK_MS
          ? [violation("ordered", `${key}: dispatch ${next.id} was called ${overlap} ms before ${before.id} was final`)]
          : []),
        ...(wrong
          ? [
              violation(
                "ordered",
                `${key}: dispatch ${inverted?.id} came before ${next.id}, which was emitted before it`,
              ),
            ]
          : []),
      ];
    });
  });
}

/** By event: when the emit that it came with began, and when it was answered. */
function emitTimes({ emissions, events }: Evidence): Map<string, { startedAt: number; answeredAt: number }> {
  const ids = new Map(events.filter(({ hops }) => hops === 0).map(({ n, id }) => [n, id]));
  return new Map(
    emissions.flatMap(({ payloads, startedAt, answeredAt }) =>
      payloads.flatMap(({ n }) => {
        const id = ids.get(n);
        return id === undefined || startedAt === undefined || answeredAt === undefined
          ? []
          : [[id, { startedAt, answeredAt }] as const];
      }),
    ),
  );
}
