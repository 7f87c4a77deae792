import Table from "cli-table3";
import { destinationOf, parseRouteConfig } from "../../../schema/config/routes.ts";
import { printable, printableJson } from "../../../schema/text/printable.ts";
import routing from "../../../workers/routing.json" with { type: "json" };
import type { Counts, Group, Open } from "./queries.ts";

/**
 * The final statuses of the demo's destinations when all is well, if they include more than `complete`. One destination has no binding, and another
 * fails for the first half minute, so that there is something to repair.
 */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  MISSING: ["misconfigured"],
  CRM: ["failed", "complete"],
};

const expectedOf = (destination: string): readonly string[] => EXPECTED[destination] ?? ["complete"];

const CONFIGURATION = parseRouteConfig(routing);

/** The kind of one of the demo's destinations. */
const kindOf = (destination: string) => destinationOf(CONFIGURATION, destination)?.kind ?? "unknown";

/** The result of a run. */
export interface Outcome {
  emitted: number;
  seconds: number;
  counts: Counts;
  /** Of this run. */
  groups: Group[];
  /** Of the whole database. */
  all: Group[];
  /** Dispatches that `emit` promised and that the database lacks. */
  missing: number;
}

/** The groups of dispatches whose status is not expected for their destination. */
export function unexpected(groups: readonly Group[]): Group[] {
  return groups.filter(({ destination, status }) => !expectedOf(destination).includes(status));
}

/** Whether every dispatch is final, with a status that is expected for its destination. */
export function isGood({ all, missing }: Outcome): boolean {
  return missing === 0 && unexpected(all).length === 0;
}

/** The table of a run. */
export function formatTable(groups: readonly Group[]): string {
  const table = new Table({
    head: ["destination", "kind", "status", "dispatches", "attempts", "retries", "p50", "p99"],
    colAligns: ["left", "left", "left", "right", "right", "right", "right", "right"],
    // Without colours, since it is read in logs, too.
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const { destination, status, dispatches, attempts, retries, p50Ms, p99Ms } of groups) {
    table.push([
      printable(destination),
      kindOf(destination),
      status,
      dispatches,
      attempts,
      retries,
      formatMs(p50Ms),
      formatMs(p99Ms),
    ]);
  }
  return table.toString();
}

/** The run as one line of JSON. */
export function formatJson(outcome: Outcome): string {
  const { emitted, seconds, counts, groups, all, missing } = outcome;
  return printableJson({
    ok: isGood(outcome),
    emitted,
    dispatches: counts.total,
    ongoing: counts.ongoing,
    missing,
    seconds: Math.round(seconds * 10) / 10,
    destinations: groups.map((group) => ({ kind: kindOf(group.destination), ...group })),
    unexpected: unexpected(all).map(({ destination, status, dispatches }) => ({ destination, status, dispatches })),
  });
}

/** The faults, in words; empty if there are none. */
export function formatFaults({ all, missing }: Outcome): string {
  const faults = unexpected(all).map(({ destination, status, dispatches }) => {
    return printable(`${dispatches} of ${destination} ${status}, expected ${expectedOf(destination).join(" or ")}`);
  });
  if (missing > 0) faults.push(`${missing} that emit() promised are not in the database`);
  return faults.length === 0 ? "" : `not as expected: ${faults.join("; ")}`;
}

/** What is still open when the time is up. */
export function formatOpen(open: readonly Open[], { ongoing }: Counts, seconds: number): string {
  const lines = open.map(({ id, destination, attempts, reason, next, lease, instance }) => {
    const when = `next attempt in ${next}, lease ${lease ?? "none"}, instance ${instance ?? "none"}`;
    return printable(`  ${id} ${destination}: ${attempts} attempts, ${when}${reason === null ? "" : `, ${reason}`}`);
  });
  const more = ongoing > open.length ? `\n  and ${ongoing - open.length} more` : "";
  return `gave up after ${Math.round(seconds)} s with ${ongoing} dispatches open:\n${lines.join("\n")}${more}`;
}

function formatMs(ms: number | null): string {
  if (ms === null) return "-";
  return ms < 10_000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
