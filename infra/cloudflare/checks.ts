import { at, type Faults, isRecord, type Place, show } from "../../schema/config/faults.ts";
import { isConnectionString } from "../../schema/database/connection-string.ts";
import { GRACE_RULE, isGrace } from "../../schema/vocabulary/grace.ts";
import { MAX_COMPARED_EVENTS, MAX_RESOURCE_NAME_LENGTH } from "../../schema/vocabulary/limits.ts";
import { MAX_WORKFLOW_RETENTION_MS } from "../../schema/vocabulary/platform-limits.ts";
import type { Destinations, EventHubArgs, RoutePreview, WorkflowSettings } from "./arguments.ts";

/** Said without the URL, which is a secret. */
export const DATABASE_URL_RULE = "must be a Postgres connection string (postgresql://user:password@host/database)";

/** Every argument that there is. */
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
  console: true,
  tags: true,
  routePreview: true,
};

const ROUTE_PREVIEW: { readonly [Key in keyof RoutePreview]-?: true } = { against: true, events: true };

/** The arguments that nobody reads: misspelt ones, mostly. */
export function checkKeys(args: object, faults: Faults): void {
  for (const key of Object.keys(args)) {
    if (!Object.hasOwn(ARGUMENTS, key)) faults.add(at(undefined, key), "is not a known key");
  }
}

/** What begins every name in the account. */
export function checkName(name: string, faults: Faults): void {
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) || name.length > MAX_RESOURCE_NAME_LENGTH) {
    const rule = `must be 1 to ${MAX_RESOURCE_NAME_LENGTH} lower-case letters, digits and dashes, a letter first and no dash last`;
    faults.add(at(undefined, "name"), `${rule}, got ${show(name)}`);
  }
}

/** The database URL, if it is known already; one that is an output is checked when it is. */
export function checkDatabaseUrl(url: unknown, faults: Faults): void {
  const known = url === undefined || url === null || typeof url === "string";
  if (known && !isConnectionString(url ?? "")) faults.add(at(undefined, "databaseUrl"), DATABASE_URL_RULE);
}

/** The executor's cron triggers; what stands in the fields, the platform judges. */
export function checkSchedules(schedules: unknown, faults: Faults): void {
  if (schedules === undefined) return;
  const place = at(undefined, "schedules");
  if (!Array.isArray(schedules) || schedules.length === 0) {
    faults.add(place, `must be an array of at least one cron expression, got ${show(schedules)}`);
    return;
  }
  for (const [index, schedule] of schedules.entries()) {
    if (typeof schedule !== "string" || schedule.trim().split(/\s+/).length !== 5) {
      faults.add(at(place, index), `must be a cron expression of five fields, got ${show(schedule)}`);
    }
  }
}

/** The grace of reconciling. */
export function checkGrace(seconds: unknown, faults: Faults): void {
  if (seconds === undefined || isGrace(seconds)) return;
  faults.add(at(undefined, "reconcileGraceSeconds"), `${GRACE_RULE}, got ${show(seconds)}`);
}

/** What the route preview compares with, and how many events it looks at. */
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

/** The settings of the Workflow at `place`. */
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

/** A duration as the Workflow engine writes it, such as "90 minutes"; `NaN` for what is none. Months are longer than it keeps anything. */
function millisecondsOf(duration: string): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?) (second|minute|hour|day|week)s?$/.exec(duration) ?? [];
  return Number(count) * (UNITS_MS[unit] ?? Number.NaN);
}
