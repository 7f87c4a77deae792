import type { Deployment, DeploymentFault, PartRun } from "../../../schema/contract/deployment.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { countLost, type LostRow } from "../../../schema/queries/dispatches/count-lost.ts";
import { groupOverdue, type OverdueGroupRow } from "../../../schema/queries/dispatches/list-problems.ts";
import { type CheckRow, readChecks } from "../../../schema/queries/setup/read-checks.ts";
import { type RunRow, readRuns } from "../../../schema/queries/setup/read-heartbeats.ts";
import { CHECK_NAMES, CHECKS, type CheckName } from "../../../schema/vocabulary/checks.ts";

/** The statements whose answers show what is wrong with a deployment. Run them in one transaction, together with others if need be. */
export const examining = () => [readChecks(), groupOverdue(), countLost(), readRuns()] as const;

/** The answers of {@link examining}. */
export interface Examined {
  checks: readonly CheckRow[];
  overdue: readonly OverdueGroupRow[];
  lost: readonly LostRow[];
  runs: readonly RunRow[];
}

/** What is wrong with the deployment, as far as the database can tell, and when hub and executor last ran. */
export async function examineDeployment(database: Database): Promise<Deployment> {
  const [checks, overdue, lost, runs] = await database.transaction<[CheckRow, OverdueGroupRow, LostRow, RunRow]>(
    examining(),
  );
  return toDeployment({ checks, overdue, lost, runs });
}

/** Reads the answers of {@link examining}. */
export function toDeployment({ checks, overdue, lost, runs }: Examined): Deployment {
  const faults = [
    ...checks.map(({ check, since, detail }) => faultOf(check, since, detail)),
    ...counted("overdue", overdue),
    ...counted("lost", lost),
  ].sort((one, other) => CHECK_NAMES.indexOf(one.check) - CHECK_NAMES.indexOf(other.check));
  return { delivers: !faults.some(({ stops }) => stops), faults, runs: runs.map(toRun) };
}

/** The fault that a check has found. */
export function faultOf(check: CheckName, since: Date | null = null, detail: string | null = null): DeploymentFault {
  return { check, stops: CHECKS[check].stops, detail, since };
}

/** One fault that tells how many dispatches it concerns, by destination. */
function counted(
  check: "overdue" | "lost",
  rows: readonly { destination: string; dispatches: number; oldest: Date }[],
): DeploymentFault[] {
  if (rows.length === 0) return [];
  const oldest = Math.min(...rows.map((row) => row.oldest.getTime()));
  const most = rows.toSorted((one, other) => other.dispatches - one.dispatches);
  const named = most.slice(0, MAX_NAMED).map(({ destination, dispatches }) => `${dispatches} to ${destination}`);
  const more = most.length > MAX_NAMED ? [`of ${most.length - MAX_NAMED} more destinations`] : [];
  return [faultOf(check, new Date(oldest), [...named, ...more].join(", "))];
}

/** The most destinations that a fault names. */
const MAX_NAMED = 5;

const toRun = (row: RunRow): PartRun => ({
  part: row.part,
  at: row.at,
  nextAt: row.next_at,
  sleeps: row.sleeps,
  finishedAt: row.finished_at,
  tookMs: row.took_ms,
  found: row.found,
  version: row.version,
  migration: row.migration,
  configuration: row.configuration,
  deployedAt: row.deployed_at,
});
