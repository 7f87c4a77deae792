import type { DestinationState, Stats, StatsRow } from "../../../../schema/contract/operator.ts";
import {
  DELIVERED_STATUSES,
  isDelivered,
  isUnhappy,
  UNHAPPY_STATUSES,
} from "../../../../schema/vocabulary/statuses.ts";

type Statuses = DestinationState["day"]["statuses"];

/** The number of dispatches that ended without success. */
export const failuresOf = (statuses: Statuses): number =>
  UNHAPPY_STATUSES.reduce((sum, status) => sum + statuses[status], 0);

/** The number of results: delivered, or without success. */
export const resultsOf = (statuses: Statuses): number =>
  DELIVERED_STATUSES.reduce((sum, status) => sum + statuses[status], failuresOf(statuses));

/** The results of one bucket: delivered, and without success. */
export interface Bar {
  good: number;
  bad: number;
}

/** A destination's results by bucket, as bars of their own. */
export function barsOf(name: string, { since, bucketSeconds, resulted }: Stats, now: Date): Bar[] {
  const length = Math.floor((now.getTime() - since.getTime()) / (bucketSeconds * 1_000)) + 1;
  const bars = Array.from({ length }, () => ({ good: 0, bad: 0 }));
  for (const row of resulted) {
    if (row.destination !== name) continue;
    const bar = bars[indexOf(row, since, bucketSeconds)];
    if (bar === undefined) continue;
    if (isDelivered(row.status)) bar.good += row.dispatches;
    if (isUnhappy(row.status)) bar.bad += row.dispatches;
  }
  return bars;
}

const indexOf = ({ at }: StatsRow, since: Date, bucketSeconds: number) =>
  Math.round((at.getTime() - since.getTime()) / (bucketSeconds * 1_000));
