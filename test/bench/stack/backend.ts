/**
 * The process that serves the benchmark: one Postgres with a database for each system, and the Neon endpoint in front of ours. It ends when its
 * standard input does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { migrate } from "../../../infra/cli/migrate/migrate.ts";
import { startNeonEndpoint } from "../../../infra/local/neon/endpoint.ts";
import { startPostgres } from "../../../infra/local/postgres/postgres.ts";
import { serveBackend } from "../../support/serve-backend.ts";

/** The message to the parent once everything is up. */
export interface BackendReady {
  oursUrl: string;
  peerUrl: string;
  endpointUrl: string;
  /** The server's own database, for queries about both systems. */
  postgresUrl: string;
  postgresPid: number;
}

/** The settings of the server of both systems. */
const POSTGRES = {
  temporary: true,
  // Committed data is on disk, as users have it, for both systems alike.
  fast: false,
  database: "ours",
  settings: {
    // The peer opens one connection per call. With fewer, its calls fail when 64 are in flight.
    max_connections: "300",
    // Counts statements, for both systems alike.
    shared_preload_libraries: "pg_stat_statements",
    "pg_stat_statements.track": "top",
    // Otherwise checkpoints would fall into some rounds and not into others.
    checkpoint_timeout: "1h",
    max_wal_size: "8GB",
    shared_buffers: "512MB",
  },
};

/** The statements of the peer's own migrations, in order. */
function peerMigrations(): string[] {
  const directory = fileURLToPath(
    new URL("../../../node_modules/cf-eventhub-peer/src/migration/postgres", import.meta.url),
  );
  const files = readdirSync(directory).filter((name) => name.endsWith(".sql"));
  return files.sort().flatMap((name) => readFileSync(`${directory}/${name}`, "utf8").split("--> statement-breakpoint"));
}

async function run(url: string, statements: readonly string[]): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
    const { rows } = await client.query<{ pid: string }>(
      "select split_part(pg_read_file('postmaster.pid'), e'\\n', 1) as pid",
    );
    return Number(rows[0]?.pid);
  } finally {
    await client.end();
  }
}

await serveBackend(async (resources): Promise<BackendReady> => {
  const postgres = await startPostgres(POSTGRES);
  resources.defer(() => postgres.stop());
  const oursUrl = postgres.url;
  const peerUrl = oursUrl.replace(/\/ours$/, "/peer");
  await migrate(oursUrl);
  const postgresUrl = oursUrl.replace(/\/ours$/, "/postgres");
  await run(postgresUrl, ["create database peer", "create extension pg_stat_statements"]);
  const postgresPid = await run(peerUrl, peerMigrations());
  const endpoint = await startNeonEndpoint({ postgresUrl: oursUrl });
  resources.defer(() => endpoint.stop());
  return { oursUrl, peerUrl, endpointUrl: endpoint.url, postgresUrl, postgresPid };
});
