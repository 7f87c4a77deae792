import type { CampaignResult } from "./campaign.ts";
import { measurePassedOver } from "./check-flow.ts";
import { measureSilence } from "./check-silence.ts";
import { measureWaits } from "./check-waits.ts";
import { DESTINATIONS } from "./destinations.ts";
import type { Evidence } from "./evidence.ts";
import type { CampaignOptions } from "./options.ts";
import { measureRecovery } from "./recovery.ts";
import { INVARIANTS, type Violation } from "./violation.ts";

const MAX_SHOWN = 10;

/** What a delivery leaves at a destination, by its kind. */
const THINGS: Readonly<Record<string, string>> = {
  queue: "messages",
  workflow: "instances",
  r2: "objects",
  hub: "events",
};

const seconds = (ms: number | undefined): string => (ms === undefined ? "never" : (ms / 1_000).toFixed(1)).padStart(5);

/** The run in figures: as a line of JSON, and as text. */
export function summarize(options: CampaignOptions, { evidence, journal, settledMs }: CampaignResult) {
  const statuses: Record<string, number> = {};
  for (const { status } of evidence.dispatches) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    seed: options.seed,
    seconds: options.seconds,
    rate: options.rate,
    emits: evidence.emissions.length,
    events: evidence.events.length,
    dispatches: evidence.dispatches.length,
    statuses,
    lost: statuses.lost ?? 0,
    kinds: countKinds(evidence),
    calls: evidence.calls.length,
    duplicateCalls: countRepeated(evidence.calls),
    kills: journal.faults.get("workerd killed") ?? 0,
    acts: evidence.acts.length,
    repeatedActs: evidence.acts.filter(({ calls }) => calls > 1).length,
    faults: Object.fromEntries([...journal.faults].sort(([a], [b]) => (a < b ? -1 : 1))),
    recoveryMs: measureRecovery(evidence, evidence.outages),
    leftAloneMs: measureWaits(evidence),
    passedOverMs: measurePassedOver(evidence),
    settledMs,
    silence: measureSilence(evidence).map(({ silence: { fault, to }, ...times }) => ({ fault, to, ...times })),
  };
}

/** For each kind of destination: its dispatches, those that are complete, the calls, the repeated ones, and the things that exist there. */
function countKinds({ dispatches, calls, arrivals }: Evidence) {
  const of = <T extends { destination: string }>(items: readonly T[], kind: string) =>
    items.filter(({ destination }) => DESTINATIONS[destination]?.kind === kind);
  const kinds = new Set(Object.values(DESTINATIONS).map(({ kind }) => kind));
  return [...kinds].map((kind) => {
    const own = of(dispatches, kind);
    const called = of(calls, kind);
    return {
      kind,
      dispatches: own.length,
      complete: own.filter(({ status }) => status === "complete").length,
      calls: called.length,
      duplicateCalls: countRepeated(called),
      there: new Set(of(arrivals, kind).map(({ as }) => as)).size,
    };
  });
}

const countRepeated = (calls: Evidence["calls"]) =>
  calls.length - new Set(calls.map(({ dispatchId, attempt }) => `${dispatchId} ${attempt}`)).size;

export function describe(summary: ReturnType<typeof summarize>, violations: readonly Violation[]): string {
  const { recoveryMs: recovery } = summary;
  const statuses = Object.entries(summary.statuses).map(([status, n]) => `${n} ${status}`);
  const lines = [
    "",
    `emitted       ${summary.events} events in ${summary.emits} calls, ${summary.dispatches} dispatches`,
    `delivered     ${statuses.join(", ")}`,
    `calls         ${summary.calls}, ${summary.duplicateCalls} of them repeated`,
    ...summary.kinds.map(
      ({ kind, dispatches, complete, calls, duplicateCalls, there }) =>
        `  ${kind.padEnd(12)}${complete} of ${dispatches} complete, ${calls} calls, ${duplicateCalls} of them repeated` +
        (THINGS[kind] === undefined ? "" : `, ${there} ${THINGS[kind]} there`),
    ),
    `faults        ${Object.values(summary.faults).reduce((sum, n) => sum + n, 0)}, kills of everything: ${summary.kills}`,
    ...Object.entries(summary.faults).map(([kind, n]) => `              ${String(n).padStart(6)} ${kind}`),
    `operator      ${summary.acts} acts, ${summary.repeatedActs} of them repeated`,
    `recovery      p50 ${recovery.p50} ms, p99 ${recovery.p99} ms, max ${recovery.max} ms (${recovery.dispatches} dispatches due when an outage ended)`,
    `left alone    at most ${summary.leftAloneMs} ms beside outages, between two writes to a dispatch that was due`,
    `passed over   at most ${summary.passedOverMs} ms beside outages, of a key that may be called`,
    `settled       ${summary.settledMs} ms after the last fault`,
    ...(summary.silence.length === 0 ? [] : ["in silence    found and delivered, in seconds after the emit"]),
    ...summary.silence.map(
      ({ fault, to, foundMs, fromMs, toMs, deliveredMs }) =>
        `  ${fault.padEnd(47)}${seconds(foundMs)} of ${seconds(fromMs)} to ${seconds(toMs)}, ${seconds(deliveredMs)}, to ${to}`,
    ),
    `lost          ${summary.lost}`,
    `violations    ${violations.length}`,
  ];
  for (const [invariant, found] of Map.groupBy(violations, (one) => one.invariant)) {
    lines.push(`  not so: ${INVARIANTS[invariant]} (${found.length})`);
    lines.push(...found.slice(0, MAX_SHOWN).map(({ detail }) => `    ${detail}`));
  }
  return lines.join("\n");
}
