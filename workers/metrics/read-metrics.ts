import type { Deployment } from "../../schema/contract/deployment.ts";
import type { Database } from "../../schema/database/connection.ts";
import { type DestinationStateRow, readStates } from "../../schema/queries/destinations/read-states.ts";
import type { LostRow } from "../../schema/queries/dispatches/count-lost.ts";
import type { OverdueGroupRow } from "../../schema/queries/dispatches/list-problems.ts";
import { type CountedRow, type CountRow, countOn, readCounted } from "../../schema/queries/metrics/count-on.ts";
import { type GaugeRow, readGauges } from "../../schema/queries/metrics/read-gauges.ts";
import type { CheckRow } from "../../schema/queries/setup/read-checks.ts";
import type { RunRow } from "../../schema/queries/setup/read-heartbeats.ts";
import { examining, toDeployment } from "../hub/operator/examine-deployment.ts";

/** All metrics at one moment, as the database has them. */
export interface Reading {
  deployment: Deployment;
  overdue: readonly OverdueGroupRow[];
  lost: readonly LostRow[];
  runs: readonly RunRow[];
  gauges: readonly GaugeRow[];
  states: readonly DestinationStateRow[];
  counts: readonly CountRow[];
  /** The age of the counts, in seconds. */
  countedSecondsAgo: number;
  /** The time of the reading, by the database's clock. */
  now: Date;
}

type Rows = [CheckRow, OverdueGroupRow, LostRow, RunRow, GaugeRow, DestinationStateRow, CountRow, CountedRow];

/** Updates the counters and reads everything, in one request. */
export async function readMetrics(database: Database): Promise<Reading> {
  const [checks, overdue, lost, runs, gauges, states, counts, counted] = await database.transaction<Rows>([
    ...examining(),
    readGauges(),
    readStates(),
    // Second to last, because its lock is held until everything is read.
    countOn(),
    readCounted(),
  ]);
  const deployment = toDeployment({ checks, overdue, lost, runs });
  const { seconds: countedSecondsAgo, now } = counted[0] ?? { seconds: 0, now: new Date() };
  return { deployment, overdue, lost, runs, gauges, states, counts, countedSecondsAgo, now };
}
