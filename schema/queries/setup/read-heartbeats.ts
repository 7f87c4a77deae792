import { type SQL, sql } from "drizzle-orm";
import { RUNNING_PARTS, type RunningPart } from "../../vocabulary/heartbeats.ts";
import { expectedRun } from "../fragments/expected-run.ts";

/** The last run of a cron, as it reported it; `null` where it did not. */
export interface RunRow {
  part: RunningPart;
  at: Date | null;
  next_at: Date | null;
  /** Whether it runs only when there is something to do. */
  sleeps: boolean;
  finished_at: Date | null;
  took_ms: number | null;
  found: Readonly<Record<string, unknown>> | null;
  version: string | null;
  migration: string | null;
  configuration: string | null;
  deployed_at: Date | null;
  age_seconds: number | null;
  /** How long the next run has been due. A part that sleeps is due at the first event since its last run. `null` if nobody knows when it is due. */
  late_seconds: number | null;
}

/** The last run of hub and executor, and how late the next one is. */
export const readRuns = (): SQL<RunRow> => sql<RunRow>`
  select h.name as part, case when isfinite(h.at) then h.at end as at, h.next_at, h.sleeps, h.finished_at, h.took_ms, h.found, h.version, h.migration,
    h.configuration, h.deployed_at, case when isfinite(h.at) then greatest(extract(epoch from now() - h.at), 0)::float8 end as age_seconds,
    case when h.sleeps and isfinite(h.at) then greatest(extract(epoch from now() - coalesce(${expectedRun(sql`h`)}, now())), 0)::float8
      when h.next_at is not null then greatest(extract(epoch from now() - h.next_at), 0)::float8 end as late_seconds
  from eventhub.heartbeats h where h.name in (${RUNNING_PARTS[0]}, ${RUNNING_PARTS[1]}) order by h.name desc`;
