import { type SQL, sql } from "drizzle-orm";
import type { FailureGroup, OverdueGroup, RetryingGroup } from "../../contract/problems.ts";
import { incidents } from "../../incident-literals.ts";
import { OVERDUE_AFTER } from "../../overdue-literals.ts";
import { retrying } from "../../retrying-literals.ts";
import { overdueDispatches } from "../fragments/overdue-dispatches.ts";
import { notesOn } from "../operations/read-notes.ts";

/** The most overdue dispatches, and the most failures, that one call looks at: about ten milliseconds. */
export const MAX_PROBLEMS = 20_000;

const only = (t: SQL, destination: string | undefined, column = sql`destination`): SQL =>
  destination === undefined ? sql`` : sql`and ${t}.${column} = ${destination}`;

export interface FailureGroupRow extends Omit<FailureGroup, "overTime" | "notes"> {
  over_time: number[];
  notes: { at: string; actor: string; text: string }[];
  /** The failures of all groups together. */
  failed: number;
  looked: number;
}

/**
 * The dispatches that have ended without success since a moment and were not retried, grouped as in {@link incidents}, with the newest notes on each
 * group.
 */
export function groupFailures(since: Date, destination?: string): SQL<FailureGroupRow> {
  const from = sql`${since.toISOString()}::timestamptz`;
  return sql<FailureGroupRow>`
    select i.*, coalesce(n.notes, '[]') as notes
    from (${incidents(from, only(sql`d`, destination))}) i
    left join lateral (${notesOn(sql`i.key`)}) n on true`;
}

export interface RetryingGroupRow extends Omit<RetryingGroup, "nextAttemptAt"> {
  next_attempt_at: Date | null;
}

/** What has failed and is tried again, as {@link retrying}, of all destinations or of one. */
export const groupRetrying = (destination?: string): SQL<RetryingGroupRow> =>
  sql<RetryingGroupRow>`${retrying(destination)}`;

export interface OverdueGroupRow extends OverdueGroup {
  looked: number;
}

/** The overdue dispatches by destination, of one destination or of all. */
export function groupOverdue(destination?: string): SQL<OverdueGroupRow> {
  return sql<OverdueGroupRow>`
    with recursive ${overdueDispatches({ before: sql`now() - ${OVERDUE_AFTER}`, limit: MAX_PROBLEMS, destination })}, oldest as materialized (
      select d.* from overdue d order by d.next_attempt_at limit ${MAX_PROBLEMS}
    )
    select destination, count(*)::int as dispatches, min(next_attempt_at) as oldest,
      (array_agg(id order by next_attempt_at, id))[1] as example, sum(count(*)) over ()::int as looked
    from oldest group by destination order by oldest`;
}
