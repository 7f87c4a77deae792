import type { Contender } from "../bench.ts";
import type { Cost, Shape } from "../cases/counts.ts";
import { bill, PRICES } from "./prices.ts";

/** Traffic of a month. */
export interface Traffic {
  shape: Shape;
  title: string;
  events: number;
  /** How long events come in, in hours; the database is awake then, and for five minutes after each of `pauses`. */
  busyHours: number;
  pauses: number;
}

const HOURS_A_MONTH = 730;

export const TRAFFIC: readonly Traffic[] = [
  { shape: "single", title: "1 event/s", events: HOURS_A_MONTH * 3_600, busyHours: HOURS_A_MONTH, pauses: 0 },
  { shape: "steady", title: "50 events/s", events: HOURS_A_MONTH * 3_600 * 50, busyHours: HOURS_A_MONTH, pauses: 0 },
  { shape: "burst", title: "100 bursts of 10,000", events: 1_000_000, busyHours: 1, pauses: 100 },
];

/** Smallest compute that Neon has, in CU (1 CU: a virtual CPU and 4 GB). */
const MIN_CU = 0.25;
/** Neon goes to sleep after five minutes without a query. */
const AWAKE_AFTER_HOURS = 5 / 60;
/** How long events and their record are kept, for both; ours to assume. */
const RETENTION_MONTHS = 7 / 30.4;
/** How long Workflows keep an instance that has ended, by default. @see https://developers.cloudflare.com/workflows/reference/limits/ */
const WORKFLOW_RETENTION_MONTHS = 7 / 30.4;
/** Neon's history for restoring: a day. */
const HISTORY_MONTHS = 1 / 30.4;
const GB = 1e9;

/** A month's bill by what is billed, in dollars. */
export type Bill = Record<keyof typeof PRICES, number>;

/** What a month of this traffic costs a hub of which each dispatch costs `cost`; one dispatch an event. */
export function monthlyBill(contender: Contender, { events, busyHours, pauses }: Traffic, cost: Cost): Bill {
  const each = (units: number, price: keyof typeof PRICES) => bill(PRICES[price], units * events);
  return {
    workersPlan: PRICES.workersPlan.dollars,
    workersRequests: each(cost.queueBatches + cost.instances, "workersRequests"),
    // The whole local stack's, wrangler's included: more than a bill would say.
    workersCpuMs: each(cost.workersCpuMs, "workersCpuMs"),
    logLines: each(cost.logLines, "logLines"),
    queueOperations: each(cost.queueWrites + cost.queueReads + cost.queueDeletes, "queueOperations"),
    workflowSteps: each(cost.steps, "workflowSteps"),
    // Counted is what instances get and their steps return; what the engine writes beside it is not published, and left out.
    workflowStorageGbMonths: each((cost.workflowBytes / GB) * WORKFLOW_RETENTION_MONTHS, "workflowStorageGbMonths"),
    neonCuHours: bill(PRICES.neonCuHours, cuHours(contender, { events, busyHours, pauses }, cost)),
    neonStorageGbMonths: each((cost.storedBytes / GB) * RETENTION_MONTHS, "neonStorageGbMonths"),
    neonHistoryGbMonths: each((cost.walBytes / GB) * HISTORY_MONTHS, "neonHistoryGbMonths"),
  };
}

/** Ours never sleeps: reconciling asks once a minute. The peer's does where nothing comes. */
function cuHours(contender: Contender, traffic: Omit<Traffic, "shape" | "title">, cost: Cost): number {
  const { events, busyHours, pauses } = traffic;
  const awake = contender === "peer" ? Math.min(HOURS_A_MONTH, busyHours + pauses * AWAKE_AFTER_HOURS) : HOURS_A_MONTH;
  const worked = (events * cost.postgresCpuMs) / 3_600_000;
  return Math.max(awake * MIN_CU, worked);
}

export const total = (bill: Bill): number => Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
