import { isConnectionString } from "../../schema/database.ts";
import { at, type Faults, isRecord, type Place, show } from "../../schema/faults.ts";
import { MAX_COMPARED_EVENTS } from "../routes/recent-events.ts";
import type { WorkflowSettings } from "./arguments.ts";
import { MAX_NAME_LENGTH } from "./names.ts";

/** Longest retention of a Workflow's finished instances. @see https://developers.cloudflare.com/workflows/reference/limits/ */
const MAX_RETENTION_MS = 30 * 86_400_000;

/** Said without the URL, which is a secret. */
export const DATABASE_URL_RULE = "must be a Postgres connection string (postgresql://user:password@host/database)";

/** What begins every name in the account. */
export function checkName(name: string, faults: Faults): void {
  if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name) || name.length > MAX_NAME_LENGTH) {
    const rule = `must be 1 to ${MAX_NAME_LENGTH} lower-case letters, digits and dashes, a letter first and no dash last`;
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
  if (seconds === undefined || (typeof seconds === "number" && Number.isFinite(seconds) && seconds >= 0)) return;
  faults.add(at(undefined, "reconcileGraceSeconds"), `must be a number of seconds, got ${show(seconds)}`);
}

/** How many events the route preview looks at. */
export function checkPreview(events: unknown, faults: Faults): void {
  if (
    events === undefined ||
    (Number.isInteger(events) && Number(events) >= 1 && Number(events) <= MAX_COMPARED_EVENTS)
  )
    return;
  const place = at(at(undefined, "routePreview"), "events");
  faults.add(place, `must be an integer from 1 to ${MAX_COMPARED_EVENTS}, got ${show(events)}`);
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
    const within = Number.isInteger(time) && Number(time) >= 0 && Number(time) <= MAX_RETENTION_MS;
    const rule = `must be milliseconds (0 to ${MAX_RETENTION_MS}) or a text such as "3 days"`;
    if (key !== "success" && key !== "error") faults.add(at(place, key), "is not a known key");
    else if (typeof time !== "string" && !within) faults.add(at(place, key), `${rule}, got ${show(time)}`);
  }
}
