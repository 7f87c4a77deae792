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
  operations,
  pausedOrders,
} from "../../schema/tables.ts";

/** What refers to others first. */
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

/** What the largest table may take on disk, in bytes, to be emptied by `delete`. */
const SMALL = 128 * 1024;

/**
 * Empties the tables under the locks of `truncate`, which writes them and all their indexes anew: 40 times the work of `delete` where there are a
 * few rows.
 */
const CLEAR = `do $$ begin
  lock table ${TABLES.join(", ")} in access exclusive mode;
  if (select max(pg_relation_size(place)) from unnest('{${TABLES.join()}}'::regclass[]) place) > ${SMALL} then
    truncate ${TABLES.join(", ")};
  else
    ${TABLES.map((table) => `delete from ${table};`).join(" ")}
  end if;
end $$`;

/** A database of one test file's own. */
export interface TestDatabase {
  name: string;
  /** Its connection string: for `DATABASE_URL`. */
  url: string;
  /** The Neon endpoint: for `DATABASE_ENDPOINT`. */
  endpoint: string;
  /** Direct connections, beside the endpoint: for what a test prepares and asserts. */
  pool: Pool;
  /** Runs one statement on {@link pool}, and answers its rows. */
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Empties the hub's tables. */
  clear(): Promise<void>;
  /** HTTP requests that the endpoint has taken for this database so far. */
  requests(): Promise<number>;
  /** Removes it, cutting whatever connections there are. */
  drop(): Promise<void>;
}

/**
 * Makes a migrated, empty database. Call its `drop` in `afterAll`.
 *
 * @param options.empty Without the migrations.
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
  return {
    name,
    url: url.href,
    endpoint,
    pool,
    query: async <Row extends QueryResultRow>(text: string, values?: unknown[]) =>
      (await pool.query<Row>(text, values)).rows,
    clear: async () => {
      await pool.query(CLEAR);
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
  url.pathname = "/postgres"; // a database that is cloned may have no connections
  await runStatements(url.href, statement);
}
