/** A published price in US dollars, with the units that the month's plan includes. */
export interface Price {
  dollars: number;
  /** The number of units that the price is for. */
  per: number;
  included: number;
  source: string;
}

/** Prices as published in November 2026. */
export const PRICES = {
  workersPlan: {
    dollars: 5,
    per: 1,
    included: 0,
    source: "https://developers.cloudflare.com/workers/platform/pricing/",
  },
  /** Invocations of queue consumers and Workflows; RPC over service bindings costs no requests. */
  workersRequests: {
    dollars: 0.3,
    per: 1_000_000,
    included: 10_000_000,
    source: "https://developers.cloudflare.com/workers/platform/pricing/",
  },
  workersCpuMs: {
    dollars: 0.02,
    per: 1_000_000,
    included: 30_000_000,
    source: "https://developers.cloudflare.com/workers/platform/pricing/",
  },
  logLines: {
    dollars: 0.6,
    per: 1_000_000,
    included: 20_000_000,
    source: "https://developers.cloudflare.com/workers/observability/logs/workers-logs/#pricing",
  },
  queueOperations: {
    dollars: 0.4,
    per: 1_000_000,
    included: 1_000_000,
    source: "https://developers.cloudflare.com/queues/platform/pricing/",
  },
  workflowSteps: {
    dollars: 0.8,
    per: 100_000,
    included: 500_000,
    source: "https://developers.cloudflare.com/workflows/reference/pricing/",
  },
  /** The data of finished instances, until their retention ends. */
  workflowStorageGbMonths: {
    dollars: 0.2,
    per: 1,
    included: 1,
    source: "https://developers.cloudflare.com/workflows/reference/pricing/",
  },
  /** The hub's alarm: calls of it, and each time that it goes off. */
  alarmRequests: {
    dollars: 0.15,
    per: 1_000_000,
    included: 1_000_000,
    source: "https://developers.cloudflare.com/durable-objects/platform/pricing/",
  },
  alarmRows: {
    dollars: 1,
    per: 1_000_000,
    included: 50_000_000,
    source: "https://developers.cloudflare.com/durable-objects/platform/pricing/",
  },
  /** Launch plan. */
  neonCuHours: { dollars: 0.106, per: 1, included: 0, source: "https://neon.com/docs/introduction/plans" },
  neonStorageGbMonths: { dollars: 0.35, per: 1, included: 0, source: "https://neon.com/docs/introduction/plans" },
  neonHistoryGbMonths: { dollars: 0.2, per: 1, included: 0, source: "https://neon.com/docs/introduction/plans" },
} as const satisfies Record<string, Price>;

/** A service that people would buy instead: its bill for a month with this many million events, each delivered once. */
export interface Service {
  name: string;
  monthly(millions: number): number;
  price: string;
  source: string;
}

export const SERVICES: readonly Service[] = [
  {
    name: "Amazon EventBridge, to an HTTP target",
    monthly: (millions) => millions * (1 + 0.2),
    price: "$1.00 a million custom events, $0.20 a million API destination calls; no record of what was delivered",
    source: "https://aws.amazon.com/eventbridge/pricing/",
  },
  {
    name: "Upstash QStash, pay as you go",
    monthly: (millions) => millions * 10,
    price: "$1 for 100,000 messages",
    source: "https://upstash.com/pricing/qstash",
  },
  {
    name: "Svix Professional",
    monthly: (millions) => 490 + Math.max(0, millions - 0.05) * 100,
    price: "$490 a month with 50,000 messages, $0.0001 for each further one",
    source: "https://www.svix.com/pricing/",
  },
];

/** What `units` cost per month. */
export const bill = ({ dollars, per, included }: Price, units: number): number =>
  (Math.max(0, units - included) / per) * dollars;
