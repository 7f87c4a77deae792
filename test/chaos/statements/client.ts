import { setTimeout as sleep } from "node:timers/promises";
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { Client } from "pg";
import type { Database } from "../../../schema/database.ts";
import type { Random } from "../random.ts";

const dialect = new PgDialect();

/** How often a transaction is held open after a statement, and how often its connection dies then; in milliseconds the longest hold. */
const HOLDS = 0.3;
const DEATHS = 0.03;
const MAX_HOLD_MS = 30;

/** A few are held long enough to tell a claim that waited from one that was only slow. */
const LONG_HOLDS = 0.01;
const LONG_HOLD_MS = 2_500;

/** The connection was cut: nobody knows whether what it did was committed. */
export class Died extends Error {}

/** One client of the database, whose transactions are held open and cut by chance. */
export async function openClient(url: string, random: Random): Promise<Database & { close(): Promise<void> }> {
  let client = await connect(url);
  async function transaction(statements: readonly SQL<unknown>[]): Promise<unknown[][]> {
    const results: unknown[][] = [];
    try {
      await client.query("begin");
      for (const statement of statements) {
        const { sql, params } = dialect.sqlToQuery(statement);
        results.push((await client.query(sql, params)).rows);
        if (random.chance(LONG_HOLDS)) await sleep(LONG_HOLD_MS);
        else if (random.chance(HOLDS)) await sleep(random.integer(1, MAX_HOLD_MS));
      }
      if (random.chance(DEATHS)) return await die(random.chance(0.5));
      await client.query("commit");
      return results;
    } catch (error) {
      if (!(error instanceof Died)) await client.query("rollback");
      throw error;
    }
  }
  /** Before the commit, or after it with its answer lost. */
  async function die(committed: boolean): Promise<never> {
    if (committed) await client.query("commit");
    await client.end();
    client = await connect(url);
    throw new Died("the connection was cut");
  }
  return {
    run: async (statement) => (await transaction([statement]))[0] as never,
    transaction: transaction as Database["transaction"],
    close: () => client.end(),
  };
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
