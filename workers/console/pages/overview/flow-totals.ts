import type { Traffic } from "../../../../schema/contract/operator.ts";

/** One bucket of the chart of emitted events and results. */
export interface FlowRow {
  at: Date;
  emitted: number;
  delivered: number;
  failed: number;
}

/** The numbers of emitted, delivered and failed by bucket. */
export function flowOf({ emitted, resulted }: Traffic): FlowRow[] {
  const outcomes = new Map(resulted.map((row) => [row.at.getTime(), row]));
  return emitted.map(({ at, events }) => {
    const { delivered = 0, failed = 0 } = outcomes.get(at.getTime()) ?? {};
    return { at, emitted: events, delivered, failed };
  });
}

/** The totals of all buckets. */
export function totalOf(rows: readonly FlowRow[]): Omit<FlowRow, "at"> {
  const total = { emitted: 0, delivered: 0, failed: 0 };
  for (const row of rows) {
    total.emitted += row.emitted;
    total.delivered += row.delivered;
    total.failed += row.failed;
  }
  return total;
}
