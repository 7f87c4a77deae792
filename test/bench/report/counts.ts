import Table from "cli-table3";
import { type Cost, type Costs, SHAPES, type Shape } from "../cases/counts.ts";
import { short } from "./table.ts";

const CONTENDERS = ["handle", "handleBatch", "peer"] as const;
const LINES: readonly (readonly [keyof Cost, string])[] = [
  ["databaseRequests", "database requests"],
  ["databaseConnections", "database connections opened"],
  ["statements", "statements"],
  ["rows", "rows written"],
  ["walBytes", "WAL bytes, between checkpoints"],
  ["storedBytes", "bytes of tables and indexes"],
  ["instances", "Workflow instances"],
  ["steps", "Workflow steps"],
  ["stepAttempts", "step attempts"],
  ["workflowBytes", "bytes that Workflows keep"],
  ["queueSends", "queue send calls"],
  ["queueWrites", "queue messages written"],
  ["queueReads", "queue messages read"],
  ["queueDeletes", "queue messages deleted"],
  ["queueBatches", "queue consumer invocations"],
  ["rpcCalls", "RPC calls"],
  ["logLines", "log lines"],
  ["workersCpuMs", "CPU ms, Workers (local stack)"],
  ["postgresCpuMs", "CPU ms, Postgres"],
];

const TITLES = { single: "one at a time", steady: "50/s", burst: "burst" };

/** The counted cost of a dispatch, for each shape of traffic. */
export function formatCosts(costs: Costs): string {
  const table = new Table({
    head: ["each dispatch", ...SHAPES.flatMap((shape) => CONTENDERS.map((name) => `${TITLES[shape]}\n${name}`))],
    style: { head: [], border: [] },
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
  });
  for (const [key, title] of LINES) {
    const cells = SHAPES.flatMap((shape) =>
      CONTENDERS.map((contender) => {
        const cost = costs[shape][contender];
        return cost === undefined ? "" : key.endsWith("Bytes") ? Math.round(cost[key]).toString() : short(cost[key]);
      }),
    );
    table.push([title, ...cells]);
  }
  return table.toString();
}

/** The targets of (h): the most per dispatch. For "one at a time", the first request is that of `emit`, and the others are those of its group. */
const TARGETS: readonly { shape: Shape; key: keyof Cost; title: string; most: number }[] = [
  { shape: "single", key: "databaseRequests", title: "database requests", most: 3 },
  { shape: "single", key: "steps", title: "Workflow steps", most: 1 },
  { shape: "burst", key: "databaseRequests", title: "database requests", most: 0.2 },
  { shape: "burst", key: "instances", title: "Workflow instances", most: 0.1 },
];

/** Whether the counts reach the targets of (h), one line each. */
export function formatTargets(costs: Costs): string {
  return TARGETS.flatMap(({ shape, key, title, most }) =>
    (["handle", "handleBatch"] as const).flatMap((contender) => {
      const value = costs[shape][contender]?.[key];
      if (value === undefined) return [];
      return [
        `  h  ${TITLES[shape]}, ${contender}: ${short(value)} ${title} ${value <= most ? "ok" : "MISSED"} (at most ${most})`,
      ];
    }),
  ).join("\n");
}
