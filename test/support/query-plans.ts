import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { TestDatabase } from "./database.ts";

/** A node of a plan, as Postgres gives it in JSON. Measured values exist only if Postgres has run the statement. */
export interface Plan {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Actual Rows"?: number;
  "Actual Loops"?: number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: Plan[];
}

/** How Postgres would run a statement; with the option `analyze`, how it has run it. */
export async function planOf(
  database: TestDatabase,
  statement: SQL<unknown>,
  ...options: ("analyze" | "buffers")[]
): Promise<Plan> {
  const { sql, params } = new PgDialect().sqlToQuery(statement);
  const [row] = await database.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
    `explain (${[...options, "format json"].join()}) ${sql}`,
    params,
  );
  if (row === undefined) throw new Error("Postgres has told no plan");
  return row["QUERY PLAN"][0].Plan;
}

/** A plan and all plans below it. */
export function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

/** How a statement would read its tables: `table by index`, or the kind of scan. Sorted, without duplicates. */
export async function readsOf(database: TestDatabase, statement: SQL<unknown>): Promise<string[]> {
  return [...new Set(scans(await planOf(database, statement)))].sort();
}

function scans(plan: Plan, around?: string): string[] {
  const { "Node Type": type, "Relation Name": table = around, Plans = [] } = plan;
  const below = Plans.flatMap((one) => scans(one, type.startsWith("Bitmap") ? table : undefined));
  // For a bitmap, the node below names the index.
  if (!type.includes("Scan") || table === undefined || type === "Bitmap Heap Scan") return below;
  return [`${table} by ${plan["Index Name"] ?? type}`, ...below];
}
