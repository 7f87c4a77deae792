import { randomUUID } from "node:crypto";
import { getTableName } from "drizzle-orm";
import { Pool, type QueryResultRow } from "pg";
import { inject } from "vitest";
import { runStatements } from "../../infra/local/postgres/run-statements.ts";
import {
  destinations,
  dispatches,
  events,
  executions,
  flights,
  flowDestinations,
  flowKeys,
  heartbeats,
  metricCounts,
  metricMarks,
  operations,
  pausedOrders,
} from "../../schema/tables.ts";

/** Tables that refer to others come first. */
const TABLES = [
  executions,
  dispatches,
  operations,
  events,
  destinations,
  flowDestinations,
  flowKeys,
  pausedOrders,
  flights,
].map((table) => `eventhub.${getTableName(table)}`);

/** The tables that have rows in a new database as well. */
const BEGUN = [heartbeats, metricCounts, metricMarks].map((table) => `eventhub.${getTableName(table)}`);

/** The largest size on disk, in bytes, at which the largest table is still emptied with `delete`. */
const SMALL = 128 * 1024;

/**
 * Empties the tables with `delete` under the lock of `truncate`. `truncate` itself writes the tables and all their indexes anew, which is 40 times
 * the work of `delete` for a few rows.
 */
const CLEAR = `do $$ begin
  lock table ${TABLES.join(", ")} in access exclusive mode;
  if (select max(pg_relation_size(place)) from unnest('{${TABLES.join()}}'::regclass[]) place) > ${SMALL} then
    truncate ${TABLES.join(", ")};
  else
    ${TABLES.map((table) => `delete from ${table};`).join(" ")}
  end if;
end $$`;

/** A test file's own database. */
export interface TestDatabase {
  name: string;
  /** Its connection string, for `DATABASE_URL`. */
  url: string;
  /** The Neon endpoint, for `DATABASE_ENDPOINT`. */
  endpoint: string;
  /** Direct connections, which bypass the endpoint: for what a test prepares and asserts. */
  pool: Pool;
  /** Runs one statement on {@link pool}, and returns its rows. */
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Empties the hub's tables. */
  clear(): Promise<void>;
  /**
   * Vacuums and analyzes tables, after a checkpoint: commits are asynchronous here, and vacuum does not count a page as visible to all whose commit is
   * not on disk yet.
   */
  vacuum(...tables: readonly string[]): Promise<void>;
  /** Notes the rows of a new database. The returned function restores them; indexes and the like stay as they are. */
  keepBeginning(): Promise<() => Promise<void>>;
  /** The number of HTTP requests that the endpoint has received for this database so far. */
  requests(): Promise<number>;
  /** Removes the database, and cuts its connections. */
  drop(): Promise<void>;
}

/**
 * Makes a migrated, empty database. Call its `drop` in `afterAll`.
 *
 * @param options.empty Leaves out the migrations.
 */
export async function createDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const template = new URL(inject("templateUrl"));
  const endpoint = inject("endpointUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const source = options.empty === true ? "template0" : template.pathname.slice(1);
  await administrate(`create database ${name} template ${source}`);

  const url = new URL(template);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 10, connectionTimeoutMillis: 10_000 });
  pool.on("error", () => undefined); // `drop` cuts idle connections
  const query = async <Row extends QueryResultRow>(text: string, values?: unknown[]) =>
    (await pool.query<Row>(text, values)).rows;
  const clear = async () => {
    await pool.query(CLEAR);
  };
  return {
    name,
    url: url.href,
    endpoint,
    pool,
    query,
    clear,
    vacuum: async (...tables) => {
      await administrate("checkpoint");
      for (const table of tables) await pool.query(`vacuum (analyze) eventhub.${table}`);
    },
    keepBeginning: async () => {
      const kept = BEGUN.map(async (table) => {
        const [row] = await query<{ rows: string }>(`select coalesce(json_agg(t), '[]')::text as rows from ${table} t`);
        return { table, rows: row?.rows };
      });
      const begun = await Promise.all(kept);
      return async () => {
        await clear();
        for (const { table, rows } of begun) {
          await query(`delete from ${table}`);
          // Whoever is still at work may have written his row in between.
          await query(
            `insert into ${table} select * from json_populate_recordset(null::${table}, $1::json) on conflict do nothing`,
            [rows],
          );
        }
      };
    },
    requests: async () => {
      const response = await fetch(new URL("/stats", endpoint), { signal: AbortSignal.timeout(10_000) });
      const { databases } = (await response.json()) as { databases: Record<string, number> };
      return databases[name] ?? 0;
    },
    drop: async () => {
      await pool.end();
      await administrate(`drop database if exists ${name} with (force)`);
    },
  };
}

async function administrate(statement: string): Promise<void> {
  const url = new URL(inject("templateUrl"));
  url.pathname = "/postgres"; // a database that is cloned may not have connections
  await runStatements(url.href, statement);
}
