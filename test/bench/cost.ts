/** `npm run bench:cost`: dollars per million events, from the counts of the last full run of `npm run bench` and from published prices. */

import { readBareCall } from "../../infra/cli/script-call.ts";
import { PRICES, SERVICES } from "./cost/prices.ts";
import { formatBills, formatDays, formatTotals } from "./report/cost.ts";
import { FULL, readResults } from "./results.ts";

readBareCall(
  "bench:cost",
  "The bills that follow from the counts of the last npm run bench, and the source of each price.",
);

try {
  const { costs, date, machine } = await readResults(FULL);
  if (costs === undefined) throw new Error(`${FULL} has no counts`);
  console.log(`Counted on ${date}, ${machine}.\n`);
  console.log(formatTotals(costs));
  console.log("\nThe bills, in dollars a month:\n");
  console.log(formatBills(costs));
  console.log(
    "\nBy the events of a day, simulated with a clock of its own: dollars a month, of which the database's compute, how often it is woken a day, and for how long:\n",
  );
  console.log(formatDays(costs));
  console.log("\nPrices, as published in November 2026:");
  for (const [name, { dollars, per, included, source }] of Object.entries(PRICES)) {
    const unit = per === 1 ? "" : ` for ${per.toLocaleString("en-US")}`;
    const free = included === 0 ? "" : `, after ${included.toLocaleString("en-US")} a month`;
    console.log(`  ${name.padEnd(20)} $${dollars}${unit}${free}  ${source}`);
  }
  for (const { name, price, source } of SERVICES) console.log(`  ${name}: ${price}  ${source}`);
} catch (error) {
  const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
  console.error(missing ? "no results yet: run `npm run bench` first" : error);
  process.exitCode = 1;
}
