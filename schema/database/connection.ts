import { NeonDbError, neon, neonConfig, types } from "@neondatabase/serverless";
import { type Query, type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { classify, withAge } from "./classify.ts";
import { type DatabasePlace, placeFault } from "./connection-string.ts";
import { DatabaseError } from "./database-error.ts";
import { mayBeOfAge } from "./permanent-faults.ts";
import { ForeignTimestamp, readTimestamp } from "./timestamp-text.ts";

/** Longest wait for one answer of the database. Above the cold start of a Neon compute that had scaled to zero (some hundred ms). */
export const QUERY_TIMEOUT_MS = 10_000;

/** How often an idempotent call is made in all. @see https://neon.com/docs/connect/connection-latency */
export const MAX_TRIES = 5;

/** Bound of one call with all its tries: the Workflow's step timeout and its lease count on it. */
export const DATABASE_BUDGET_MS = 25_000;

/** Where the database is. */
export type DatabaseOptions = DatabasePlace;

export interface RunOptions {
  /** False for a statement that must not be repeated when nobody knows whether it ran; default true. */
  idempotent?: boolean;
}

/** The one way to Postgres: each call is one HTTP request, bounded in time, and repeated where that is safe and helps. */
export interface Database {
  /** Runs one statement and gives its rows. */
  run<Row>(statement: SQL<Row>, options?: RunOptions): Promise<Row[]>;
  /** Runs several in one transaction (READ COMMITTED, one HTTP request) and gives the rows of each. */
  transaction<Rows extends readonly unknown[]>(
    statements: readonly [...{ [I in keyof Rows]: SQL<Rows[I]> }],
    options?: RunOptions,
  ): Promise<{ [I in keyof Rows]: Rows[I][] }>;
}

const NEWEST = "select name from eventhub.migrations where finished_at is not null order by name desc limit 1";

const dialect = new PgDialect();
const TIMESTAMPTZ = 1184;
const BIGINT = 20;

/** Timestamps as Dates in milliseconds, bigints (all of ours are below 2^53) as numbers, and the rest as the driver does. */
const typeParsers = {
  getTypeParser: ((id: number, format?: "text" | "binary") => {
    if (id === TIMESTAMPTZ) return readTimestamp;
    return id === BIGINT ? Number : types.getTypeParser(id, format);
  }) as typeof types.getTypeParser,
};

/**
 * What a database or its user may have set otherwise, and what our statements and their answers count on; and READ COMMITTED, which a
 * transaction is begun with.
 */
const OUR_SETTINGS = sql`
  select set_config(name, setting, true) from (values ('DateStyle', 'ISO, MDY'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),
    ('extra_float_digits', '1'), ('bytea_output', 'hex')) as s(name, setting)`;

/**
 * The databases, by URL, that were found to have settings other than ours: their statements run in transactions that begin with
 * {@link OUR_SETTINGS}. That is a round trip more, which nobody pays whose settings are the usual ones. What is learned here holds until the
 * isolate ends.
 */
const foreign = new Set<string>();

/** The driver's own. */
const usualEndpoint = neonConfig.fetchEndpoint;

/**
 * Makes a request at a database's own endpoint. The driver knows no other way to one than this global, which it reads as a request begins; so each request
 * sets it, or what another database of the same isolate or process has set would get this one's statements, with the password.
 */
function sendTo<T>(endpoint: string | undefined, request: () => PromiseLike<T>): PromiseLike<T> {
  neonConfig.fetchEndpoint = endpoint === undefined ? usualEndpoint : () => endpoint;
  // A query of the driver's begins with its `then`, which must not be left to a later turn.
  return request().then((answer) => answer);
}

/** @throws DatabaseError `misconfigured` where that is no place of a database. */
export function openDatabase({ url, endpoint }: DatabaseOptions): Database {
  // Checked here, since the driver's own error would quote it.
  const fault = placeFault({ url, endpoint });
  if (fault !== undefined) throw new DatabaseError(fault, { transient: false, refused: true, misconfigured: true });
  const client = neon(url);

  /** The newest migration that the database has had; `undefined` if it does not say. */
  const newestMigration = async (signal: AbortSignal): Promise<string | undefined> => {
    try {
      const [newest] = await sendTo(endpoint, () => client.query(NEWEST, [], { fetchOptions: { signal } }));
      return newest?.name;
    } catch {
      return undefined;
    }
  };

  const call = <T>(options: RunOptions | undefined, send: (signal: AbortSignal, ours: boolean) => Promise<T>) =>
    withRetries(options?.idempotent ?? true, async (timeoutMs) => {
      const ours = foreign.has(url);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        return await send(signal, ours);
      } catch (error) {
        const fault = classify(error, { url, endpoint }, ours);
        if (showsForeignSettings(error)) foreign.add(url);
        throw mayBeOfAge(fault.code) ? withAge(fault, await newestMigration(signal)) : fault;
      }
    });

  const transact = async (queries: readonly Query[], signal: AbortSignal, ours: boolean) => {
    const all = ours ? [dialect.sqlToQuery(OUR_SETTINGS), ...queries] : queries;
    // The parsers belong to each statement: those given with the transaction, the driver passes over.
    const options = { types: typeParsers };
    const answers = await sendTo(endpoint, () =>
      client.transaction(
        all.map(({ sql, params }) => client.query(sql, params, options)),
        { isolationLevel: "ReadCommitted", fetchOptions: { signal } },
      ),
    );
    return ours ? answers.slice(1) : answers;
  };

  return {
    run: <Row>(statement: SQL<Row>, options?: RunOptions) => {
      const query = dialect.sqlToQuery(statement);
      return call(options, async (signal, ours) => {
        const rows = ours
          ? (await transact([query], signal, ours))[0]
          : await sendTo(endpoint, () =>
              client.query(query.sql, query.params, { fetchOptions: { signal }, types: typeParsers }),
            );
        return rows as unknown as Row[];
      });
    },
    transaction: (statements, options) => {
      const queries = statements.map((statement) => dialect.sqlToQuery(statement));
      return call(options, (signal, ours) => transact(queries, signal, ours) as Promise<never>);
    },
  };
}

/**
 * Whether an error comes from settings that are not ours: a moment in another `DateStyle`, or a conflict that READ COMMITTED does not know
 * (`default_transaction_isolation`).
 */
const showsForeignSettings = (error: unknown) =>
  error instanceof ForeignTimestamp || (error instanceof NeonDbError && error.code === "40001");

async function withRetries<T>(idempotent: boolean, attempt: (timeoutMs: number) => Promise<T>): Promise<T> {
  const end = Date.now() + DATABASE_BUDGET_MS;
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(Math.min(QUERY_TIMEOUT_MS, end - Date.now()));
    } catch (error) {
      const again = error instanceof DatabaseError && error.transient && (idempotent || error.refused);
      // Full jitter over 100 ms, 200 ms, 400 ms, ... https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
      const wait = Math.random() * 100 * 2 ** (tries - 1);
      if (!again || tries >= MAX_TRIES || Date.now() + wait + 1_000 > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
