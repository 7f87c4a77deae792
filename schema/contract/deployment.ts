import type { CheckName } from "../vocabulary/checks.ts";
import type { RunningPart } from "../vocabulary/heartbeats.ts";

export type { CheckName, RunningPart };

/** Something that is wrong with a deployment. The table of checks has its texts for people. */
export interface DeploymentFault {
  check: CheckName;
  /** True if the hub cannot deliver while it lasts. Otherwise not everything stops, but something needs attention. */
  stops: boolean;
  /** What exactly is affected: a table, a setting, a Worker; `null` if there is nothing to add. */
  detail: string | null;
  /** Since when at least; `null` if unknown. */
  since: Date | null;
}

/**
 * The last run of the hub or the executor, by the alarm or by a cron, as it reported itself. A `null` member was not reported: the Worker has a
 * version from before these were stored, or has never run.
 */
export interface PartRun {
  part: RunningPart;
  /** When it began. */
  at: Date | null;
  /** When the next one is due; also `null` if its cron expression does not say so. */
  nextAt: Date | null;
  /** Whether it runs when the hub's alarm says that there is something to do. Then `nextAt` is `null` if nothing can be overdue. */
  sleeps: boolean;
  /** When the last finished one ended. */
  finishedAt: Date | null;
  /** How long that one took, in milliseconds. */
  tookMs: number | null;
  /** What that one did, by name, without zero counts; `failed` lists the parts of it that failed. */
  found: Readonly<Record<string, unknown>> | null;
  /** Of the package. */
  version: string | null;
  /** The newest migration that its code knows. */
  migration: string | null;
  /** A hash of its route configuration; also `null` if that is faulty. */
  configuration: string | null;
  /** Since when it has this version and configuration. */
  deployedAt: Date | null;
}

/** The state of a deployment. */
export interface Deployment {
  /** Whether it can deliver: no fault stops it. */
  delivers: boolean;
  /** What is wrong, worst first; empty if nothing is. */
  faults: DeploymentFault[];
  /** The hub's (tick) and the executor's (reconcile). */
  runs: PartRun[];
}
