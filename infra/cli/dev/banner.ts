import { relative } from "node:path";
import pc from "picocolors";
import { printable } from "../../../schema/text/printable.ts";
import type { Stack } from "../../local/stack.ts";
import { faultOfParts } from "../../local/workers/hub-parts.ts";
import type { Project } from "../../project/project.ts";
import { examine } from "../doctor/examine.ts";
import { findingText } from "../doctor/finding.ts";
import { exampleOf } from "./example.ts";

/** What runs where, and what to do with it. */
export function describe(stack: Stack, project: Project, milliseconds: number): string {
  const { database, paths } = stack;
  const url = urlOf(stack);
  const { root, console } = project;
  const rows: [string, string][] = [
    ...(console === undefined ? [] : [["console", url] as [string, string]]),
    ...stack.workers.map(({ name, url }): [string, string] => [name, url]),
    ...stack.workers.flatMap(({ name, url }) => cronRow(project, name, url)),
    ["emit", `curl ${url}/emit -d '${quotable(JSON.stringify(exampleOf(project)))}'`],
    ["psql", database.own ? `psql ${database.url}` : 'psql "$DATABASE_URL"'],
    ["logs", relative(root, paths.workersLog)],
  ];
  const { dataDir } = database;
  // See findPlace: as root, Postgres runs as another user.
  if (dataDir !== undefined && dataDir !== paths.postgres)
    rows.push(["data", `${dataDir}: Postgres' user cannot enter this directory`]);
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, value]) => `  ${pc.bold(printable(name).padEnd(width))}${printable(value)}`);
  return `\n${pc.green("eventhub is up")} (${(milliseconds / 1000).toFixed(1)} s)\n\n${lines.join("\n")}\n`;
}

/** Nobody knows when a cron of the project's own is wanted here: it runs when it is called for. */
function cronRow({ own }: Project, name: string, url: string): [string, string][] {
  const [cron] = own.find((file) => file.name === name)?.config.triggers?.crons ?? [];
  if (cron === undefined) return [];
  return [["cron", `curl '${url}/cdn-cgi/handler/scheduled?cron=${quotable(cron.replaceAll(" ", "+"))}'   # ${name}`]];
}

/** What each key does. */
export function describeKeys({ database }: Stack): string {
  const resets = database.own ? "resets everything" : "resets all but the database";
  return pc.dim(`  e emits an example   o opens the console   r ${resets}   q ends\n`);
}

/** The Workers that a binding names and nothing describes: calls of them fail. */
export function describeMissing({ root, missing }: Project): string[] {
  return missing.map(({ name, place }) =>
    printable(
      `${relative(root, place)}: there is no wrangler configuration of ${name} below ${root}: what calls it fails here`,
    ),
  );
}

/** What `doctor` finds at fault, but for what {@link describeMissing} says, and what ends the start. */
export function describeFaults(project: Project): string[] {
  const said = new Set([...project.missing, faultOfParts(project)].map((one) => one?.place));
  return examine(project)
    .filter(({ severity, place }) => severity === "fault" && !said.has(place))
    .map((finding) => findingText(finding, project.root));
}

/** The gateway's address by the name that people type. */
export function urlOf({ origin }: Stack): string {
  return origin.replace("127.0.0.1", "localhost");
}

/** Text between single quotes of a shell. */
const quotable = (text: string): string => text.replaceAll("'", "'\\''");
