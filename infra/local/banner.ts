import { relative } from "node:path";
import { PATHS, ROOT } from "./paths.ts";
import type { Stack } from "./stack.ts";

const EXAMPLE = `{"action":"opened","issue":{"number":1},"repository":{"full_name":"you/yours"}}`;

/** What runs where, and what to do with it. */
export function describe({ origin, database }: Stack, milliseconds: number): string {
  const url = origin.replace("127.0.0.1", "localhost");
  const psql = database.own ? `psql ${database.url}` : 'psql "$DATABASE_URL"';
  const lines: [string, string][] = [
    ["console", url],
    ["emit", `curl ${url}/emit -d '${EXAMPLE}'`],
    ["psql", psql],
    ["failures", `${psql} -c 'select * from eventhub.failed_dispatches'`],
    ["logs", relative(ROOT, PATHS.logs)],
  ];
  if (database.endpoint !== undefined) lines.splice(3, 0, ["neon", database.endpoint]);
  if (database.dataDir !== undefined) lines.push(["data", placeOf(database.dataDir)]);
  const body = lines.map(([name, value]) => `  ${name.padEnd(10)}${value}`).join("\n");
  return `\ncf-eventhub is up (${(milliseconds / 1000).toFixed(1)} s); Ctrl-C stops everything.\n\n${body}\n`;
}

function placeOf(dataDir: string): string {
  if (dataDir === PATHS.postgres) return relative(ROOT, PATHS.data);
  // See findPlace: as root, Postgres runs as another user.
  return `${relative(ROOT, PATHS.data)}, and Postgres' in ${dataDir}, since its user cannot enter this directory`;
}
