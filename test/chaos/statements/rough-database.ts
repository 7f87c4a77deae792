import { setTimeout as sleep } from "node:timers/promises";
import type { SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { type Pool, type PoolClient, DatabaseError as PostgresError } from "pg";
import { type Database, MAX_TRIES, type RunOptions } from "../../../schema/database/connection.ts";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import type { Random } from "../random.ts";
import { DEADLOCK, shortly, tellOthers } from "./deadlock.ts";
import type { Findings } from "./findings.ts";
import { type Mishaps, planMishaps, type Weather } from "./mishaps.ts";

/** The answers of a transaction, and the moments of `performance.now()` between which it was committed. */
interface Committed {
  answers: unknown[][];
  from: number;
  to: number;
}

/** Everything that a {@link RoughDatabase} works with. */
interface Surroundings {
  /** Connections that mishaps befall. */
  pool: Pool;
  /** Connections that carry out the mishaps. */
  admin: Pool;
  findings: Findings;
}

/** SQLSTATEs after which nobody knows whether the transaction was committed: the backend was terminated. */
const BROKEN = /^(08...|57P01|57P02|57P05)$/;

const dialect = new PgDialect();

/**
 * The hub's `Database`, directly on Postgres: READ COMMITTED, with the retries of the real one, and with mishaps. Each transaction waits for locks as
 * long as it takes.
 */
export class RoughDatabase implements Database {
  /** When the commit of the last answered call was sent and answered. */
  committed: { from: number; to: number } = { from: 0, to: 0 };
  readonly #around: Surroundings;
  readonly #random: Random;
  readonly #weather: Weather;
  /** Transactions that continue although their caller has given up. */
  readonly #left = new Set<Promise<unknown>>();

  constructor(around: Surroundings, random: Random, weather: Weather = "rough") {
    this.#around = around;
    this.#random = random;
    this.#weather = weather;
  }

  async run<Row>(statement: SQL<Row>, options?: RunOptions): Promise<Row[]> {
    const [rows] = await this.transaction<[Row]>([statement], options);
    return rows;
  }

  async transaction<Rows extends readonly unknown[]>(
    statements: readonly [...{ [I in keyof Rows]: SQL<Rows[I]> }],
    options?: RunOptions,
  ): Promise<{ [I in keyof Rows]: Rows[I][] }> {
    for (let tries = 1; ; tries++) {
      try {
        const { answers, from, to } = await this.#attempt(statements);
        this.committed = { from, to };
        return answers as { [I in keyof Rows]: Rows[I][] };
      } catch (error) {
        const again =
          error instanceof DatabaseError && error.transient && ((options?.idempotent ?? true) || error.refused);
        if (!again || tries >= MAX_TRIES) throw error;
        await sleep(this.#random.integer(0, 20));
      }
    }
  }

  /** Waits for the transactions that continue although their caller has given up. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#left);
  }

  async #attempt(statements: readonly SQL[]): Promise<Committed> {
    const mishaps = planMishaps(this.#random, statements.length, this.#weather);
    const work = this.#commit(statements, mishaps);
    if (mishaps.giveUpAfter === undefined) return work;
    this.#left.add(work);
    work.catch(() => undefined).finally(() => this.#left.delete(work));
    const givenUp = sleep(mishaps.giveUpAfter).then(() => {
      throw trouble("no answer in time");
    });
    return Promise.race([work, givenUp]);
  }

  async #commit(statements: readonly SQL[], mishaps: Mishaps): Promise<Committed> {
    const { pool, findings } = this.#around;
    const client = await pool.connect();
    // A terminated backend reports this outside of a query.
    client.on("error", ignore);
    let ended = false;
    const terminator =
      mishaps.terminateAfter === undefined
        ? undefined
        : sleep(mishaps.terminateAfter).then(() => (ended ? undefined : this.#terminate(client)));
    let broken = true;
    try {
      const committed = await this.#send(client, statements, mishaps);
      broken = mishaps.terminateAfter !== undefined;
      if (mishaps.end === "unanswered") throw trouble("the answer was lost");
      return committed;
    } catch (error) {
      throw await this.#classify(error, statements);
    } finally {
      ended = true;
      await terminator;
      client.off("error", ignore);
      if (broken) client.on("error", ignore);
      client.release(broken);
      findings.count("transactions");
    }
  }

  async #send(client: PoolClient, statements: readonly SQL[], mishaps: Mishaps): Promise<Committed> {
    await client.query("begin isolation level read committed");
    const answers: unknown[][] = [];
    for (const [index, statement] of statements.entries()) {
      const { sql, params } = dialect.sqlToQuery(statement);
      answers.push((await client.query(sql, params)).rows);
      // After the last statement, this delays the commit.
      await this.#hold(mishaps.holds[index] ?? 0);
    }
    if (mishaps.end === "terminated") {
      this.#around.findings.count("deaths");
      await this.#terminate(client);
    }
    if (mishaps.end === "cut") {
      this.#around.findings.count("deaths");
      throw trouble("the connection was cut");
    }
    const from = performance.now();
    await client.query("commit");
    return { answers, from, to: performance.now() };
  }

  async #hold(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await sleep(milliseconds);
  }

  async #terminate(client: PoolClient): Promise<void> {
    const { processID } = client as unknown as { processID: number };
    await this.#around.admin.query("select pg_terminate_backend($1, 5000)", [processID]);
  }

  /**
   * Turns an error into the hub's `DatabaseError`. Anything that Postgres refuses for good is a violation: these clients request nothing that it
   * should refuse.
   */
  async #classify(error: unknown, statements: readonly SQL[]): Promise<Error> {
    const { admin, findings } = this.#around;
    if (error instanceof DatabaseError) return error;
    if (!(error instanceof PostgresError)) return trouble(String(error));
    const { code = "", message, where = "" } = error;
    if (BROKEN.test(code)) return trouble(`${code} ${message}`);
    const told = `${code} ${message} ${where}; in: ${statements.map((one) => shortly(dialect.sqlToQuery(one).sql)).join(" | ")}`;
    if (code === DEADLOCK) findings.violated("deadlock", `${told}; ${await tellOthers(admin, error)}`);
    else findings.violated("refused", told);
    return new DatabaseError(`database: ${told}`, { code, transient: code === DEADLOCK, refused: true });
  }
}

const ignore = () => undefined;

const trouble = (message: string) => new DatabaseError(`database: ${message}`, { transient: true, refused: false });
