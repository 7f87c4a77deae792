import type { Traffic } from "../../../schema/contract/operator.ts";
import type { Database } from "../../../schema/database/connection.ts";
import {
  countAllOngoing,
  countEmitted,
  countOutcomes,
  type LatencyRow,
  sampleLatency,
  type TrafficRange,
} from "../../../schema/queries/dispatches/count-traffic.ts";
import {
  estimateDispatched,
  estimateOngoing,
  estimateOutcomes,
} from "../../../schema/queries/dispatches/estimate-route-traffic.ts";
import { LATENCY_BANDS_MS } from "../../../schema/vocabulary/heat-map-bands.ts";
import { check, TrafficSchema } from "./argument-schemas.ts";
import { OperatorError } from "./operator-error.ts";
import { bucketsOf } from "./stats.ts";

/**
 * Events emitted, dispatches ended and latency by time since a moment (default a day ago, in buckets of an hour), and the number of ongoing
 * dispatches. For all destinations, for one, or for one of its routes. The statements run separately: in one transaction they would take as long as
 * their sum. @throws OperatorError
 */
export async function getTraffic(database: Database, options: unknown): Promise<Traffic> {
  const { until, destination, route, ...buckets } = check(TrafficSchema, options ?? {}, "options");
  const { since, bucketSeconds } = bucketsOf(buckets, until);
  const range = { since, until, bucketSeconds, destination };
  if (route === undefined) return { since, bucketSeconds, ...(await countTraffic(database, range)) };
  if (destination === undefined)
    throw new OperatorError(
      "invalid_arguments",
      "options.route: wants its destination beside it, by which its dispatches are found",
    );
  return { since, bucketSeconds, ...(await estimateTraffic(database, { ...range, destination, route })) };
}

type Counts = Omit<Traffic, "since" | "bucketSeconds">;

async function countTraffic(database: Database, range: TrafficRange): Promise<Counts> {
  const [emitted, resulted, latency, ongoing] = await Promise.all([
    database.run(countEmitted(range)),
    database.run(countOutcomes(range)),
    database.run(sampleLatency(range)),
    database.run(countAllOngoing(range)),
  ]);
  return {
    emitted,
    resulted,
    latency: latency.map(toLatency),
    ongoing: ongoing[0]?.ongoing ?? 0,
    estimated: false,
  };
}

async function estimateTraffic(
  database: Database,
  range: TrafficRange & { destination: string; route: string },
): Promise<Counts> {
  const [emitted, resulted, latency, ongoing] = await Promise.all([
    database.run(estimateDispatched(range)),
    database.run(estimateOutcomes(range)),
    database.run(sampleLatency(range)),
    database.run(estimateOngoing(range)),
  ]);
  return {
    emitted: emitted.map(({ at, events }) => ({ at, events })),
    resulted: resulted.map(({ at, delivered, failed }) => ({ at, delivered, failed })),
    latency: latency.map(toLatency),
    ongoing: ongoing[0]?.ongoing ?? 0,
    estimated: [...emitted, ...resulted, ...ongoing].some(({ estimated }) => estimated),
  };
}

const toLatency = ({ at, sampled, p50_ms: p50Ms, p95_ms: p95Ms, p99_ms: p99Ms, bands }: LatencyRow) => ({
  at,
  sampled,
  p50Ms,
  p95Ms,
  p99Ms,
  bands: LATENCY_BANDS_MS.map((_, band) => bands[band] ?? 0),
});
