import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { PoolClient } from "pg";
import { expect } from "vitest";
import type { TestDatabase } from "./database.ts";

const dialect = new PgDialect();

/** A transaction on a connection of its own, which the test ends. */
export class OpenTransaction implements AsyncDisposable {
  readonly #client: PoolClient;
  #open = true;

  private constructor(client: PoolClient) {
    this.#client = client;
  }

  /** Begins a transaction with these statements. */
  static async begin({ pool }: TestDatabase, ...statements: SQL<unknown>[]): Promise<OpenTransaction> {
    const transaction = new OpenTransaction(await pool.connect());
    await transaction.#client.query("begin");
    for (const statement of statements) await transaction.run(statement);
    return transaction;
  }

  async run<Row extends object>(statement: SQL<Row | unknown>): Promise<Row[]> {
    const { sql, params } = dialect.sqlToQuery(statement);
    return (await this.#client.query<Row>(sql, params)).rows;
  }

  commit = (): Promise<void> => this.#end("commit");

  rollback = (): Promise<void> => this.#end("rollback");

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#open) await this.rollback();
  }

  async #end(how: "commit" | "rollback"): Promise<void> {
    this.#open = false;
    await this.#client.query(how);
    this.#client.release();
  }
}

/** Resolves once this many connections of this database wait for a lock. */
export const someWait = (database: TestDatabase, count = 1): Promise<void> =>
  expect
    .poll(async () => {
      const [row] = await database.query<{ n: number }>(
        "select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return row?.n;
    })
    .toBeGreaterThanOrEqual(count);
