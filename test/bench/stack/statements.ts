import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type Database, openDatabase } from "../../../schema/database/connection.ts";
import { type Backend, startBackend } from "./start-backend.ts";

/** A Postgres with the hub's tables, for measurements without Workers. */
export interface Statements {
  /** The directory of all its files, for other things that a measurement starts. */
  directory: string;
  backend: Backend;
  /** A connection that bypasses the endpoint, to prepare a measurement. */
  client: Client;
  /** The database as the hub has it. */
  database: Database;
}

/** Starts a Postgres, which `resources` ends. */
export async function startStatements(resources: AsyncDisposableStack): Promise<Statements> {
  const directory = await mkdtemp(join(tmpdir(), "eventhub-bench-"));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const backend = await startBackend(directory);
  resources.defer(() => backend.stop());
  const client = new Client({ connectionString: backend.oursUrl });
  await client.connect();
  resources.defer(() => client.end());
  return {
    directory,
    backend,
    client,
    database: openDatabase({ url: backend.oursUrl, endpoint: backend.endpointUrl }),
  };
}
