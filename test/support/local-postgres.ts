import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import type { LocalPostgres } from "../../infra/local/postgres/postgres.ts";

/**
 * Runs a query on a connection of its own and ends the connection, since the server may be gone at the next moment.
 *
 * @returns The rows.
 */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The process id of a running server. */
export const postmasterOf = async ({ dataDir }: LocalPostgres): Promise<number> =>
  Number((await readFile(join(dataDir, "postmaster.pid"), "utf8")).split("\n")[0]);
