import type { FailureGroup, Problems } from "../../../schema/contract/problems.ts";
import { DESTINATION, MAX_REASON_PLACES } from "./common-columns.ts";
import type { Column } from "./fit-columns.ts";
import { at, short, status, table } from "./print.ts";

const CAUSES: readonly Column[] = [
  DESTINATION,
  { head: "status" },
  { head: "dispatches" },
  { head: "goes on", below: true },
  { head: "first", drop: 1 },
  { head: "the last one", below: true },
  { head: "its reason", below: true },
];

const RETRYING: readonly Column[] = [
  DESTINATION,
  { head: "retrying" },
  { head: "since" },
  { head: "next attempt" },
  { head: "one of the oldest", below: true },
  { head: "its reason", below: true },
];

export function showProblems({ since, setup, failures, failed, retrying, overdue, exact }: Problems): string {
  const shown = failures.reduce((sum, { dispatches }) => sum + dispatches, 0);
  const causes = failures.map((f) => [
    f.destination,
    status(f.status),
    f.dispatches,
    incidentState(f),
    f.first,
    f.example,
    short(f.reason, MAX_REASON_PLACES),
  ]);
  const again = retrying.map((r) => [
    r.destination,
    r.exact ? r.dispatches : `${r.dispatches} or more`,
    r.exact || r.since === null ? r.since : `${at(r.since)} or earlier`,
    r.nextAttemptAt ?? "now",
    r.example,
    short(r.reason, MAX_REASON_PLACES),
  ]);
  const late = overdue.map((o) => [o.destination, o.dispatches, o.oldest, o.example]);
  const notes = failures.flatMap((f) =>
    f.notes.map(
      (note) => `note on ${short(f.destination)}, ${short(note.actor)} ${at(note.at)}: ${short(note.text, 1_000)}`,
    ),
  );
  return [
    ...setup.map((fault) => `since ${at(fault.since)} at least: ${fault.what}; ${fault.todo}`),
    ...(causes.length === 0 ? [] : [table(CAUSES, causes)]),
    ...notes,
    `${failed} not retried since ${since.toISOString()}${shown < failed ? `; ${failed - shown} in incidents that are not shown, which are smaller or older` : ""}`,
    ...(again.length === 0 ? [] : [table(RETRYING, again)]),
    late.length === 0
      ? "nothing is overdue"
      : table([DESTINATION, "overdue", "since", { head: "the oldest", below: true }], late),
    ...(exact ? [] : ["not everything was looked at: these are the newest failures and the oldest overdue"]),
  ].join("\n");
}

/** Whether an incident continues, or when its last failure was. */
function incidentState({ state, last }: FailureGroup): string {
  switch (state) {
    case "failing":
      return "still failing";
    case "stopped":
      return `stopped at ${at(last)}`;
    case "quiet":
      return `last at ${at(last)}, nothing delivered since`;
  }
}
