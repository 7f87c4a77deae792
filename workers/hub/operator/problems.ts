import type { Problems } from "../../../schema/contract/problems.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { readTimestamp } from "../../../schema/database/timestamp-text.ts";
import {
  type FailureGroupRow,
  groupFailures,
  groupOverdue,
  groupRetrying,
  MAX_PROBLEMS,
  type OverdueGroupRow,
  type RetryingGroupRow,
} from "../../../schema/queries/dispatches/list-problems.ts";
import { readSetup, type SetupRow } from "../../../schema/queries/setup/find-silent-parts.ts";
import { toSetupFault } from "../../../schema/text/setup-fault.ts";
import { DEFAULT_PERIOD_SECONDS } from "../../../schema/vocabulary/defaults.ts";
import { check, ProblemsSchema } from "./argument-schemas.ts";

/**
 * What needs an operator, for all destinations or one: failures since a moment (default a day ago) that were not retried, by cause; what is being
 * retried; and what is overdue. @throws OperatorError
 */
export async function findProblems(database: Database, options: unknown): Promise<Problems> {
  const { since = new Date(Date.now() - DEFAULT_PERIOD_SECONDS * 1_000), destination } = check(
    ProblemsSchema,
    options ?? {},
    "options",
  );
  const [failures, retrying, overdue, setup] = await database.transaction<
    [FailureGroupRow, RetryingGroupRow, OverdueGroupRow, SetupRow]
  >([groupFailures(since, destination), groupRetrying(destination), groupOverdue(destination), readSetup()]);
  return {
    since,
    setup: setup.map(toSetupFault),
    failures: failures.map(({ failed, looked, over_time, notes, ...group }) => ({
      ...group,
      overTime: over_time,
      notes: notes.map((note) => ({ ...note, at: readTimestamp(note.at) })),
    })),
    failed: failures[0]?.failed ?? 0,
    retrying: retrying.map(({ next_attempt_at: nextAttemptAt, ...group }) => ({ ...group, nextAttemptAt })),
    overdue: overdue.map(({ looked, ...group }) => group),
    exact: [failures, overdue].every(([row]) => (row?.looked ?? 0) < MAX_PROBLEMS),
  };
}
