import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Pool } from "pg";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { type NeonEndpoint, startNeonEndpoint } from "../../infra/local/neon/endpoint.ts";
import { type LocalPostgres, removePostgres, startPostgres } from "../../infra/local/postgres/postgres.ts";
import type { DatabaseFaults } from "./database-fault-rates.ts";

/** The campaign's Postgres, which can be stopped, crashed and started again, and the Neon endpoint in front of it. */
export interface Backend {
  url: string;
  endpointUrl: string;
  /** The campaign's own connections, which bypass the endpoint and its faults. */
  pool: Pool;
  /** Takes the database away. `immediate` crashes it: it recovers from its log at the next start. */
  takeAway(mode: "fast" | "immediate"): Promise<void>;
  bringBack(): Promise<void>;
  /** Stops everything and removes the data. */
  remove(): Promise<void>;
}

export async function startBackend(directory: string, faults: DatabaseFaults): Promise<Backend> {
  const dataDir = join(directory, "postgres");
  let postgres: LocalPostgres = await startPostgres({ dataDir, temporary: false });
  const { url, port } = postgres;
  let endpoint: NeonEndpoint;
  let pool: Pool;
  try {
    await migrate(url);
    pool = new Pool({ connectionString: url, max: 4, connectionTimeoutMillis: 10_000, query_timeout: 60_000 });
    pool.on("error", () => undefined); // the database goes away while connections are open
    await pool.query(AUDIT);
    endpoint = await startNeonEndpoint({ postgresUrl: url, intercept: faults.intercept });
  } catch (error) {
    await postgres.stop();
    throw error;
  }
  return {
    url,
    endpointUrl: endpoint.url,
    pool,
    takeAway: async (mode) => {
      if (mode === "fast") return postgres.stop();
      const pid = Number((await readFile(join(postgres.dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);
      process.kill(pid, "SIGQUIT");
    },
    bringBack: async () => {
      postgres = await startPostgres({ dataDir, port, temporary: false });
    },
    remove: async () => {
      await endpoint.stop();
      await pool.end();
      await postgres.stop();
      await removePostgres(dataDir);
    },
  };
}

/** Every change of a dispatch that matters, written by the database itself in the same transaction. */
const AUDIT = `
  create schema chaos;
  create table chaos.transitions (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    dispatch_id uuid not null, old_status text, status text not null, attempts int not null, claims int not null,
    generation int not null, next_attempt_at timestamptz not null, instance_id text
  );
  create function chaos.note() returns trigger language plpgsql as $$
  begin
    insert into chaos.transitions (dispatch_id, old_status, status, attempts, claims, generation, next_attempt_at, instance_id)
    values (new.id, case when tg_op = 'UPDATE' then old.status end, new.status, new.attempts, new.claims, new.generation,
      new.next_attempt_at, new.instance_id);
    return null;
  end $$;
  create trigger chaos_note after insert or update on eventhub.dispatches for each row execute function chaos.note();`;
