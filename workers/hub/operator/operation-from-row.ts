import type { Operation, OperationOutcome } from "../../../schema/contract/operations.ts";
import type { OperationOutcomeRow } from "../../../schema/queries/operations/read-outcomes.ts";

/** An operation in the form that operators see. */
export const toOperation = (row: OperationOutcomeRow): Operation => ({
  id: row.id,
  actor: row.actor,
  action: row.action,
  arguments: row.arguments,
  state: row.state,
  examined: row.examined,
  affected: row.affected,
  expected: row.expected === null ? null : { dispatches: row.expected, exact: row.expected_exact ?? false },
  stoppedBy: row.stopped_by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  finishedAt: row.finished_at,
  outcome: outcomeOf(row),
});

function outcomeOf(row: OperationOutcomeRow): OperationOutcome | null {
  if (row.outcome === null) return null;
  const { outcome: name, counted, delivered, failed, retried, held, ongoing, cancelled } = row;
  const remaining = row.state === "running" && row.expected !== null ? Math.max(0, row.expected - row.affected) : null;
  const left = row.state === "running" ? untilMade(row, remaining) : ongoing > 0 ? untilDue(row) : null;
  return {
    name,
    counted,
    delivered,
    failed,
    retried,
    held,
    ongoing,
    cancelled,
    remaining,
    secondsLeft: left === null ? null : Math.ceil(left),
  };
}

const seconds = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1_000;

/** The number of dispatches that become due per second. A retry of one dispatch has no rate: it is due at once. */
const rateOf = ({ arguments: { perSecond } }: OperationOutcomeRow) =>
  typeof perSecond === "number" ? perSecond : undefined;

/** Seconds until all is due. It assumes that the rest is made as fast as the part so far, and that its last dispatch is due after all others. */
function untilMade(row: OperationOutcomeRow, remaining: number | null): number | null {
  if (remaining === null || row.affected === 0) return null;
  const making = (seconds(row.created_at, row.now) * remaining) / row.affected;
  return making + (row.affected + remaining) / (rateOf(row) ?? 1);
}

/** Seconds until the last dispatch is due. `null` once it is due: dispatches still ongoing then are in their retries. */
function untilDue(row: OperationOutcomeRow): number | null {
  const rate = rateOf(row);
  if (rate === undefined || row.finished_at === null) return null;
  const left = row.affected / rate - seconds(row.finished_at, row.now);
  return left > 0 ? left : null;
}
