import Table from "cli-table3";
import type { Contender } from "../bench.ts";
import type { Costs } from "../cases/counts.ts";
import { type Looking, simulateDay } from "../cost/day.ts";
import { type Bill, HOURS_A_MONTH, monthlyBill, TRAFFIC, type Traffic, total } from "../cost/model.ts";
import { SERVICES } from "../cost/prices.ts";

const HUBS: readonly (readonly [Contender, string])[] = [
  ["handle", "cf-eventhub, handle"],
  ["handleBatch", "cf-eventhub, handleBatch"],
  ["peer", "cf-eventhub 0.3.5 (npm)"],
];
const PLAIN = { style: { head: [], border: [] }, chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" } };

/** Dollars per million events, for each hub and each service, for each kind of traffic. */
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

/** A day's traffic, and the shape whose counts are like it. */
const DAYS: readonly { title: string; events: number; shape: Traffic["shape"] }[] = [
  { title: "10 a day", events: 10, shape: "single" },
  { title: "100 a day", events: 100, shape: "single" },
  { title: "1,000 a day", events: 1_000, shape: "single" },
  { title: "10,000 a day", events: 10_000, shape: "single" },
  { title: "1 a second", events: 86_400, shape: "single" },
  { title: "50 a second", events: 4_320_000, shape: "steady" },
];

const DAILY: readonly (readonly [name: string, contender: Contender, looking: Looking])[] = [
  ["cf-eventhub, with its alarm", "handle", "alarm"],
  ["cf-eventhub, with a cron each minute", "handle", "minute cron"],
  ["cf-eventhub 0.3.5 (npm)", "peer", "nobody"],
];

/**
 * What a month costs by the number of events per day, and which part of that is the database; also how often the database was woken, and for how
 * long.
 */
export function dayLines(costs: Costs): { head: string[]; rows: string[][] } {
  const days = HOURS_A_MONTH / 24;
  const hubs = DAILY.map(([name, contender, looking]) => {
    const cells = DAYS.map(({ events, shape, title }) => {
      const day = simulateDay(events, looking);
      const month = {
        awakeHours: day.awakeHours * days,
        alarmRequests: day.alarmRequests * days,
        alarmRows: day.alarmRows * days,
      };
      const traffic = { shape, title, events: events * days, busyHours: 0, pauses: 0, simulated: month };
      const bill = billOf(costs, contender, traffic);
      return `${dollars(total(bill))} (${dollars(bill.neonCuHours)}; ${day.wakeUps}, ${day.awakeHours.toFixed(1)} h)`;
    });
    return [name, ...cells];
  });
  const services = SERVICES.map(({ name, monthly }) => [
    name,
    ...DAYS.map(({ events }) => dollars(monthly((events * days) / 1e6))),
  ]);
  return { head: ["", ...DAYS.map(({ title }) => title)], rows: [...hubs, ...services] };
}

export function formatDays(costs: Costs): string {
  const { head, rows } = dayLines(costs);
  const table = new Table({
    ...PLAIN,
    head: ["dollars a month", ...head.slice(1)],
    colAligns: head.map((_, i) => (i === 0 ? "left" : "right")),
  });
  table.push(...rows);
  return table.toString();
}

function billOf(costs: Costs, contender: Contender, traffic: Traffic): Bill {
  const cost = costs[traffic.shape][contender];
  // With one event at a time, the measurement shows mostly the idling of the local stack. So the CPU and the pages of the next shape stand for it.
  const busy = costs[traffic.shape === "single" ? "steady" : traffic.shape][contender];
  if (cost === undefined || busy === undefined) throw new Error(`nothing counted of ${contender}`);
  const { workersCpuMs, postgresCpuMs, storedBytes } = busy;
  return monthlyBill(contender, traffic, { ...cost, workersCpuMs, postgresCpuMs, storedBytes });
}
