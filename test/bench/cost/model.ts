import { alarmTimes } from "../../../schema/vocabulary/alarm-times.ts";
import { DEFAULT_GRACE_SECONDS } from "../../../schema/vocabulary/defaults.ts";
import type { Contender } from "../bench.ts";
import type { Cost, Shape } from "../cases/counts.ts";
import { AWAKE_AFTER_MS, type Day } from "./day.ts";
import { bill, PRICES } from "./prices.ts";

/** The traffic of a month. */
export interface Traffic {
  shape: Shape;
  title: string;
  events: number;
  /** For how many hours events come. The database is awake then, and for five minutes after each of `pauses`. */
  busyHours: number;
  pauses: number;
  /** For how many hours the database is awake, and what the alarm does, if that was simulated. */
  simulated?: Pick<Day, "awakeHours" | "alarmRequests" | "alarmRows">;
}

export const HOURS_A_MONTH = 730;

export const TRAFFIC: readonly Traffic[] = [
  { shape: "single", title: "1 event/s", events: HOURS_A_MONTH * 3_600, busyHours: HOURS_A_MONTH, pauses: 0 },
  { shape: "steady", title: "50 events/s", events: HOURS_A_MONTH * 3_600 * 50, busyHours: HOURS_A_MONTH, pauses: 0 },
  { shape: "burst", title: "100 bursts of 10,000", events: 1_000_000, busyHours: 1, pauses: 100 },
];

/** The smallest compute that Neon has, in CU (1 CU: a virtual CPU and 4 GB). */
const MIN_CU = 0.25;
/** Neon goes to sleep after five minutes without a query. Our last query is the look that the last event has armed. */
const AWAKE_AFTER_HOURS = AWAKE_AFTER_MS / 3_600_000;
const LOOK_AFTER_HOURS = alarmTimes(DEFAULT_GRACE_SECONDS).afterEmitMs / 3_600_000;
/** How long events and their records are kept; our assumption for both. */
const RETENTION_MONTHS = 7 / 30.4;
/**
 * How long Workflows keep an instance that has ended, by default.
 *
 * @see https://developers.cloudflare.com/workflows/reference/limits/
 */
const WORKFLOW_RETENTION_MONTHS = 7 / 30.4;
/** How much history Neon keeps for restoring: a day. */
const HISTORY_MONTHS = 1 / 30.4;
const GB = 1e9;

/** A month's bill by item, in dollars. */
export type Bill = Record<keyof typeof PRICES, number>;

/** What a month of this traffic costs, if each dispatch costs `cost` and each event makes one dispatch. */
export function monthlyBill(contender: Contender, traffic: Traffic, cost: Cost): Bill {
  const { events, simulated } = traffic;
  const each = (units: number, price: keyof typeof PRICES) => bill(PRICES[price], units * events);
  return {
    workersPlan: PRICES.workersPlan.dollars,
    workersRequests: each(cost.queueBatches + cost.instances, "workersRequests"),
    // The CPU of the whole local stack, including wrangler: more than a bill would say.
    workersCpuMs: each(cost.workersCpuMs, "workersCpuMs"),
    logLines: each(cost.logLines, "logLines"),
    queueOperations: each(cost.queueWrites + cost.queueReads + cost.queueDeletes, "queueOperations"),
    workflowSteps: each(cost.steps, "workflowSteps"),
    // Counts what instances get and what their steps return. What the engine writes in addition is not published, and left out.
    workflowStorageGbMonths: each((cost.workflowBytes / GB) * WORKFLOW_RETENTION_MONTHS, "workflowStorageGbMonths"),
    // If it was not simulated: at most one arming per minute and one look for it, which the plan includes.
    alarmRequests: bill(PRICES.alarmRequests, simulated?.alarmRequests ?? 0),
    alarmRows: bill(PRICES.alarmRows, simulated?.alarmRows ?? 0),
    neonCuHours: bill(PRICES.neonCuHours, cuHours(contender, traffic, cost)),
    neonStorageGbMonths: each((cost.storedBytes / GB) * RETENTION_MONTHS, "neonStorageGbMonths"),
    neonHistoryGbMonths: each((cost.walBytes / GB) * HISTORY_MONTHS, "neonHistoryGbMonths"),
  };
}

/** The hours that the database is awake, in CU. It sleeps while no events come, in our case after the look that the last event has armed. */
function cuHours(contender: Contender, { events, busyHours, pauses, simulated }: Traffic, cost: Cost): number {
  const pause = AWAKE_AFTER_HOURS + (contender === "peer" ? 0 : LOOK_AFTER_HOURS);
  const awake = simulated?.awakeHours ?? Math.min(HOURS_A_MONTH, busyHours + pauses * pause);
  const worked = (events * cost.postgresCpuMs) / 3_600_000;
  return Math.max(awake * MIN_CU, worked);
}

export const total = (bill: Bill): number => Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
