import { type SQL, sql } from "drizzle-orm";
import { NEWEST_MIGRATION } from "../../database/newest-migration.ts";
import {
  type CheckName,
  DEAD_ROWS_BORNE,
  DEAD_ROWS_FACTOR,
  DEPLOYMENT_MINUTES,
  MAX_CLOCK_SKEW_SECONDS,
  UNVACUUMED_MINUTES,
} from "../../vocabulary/checks.ts";
import { readSetup } from "./find-silent-parts.ts";

/** The checks that this statement makes: all but those that other statements make, and the one that an unreachable database cannot answer. */
export type CheckedHere = Exclude<CheckName, "database_unreachable" | "overdue" | "lost">;

/** A fault of a deployment. */
export interface CheckRow {
  check: CheckedHere;
  /** Since when, at the latest, if that is known. */
  since: Date | null;
  /** The affected table, setting or Worker. */
  detail: string | null;
}

const minutes = (n: number): SQL => sql`make_interval(mins => ${n})`;

/** Whether hub and executor differ in a column, for longer than a deployment takes. */
const differ = (column: SQL): SQL =>
  sql`h.${column} <> x.${column} and greatest(h.deployed_at, x.deployed_at) < now() - ${minutes(DEPLOYMENT_MINUTES)}`;

/** The value of a setting for a table: from its options `o`, or else from the server. */
const storage = (setting: string): SQL =>
  sql`coalesce(max(split_part(o, '=', 2)) filter (where o like ${`${setting}=%`}), current_setting(${setting}))::float8`;

/** All faults of a deployment that the database itself and the heartbeats in it show. */
export function readChecks(): SQL<CheckRow> {
  return sql<CheckRow>`
    with newest as (
      select coalesce(max(name), '') as name from eventhub.migrations where finished_at is not null
    ), alternating as (
      -- It has changed again since it came back, which a rollback does not, and neither has been alone for as long as a deployment takes, with or
      -- without runs.
      select h.name, h.alternates_since as since, h.version as one, h.other ->> 'version' as another,
        h.other ->> 'configuration' is distinct from h.configuration as configuration, h.other ->> 'version' is distinct from h.version as version
      from eventhub.heartbeats h
      where h.alternates_since < now() - ${minutes(DEPLOYMENT_MINUTES)} and h.deployed_at > now() - ${minutes(DEPLOYMENT_MINUTES)}
    )
    select s.fault as check, s.since, null as detail from (${readSetup()}) s
    union all
    select 'migrations_behind', null, 'it has had ' || newest.name || ', and ' || string_agg(c.who || ' needs ' || c.migration, ', ' order by c.who)
    from newest, (
      select h.name as who, h.migration from eventhub.heartbeats h where h.migration is not null
      union all select 'whoever asks', ${NEWEST_MIGRATION}
    ) c where c.migration > newest.name group by newest.name
    union all
    select 'database_unfit', null, string_agg(f.what, ', ') from (values
      (pg_is_in_recovery(), 'it is a replica'),
      (not pg_is_in_recovery() and current_setting('default_transaction_read_only')::boolean, 'default_transaction_read_only is on'),
      (current_setting('server_encoding') <> 'UTF8', 'its encoding is ' || current_setting('server_encoding')),
      (current_setting('server_version_num')::int < 150000, 'it is PostgreSQL ' || current_setting('server_version'))
    ) f(found, what) where f.found having count(*) > 0
    union all
    select 'database_risky', null, string_agg(f.what, ', ') from (values
      (current_setting('synchronous_commit') = 'off', 'synchronous_commit is off: what emit() answered may be lost when the database crashes'),
      (not current_setting('autovacuum')::boolean, 'autovacuum is off'),
      (not current_setting('track_counts')::boolean, 'track_counts is off, without which autovacuum does nothing'),
      (extract(epoch from current_setting('statement_timeout')::interval) between 0.001 and 9.999, 'statement_timeout is ' || current_setting('statement_timeout'))
    ) f(found, what) where f.found having count(*) > 0
    union all
    select 'configurations_differ', greatest(h.deployed_at, x.deployed_at), null
    from eventhub.heartbeats h, eventhub.heartbeats x where h.name = 'hub' and x.name = 'executor' and ${differ(sql`configuration`)}
      and not exists (select from alternating a where a.configuration)
    union all
    select 'configurations_differ', min(a.since), string_agg('the ' || a.name || ' runs with two in turn', ', ' order by a.name desc)
    from alternating a where a.configuration having count(*) > 0
    union all
    select 'versions_differ', greatest(h.deployed_at, x.deployed_at), 'hub ' || h.version || ', executor ' || x.version
    from eventhub.heartbeats h, eventhub.heartbeats x where h.name = 'hub' and x.name = 'executor' and ${differ(sql`version`)}
      and not exists (select from alternating a where a.version)
    union all
    select 'versions_differ', min(a.since), string_agg('the ' || a.name || ' runs with ' || a.one || ' and ' || a.another || ' in turn', ', ' order by a.name desc)
    from alternating a where a.version having count(*) > 0
    union all
    select 'clock_skew', max(h.at), string_agg(h.name || ' by ' || round(abs(h.skew_ms / 1000.0), 1) || ' s', ', ' order by h.name desc)
    from eventhub.heartbeats h where abs(h.skew_ms::bigint) > ${MAX_CLOCK_SKEW_SECONDS * 1_000} having count(*) > 0
    union all
    select 'binding_missing', null, h.found ->> 'unbound' from eventhub.heartbeats h where h.found ? 'unbound'
    union all
    select 'run_failed', max(h.finished_at), string_agg(h.name || ': ' || (h.found ->> 'failed'), '; ' order by h.name desc)
    from eventhub.heartbeats h where h.found ? 'failed' having count(*) > 0
    union all
    select 'invalid_index', null, string_agg(c.relname, ', ' order by c.relname)
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'eventhub'::regnamespace and not i.indisvalid
      and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid) having count(*) > 0
    union all
    select 'vacuum_behind', min(greatest(s.last_vacuum, s.last_autovacuum)), string_agg(s.relname || ' has ' || s.n_dead_tup || ' dead rows', ', ' order by s.relname)
    from pg_stat_user_tables s join pg_class c on c.oid = s.relid
    cross join lateral (
      select ${storage("autovacuum_vacuum_threshold")} as threshold, ${storage("autovacuum_vacuum_scale_factor")} as factor
      from unnest(c.reloptions) o
    ) begins
    where s.schemaname = 'eventhub'
      and s.n_dead_tup > greatest(${DEAD_ROWS_BORNE}::float8, ${DEAD_ROWS_FACTOR}::float8 * (begins.threshold + begins.factor * greatest(c.reltuples, 0)))
      and coalesce(greatest(s.last_vacuum, s.last_autovacuum), '-infinity') < now() - ${minutes(UNVACUUMED_MINUTES)}
    having count(*) > 0`;
}
