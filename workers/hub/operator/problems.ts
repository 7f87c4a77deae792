import type { Problems } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  type FailureGroupRow,
  groupFailures,
  groupOverdue,
  MAX_PROBLEMS,
  type OverdueGroupRow,
} from "../../../schema/queries/dispatches/list-problems.ts";
import { readSetup, type SetupRow } from "../../../schema/queries/setup/read-setup.ts";
import { toSetupFault } from "../../../schema/text/setup-fault.ts";
import { DEFAULT_PERIOD_SECONDS } from "../../../schema/vocabulary/defaults.ts";
import { check, ProblemsSchema } from "./check.ts";

/** What needs an operator, of all destinations or of one: failures since a moment (default a day ago) that were not retried, by cause, and what is overdue. @throws OperatorError */
export async function findProblems(database: Database, options: unknown): Promise<Problems> {
  const { since = new Date(Date.now() - DEFAULT_PERIOD_SECONDS * 1_000), destination } = check(
    ProblemsSchema,
    options ?? {},
    "options",
  );
  const [failures, overdue, setup] = await database.transaction<[FailureGroupRow, OverdueGroupRow, SetupRow]>([
    groupFailures(since, destination),
    groupOverdue(destination),
    readSetup(),
  ]);
  const full = (row: { looked: number } | undefined) => (row?.looked ?? 0) >= MAX_PROBLEMS;
  return {
    since,
    setup: setup.map(toSetupFault),
    failures: failures.map(({ failed, looked, ...group }) => group),
    failed: failures[0]?.failed ?? 0,
    overdue: overdue.map(({ looked, ...group }) => group),
    exact: !full(failures[0]) && !full(overdue[0]),
  };
}
