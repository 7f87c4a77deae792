import { relative } from "node:path";
import pc from "picocolors";
import { printable } from "../../../schema/text/printable.ts";
import { LOCAL_METRICS_TOKEN } from "../../../schema/vocabulary/defaults.ts";
import type { Stack } from "../../local/stack.ts";
import { faultOfParts } from "../../local/workers/hub-parts.ts";
import type { Project } from "../../project/project.ts";
import { examine } from "../doctor/examine.ts";
import { findingText } from "../doctor/finding.ts";
import { exampleOf } from "./example.ts";

/** What runs where, and how to use it. */
export function describe(stack: Stack, project: Project, milliseconds: number): string {
  const { database, paths } = stack;
  const url = urlOf(stack);
  const { root, console, metrics } = project;
  const rows: [string, string][] = [
    ...(console === undefined ? [] : [["console", url] as [string, string]]),
    ...stack.workers.map(({ name, url }): [string, string] => [name, url]),
    ...stack.workers.flatMap(({ name, url }) => cronRow(project, name, url)),
    ["emit", `curl ${url}/emit -d '${quotable(JSON.stringify(exampleOf(project)))}'`],
    ...(metrics === undefined ? [] : [["metrics", metricsCall(url)] as [string, string]]),
    ["psql", database.own ? `psql ${database.url}` : 'psql "$DATABASE_URL"'],
    ["logs", relative(root, paths.workersLog)],
  ];
  const { dataDir } = database;
  // See findPlace: for root, Postgres runs as another user.
  if (dataDir !== undefined && dataDir !== paths.postgres)
    rows.push(["data", `${dataDir}: Postgres' user cannot enter this directory`]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, value]) => `  ${pc.bold(printable(name).padEnd(width))}${printable(value)}`);
  return `\n${pc.green("eventhub is up")} (${(milliseconds / 1000).toFixed(1)} s)\n\n${lines.join("\n")}\n`;
}

/** The command that shows the metrics of a local stack. */
export const metricsCall = (url: string): string =>
  `curl ${url}/metrics -H 'Authorization: Bearer ${LOCAL_METRICS_TOKEN}'`;

/** A cron of the project's own runs only when it is called, since nobody can tell when it is wanted here. */
function cronRow({ own }: Project, name: string, url: string): [string, string][] {
  const [cron] = own.find((file) => file.name === name)?.config.triggers?.crons ?? [];
  if (cron === undefined) return [];
  return [["cron", `curl '${url}/cdn-cgi/handler/scheduled?cron=${quotable(cron.replaceAll(" ", "+"))}'   # ${name}`]];
}

/** The meaning of each key. */
export function describeKeys({ database }: Stack): string {
  const resets = database.own ? "resets everything" : "resets everything but the database";
  return pc.dim(`  e emits an example   o opens the console   r ${resets}   q ends\n`);
}

/** The Workers that a binding names and no configuration describes: calls of them fail. */
export function describeMissing({ root, missing }: Project): string[] {
  return missing.map(({ name, place }) =>
    printable(
      `${relative(root, place)}: there is no wrangler configuration of ${name} below ${root}: calls to it fail here`,
    ),
  );
}

/** The faults that `doctor` finds, except those that {@link describeMissing} reports or that prevent the start. */
export function describeFaults(project: Project): string[] {
  const said = new Set([...project.missing, faultOfParts(project)].map((one) => one?.place));
  return examine(project)
    .filter(({ severity, place }) => severity === "fault" && !said.has(place))
    .map((finding) => findingText(finding, project.root));
}

/** The gateway's address, with the name that people type. */
export function urlOf({ origin }: Stack): string {
  return origin.replace("127.0.0.1", "localhost");
}

/** A text, for use between single quotes in a shell. */
const quotable = (text: string): string => text.replaceAll("'", "'\\''");
