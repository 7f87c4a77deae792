import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import { isConnectionString } from "../../schema/database/connection-string.ts";
import { GRACE_RULE, isGrace } from "../../schema/vocabulary/is-grace.ts";
import { MAX_COMPARED_EVENTS, MAX_OWN_WORKFLOWS, MAX_RESOURCE_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";
import { MAX_WORKFLOW_RETENTION_MS } from "../../schema/vocabulary/platform-limits.ts";
import type { Destinations, EventHubArgs, RoutePreview, WorkflowSettings } from "./arguments.ts";

/** The message omits the URL, which is a secret. */
export const DATABASE_URL_RULE = "must be a Postgres connection string (postgresql://user:password@host/database)";

/** All arguments. */
const ARGUMENTS: { readonly [Key in keyof EventHubArgs<Destinations>]-?: true } = {
  accountId: true,
  name: true,
  databaseUrl: true,
  databaseEndpoint: true,
  destinations: true,
  routes: true,
  events: true,
  settings: true,
  workflow: true,
  schedules: true,
  reconcileGraceSeconds: true,
  otlp: true,
  console: true,
  metrics: true,
  tags: true,
  routePreview: true,
};

const ROUTE_PREVIEW: { readonly [Key in keyof RoutePreview]-?: true } = { against: true, events: true };

/** Reports unknown arguments, which are mostly misspelt. */
export function checkKeys(args: object, faults: Faults): void {
  for (const key of Object.keys(args)) {
    if (!Object.hasOwn(ARGUMENTS, key)) faults.add(at(undefined, key), "is not a known key");
  }
}

/** Checks the beginning of all names in the account. */
export function checkName(name: string, faults: Faults): void {
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) || name.length > MAX_RESOURCE_NAME_LENGTH) {
    const rule = `must be 1 to ${MAX_RESOURCE_NAME_LENGTH} lower-case letters, digits and dashes, a letter first and no dash last`;
    faults.add(at(undefined, "name"), `${rule}, got ${show(name)}`);
  }
}

/** Checks the database URL if it is already known. An output is checked once it is. */
export function checkDatabaseUrl(url: unknown, faults: Faults): void {
  const known = url === undefined || url === null || typeof url === "string";
  if (known && !isConnectionString(url ?? "")) faults.add(at(undefined, "databaseUrl"), DATABASE_URL_RULE);
}

/** Checks the grace of reconciling. */
export function checkGrace(seconds: unknown, faults: Faults): void {
  if (seconds === undefined || isGrace(seconds)) return;
  faults.add(at(undefined, "reconcileGraceSeconds"), `${GRACE_RULE}, got ${show(seconds)}`);
}

/** Checks what the route preview compares with, and how many events it looks at. */
export function checkPreview(preview: unknown, faults: Faults): void {
  if (preview === undefined) return;
  const place = at(undefined, "routePreview");
  if (!isRecord(preview)) {
    faults.add(place, `must be an object such as { against: configuration }, got ${show(preview)}`);
    return;
  }
  for (const key of Object.keys(preview)) {
    if (!Object.hasOwn(ROUTE_PREVIEW, key)) faults.add(at(place, key), "is not a known key");
  }
  const { events } = preview;
  if (events === undefined) return;
  if (Number.isInteger(events) && Number(events) >= 1 && Number(events) <= MAX_COMPARED_EVENTS) return;
  faults.add(at(place, "events"), `must be an integer from 1 to ${MAX_COMPARED_EVENTS}, got ${show(events)}`);
}

/** Checks the settings of the Workflow at `place`. */
export function checkWorkflow(workflow: unknown, place: Place, faults: Faults): void {
  if (workflow === undefined) return;
  if (!isRecord(workflow)) {
    faults.add(place, `must be an object such as { concurrency: 10 }, got ${show(workflow)}`);
    return;
  }
  const { concurrency, retention = {}, ...others } = workflow as WorkflowSettings;
  for (const key of Object.keys(others)) faults.add(at(place, key), "is not a known key");
  if (concurrency !== undefined && !(Number.isSafeInteger(concurrency) && concurrency >= 1)) {
    faults.add(at(place, "concurrency"), `must be an integer of at least 1, got ${show(concurrency)}`);
  }
  checkRetention(retention, at(place, "retention"), faults);
}

/** The settings of a destination's own Workflow, of which there may be several. */
export function checkOwnWorkflow(workflow: unknown, place: Place, faults: Faults): void {
  const { count = 1, ...settings } = isRecord(workflow) ? workflow : {};
  checkWorkflow(isRecord(workflow) ? settings : workflow, place, faults);
  if (!isWorkflowCount(count))
    faults.add(at(place, "count"), `must be an integer from 1 to ${MAX_OWN_WORKFLOWS}, got ${show(count)}`);
}

/** Whether a destination can have so many Workflows of its own. */
export const isWorkflowCount = (count: unknown): count is number =>
  Number.isSafeInteger(count) && Number(count) >= 1 && Number(count) <= MAX_OWN_WORKFLOWS;

function checkRetention(retention: unknown, place: Place, faults: Faults): void {
  if (!isRecord(retention)) {
    faults.add(place, `must be an object such as { success: "3 days" }, got ${show(retention)}`);
    return;
  }
  for (const [key, time] of Object.entries(retention)) {
    const milliseconds = typeof time === "string" ? millisecondsOf(time) : time;
    const within =
      Number.isFinite(milliseconds) && Number(milliseconds) >= 0 && Number(milliseconds) <= MAX_WORKFLOW_RETENTION_MS;
    const rule = `must be milliseconds (0 to ${MAX_WORKFLOW_RETENTION_MS}) or a text such as "3 days"`;
    if (key !== "success" && key !== "error") faults.add(at(place, key), "is not a known key");
    else if (!within) faults.add(at(place, key), `${rule}, got ${show(time)}`);
  }
}

const UNITS_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** A duration in the form of the Workflow engine, such as "90 minutes"; `NaN` if it is not valid. Months exceed the longest retention. */
function millisecondsOf(duration: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?) (second|minute|hour|day|week)s?$/.exec(duration) ?? [];
  return Number(count) * (UNITS_MS[unit] ?? Number.NaN);
}
