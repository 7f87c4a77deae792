import { relative } from "node:path";
import { metricsCall } from "../cli/dev/banner.ts";
import type { Stack } from "../local/stack.ts";
import { DATA, ROOT } from "./project.ts";

/** An event that the demo's CRM refuses for half a minute. */
const FAILING = `{"installation":{"account":{"id":7}}}`;
const EXAMPLE = `{"action":"opened","issue":{"number":1},"repository":{"full_name":"you/yours"}}`;

/** What runs where, and how to use it. */
export function describe({ origin, database, paths }: Stack, milliseconds: number): string {
  const url = addressOf(origin);
  const psql = database.own ? `psql ${database.url}` : 'psql "$DATABASE_URL"';
  const lines: [string, string][] = [
    ["console", url],
    ["emit", `curl ${url}/emit -d '${EXAMPLE}'`],
    ["fail", `curl ${url}/emit -d '${FAILING}'   # see why in the console, and retry it`],
    ["metrics", metricsCall(url)],
    ["psql", psql],
    ["failures", `${psql} -c 'select * from eventhub.failed_dispatches'`],
    ["logs", relative(ROOT, paths.logs)],
  ];
  if (database.endpoint !== undefined) lines.splice(5, 0, ["neon", database.endpoint]);
  if (database.dataDir !== undefined) lines.push(["data", placeOf(database.dataDir, paths)]);
  const body = lines.map(([name, value]) => `  ${name.padEnd(10)}${value}`).join("\n");
  return `\ncf-eventhub is up (${(milliseconds / 1000).toFixed(1)} s); Ctrl-C stops everything.\n\n${body}\n`;
}

/** What can be repaired after events have been sent. */
export function describeFailures({ origin }: Stack): string {
  return (
    `CRM and MISSING fail on purpose: ${addressOf(origin)} says why. CRM knows an account only half a minute after its event:\n` +
    "retry its dispatches there. MISSING has no binding, and stays misconfigured.\n"
  );
}

/** With the name that people type. */
const addressOf = (origin: string): string => origin.replace("127.0.0.1", "localhost");

function placeOf(dataDir: string, { postgres }: Stack["paths"]): string {
  if (dataDir === postgres) return relative(ROOT, DATA);
  // See findPlace: for root, Postgres runs as another user.
  return `${relative(ROOT, DATA)}, and Postgres' in ${dataDir}, since its user cannot enter this directory`;
}
