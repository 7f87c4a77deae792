import Table from "cli-table3";
import type { Contender } from "../bench.ts";
import type { Costs } from "../cases/counts.ts";
import { type Bill, monthlyBill, TRAFFIC, type Traffic, total } from "../cost/model.ts";
import { SERVICES } from "../cost/prices.ts";

const HUBS: readonly (readonly [Contender, string])[] = [
  ["handle", "cf-eventhub, handle"],
  ["handleBatch", "cf-eventhub, handleBatch"],
  ["peer", "cf-eventhub 0.3.5 (npm)"],
];
const PLAIN = { style: { head: [], border: [] }, chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" } };

/** Dollars for a million events, of each hub and each service, for each kind of traffic. */
export function costLines(costs: Costs): { name: string; perMillion: number[] }[] {
  const hubs = HUBS.map(([contender, name]) => ({
    name,
    perMillion: TRAFFIC.map((traffic) => total(billOf(costs, contender, traffic)) / (traffic.events / 1e6)),
  }));
  const services = SERVICES.map(({ name, monthly }) => ({
    name,
    perMillion: TRAFFIC.map(({ events }) => monthly(events / 1e6) / (events / 1e6)),
  }));
  return [...hubs, ...services];
}

export const trafficTitles = TRAFFIC.map(
  ({ title, events }) =>
    `${title} (${(events / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} million a month)`,
);

export const dollars = (value: number): string =>
  `$${value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

export function formatTotals(costs: Costs): string {
  const table = new Table({
    ...PLAIN,
    head: ["dollars a million events", ...trafficTitles],
    colAligns: ["left", "right", "right", "right"],
  });
  for (const { name, perMillion } of costLines(costs)) table.push([name, ...perMillion.map(dollars)]);
  return table.toString();
}

/** Each hub's bill, line by line. */
export function formatBills(costs: Costs): string {
  const columns = TRAFFIC.flatMap((traffic) => HUBS.map(([contender]) => ({ traffic, contender })));
  const table = new Table({
    ...PLAIN,
    head: ["", ...columns.map(({ traffic, contender }) => `${traffic.title}\n${contender}`)],
    colAligns: ["left", ...columns.map(() => "right" as const)],
  });
  const bills = columns.map(({ traffic, contender }) => billOf(costs, contender, traffic));
  for (const key of Object.keys(bills[0] ?? {}) as (keyof Bill)[]) {
    table.push([key, ...bills.map((bill) => dollars(bill[key]))]);
  }
  table.push(["total", ...bills.map((bill) => dollars(total(bill)))]);
  return table.toString();
}

function billOf(costs: Costs, contender: Contender, traffic: Traffic): Bill {
  const cost = costs[traffic.shape][contender];
  // One at a time, most of what is measured is the local stack's idling: the CPU and the pages of the next shape stand for it.
  const busy = costs[traffic.shape === "single" ? "steady" : traffic.shape][contender];
  if (cost === undefined || busy === undefined) throw new Error(`nothing counted of ${contender}`);
  const { workersCpuMs, postgresCpuMs, storedBytes } = busy;
  return monthlyBill(contender, traffic, { ...cost, workersCpuMs, postgresCpuMs, storedBytes });
}
