import { type SQL, sql } from "drizzle-orm";
import type { StoredHealthRules } from "../../config/health.ts";
import { NEWEST_MIGRATION } from "../../database/newest-migration.ts";
import { DEPLOYMENT_MINUTES } from "../../vocabulary/checks.ts";
import type { Heartbeat, RunningPart } from "../../vocabulary/heartbeats.ts";
import { VERSION } from "../../vocabulary/version.ts";

/** Notes that a part of the hub is at work. */
export const beat = (name: Heartbeat): SQL<never> => sql<never>`
  insert into eventhub.heartbeats (name, at) values (${name}, now()) on conflict (name) do update set at = excluded.at`;

/** What a run of a cron reports when it begins. */
export interface BegunRun {
  /** The hash of its route configuration; `undefined` if it has no valid one. */
  configuration: string | undefined;
  /** Seconds until the next run; `undefined` if that is not known. */
  nextSeconds: number | undefined;
  /** Whether it is called only when there is something to do. */
  sleeps: boolean;
  /** By which rules destinations are judged; what was said before stays if left out. */
  health?: readonly StoredHealthRules[] | undefined;
}

/** What makes one deployment of a part differ from another. */
const deployment = (of: SQL): SQL =>
  sql`jsonb_build_object('version', ${of}.version, 'configuration', ${of}.configuration)`;

const IS_SAME = sql`${deployment(sql`h`)} = ${deployment(sql`excluded`)}`;

/**
 * Notes that a cron's run begins: its version and configuration, when the next run is due, and what its clock shows. Of two deployments of one part
 * that run in turn, each comes back again and again, within the minutes that a deployment takes: that is noted, too. Time without a run counts as
 * time alone, since a hub that sleeps may have none for hours.
 */
export const beginRun = (
  part: RunningPart,
  { configuration, nextSeconds, sleeps, health }: BegunRun,
): SQL<never> => sql<never>`
  insert into eventhub.heartbeats as h (name, at, next_at, sleeps, version, migration, configuration, health, deployed_at, skew_ms)
  values (${part}, now(), now() + make_interval(secs => ${sleeps ? null : (nextSeconds ?? null)}::float8), ${sleeps}, ${VERSION}, ${NEWEST_MIGRATION}, ${configuration ?? null}, ${health === undefined ? null : JSON.stringify(health)}::jsonb, now(),
    least(greatest(extract(epoch from clock_timestamp() - ${new Date().toISOString()}::timestamptz) * 1000, -2147483647), 2147483647)::int)
  on conflict (name) do update set at = excluded.at, next_at = excluded.next_at, sleeps = excluded.sleeps, version = excluded.version, migration = excluded.migration,
    configuration = excluded.configuration, health = coalesce(excluded.health, h.health), skew_ms = excluded.skew_ms,
    deployed_at = case when ${IS_SAME} then h.deployed_at else excluded.deployed_at end,
    other = case when ${IS_SAME} then h.other else ${deployment(sql`h`)} end,
    alternates_since = case when ${IS_SAME} then h.alternates_since when h.other = ${deployment(sql`excluded`)} then
      coalesce(case when now() < h.deployed_at + make_interval(mins => ${DEPLOYMENT_MINUTES}) then h.alternates_since end, now()) end`;

/** What a run of a cron reports at its end. */
export interface EndedRun {
  tookMs: number;
  /** What it did, by name. `failed` names the parts that failed, `unbound` the bindings that its destinations need and that the Worker lacks. */
  found: object;
}

/** Notes that a cron's run has ended, and what it found. */
export const endRun = (part: RunningPart, { tookMs, found }: EndedRun): SQL<never> => sql<never>`
  update eventhub.heartbeats set finished_at = now(), took_ms = ${Math.round(tookMs)}, found = ${JSON.stringify(found)}::jsonb where name = ${part}`;

/** Notes that dispatches were enqueued again: from now on a beat of the queue is expected. Changes nothing if one is expected already. */
export const noteResent = (): SQL<never> => sql<never>`
  update eventhub.heartbeats r set at = now() from eventhub.heartbeats q
  where r.name = 'resent' and q.name = 'queue' and r.at <= q.at`;
