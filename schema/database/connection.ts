import { NeonDbError, neon, neonConfig, types } from "@neondatabase/serverless";
import { type Query, type SQL, sql } from "drizzle-orm";
import { abortAfter } from "../abort-after.ts";
import { classify, withAge } from "./classify-error.ts";
import { type DatabasePlace, placeFault } from "./connection-string.ts";
import { DatabaseError } from "./database-error.ts";
import { mayBeOfAge } from "./permanent-faults.ts";
import { ForeignTimestamp, readTimestamp } from "./timestamp-text.ts";
import { writeQuery } from "./write-query.ts";

/** The longest wait for one answer of the database. It exceeds the cold start of a Neon compute that has scaled to zero (some hundred ms). */
export const QUERY_TIMEOUT_MS = 10_000;

/** The most tries of an idempotent call, including the first. @see https://neon.com/docs/connect/connection-latency */
export const MAX_TRIES = 5;

/** The limit of one call with all its tries. The Workflow's step timeout and its lease depend on it. */
export const DATABASE_BUDGET_MS = 25_000;

/** The location of the database. */
export type DatabaseOptions = DatabasePlace;

export interface RunOptions {
  /** False for a statement that must not be repeated if nobody knows whether it ran; default true. */
  idempotent?: boolean;
}

/** The only way to Postgres. Each call is one HTTP request with a time limit, and is repeated if that is safe and helps. */
export interface Database {
  /** Runs one statement and returns its rows. */
  run<Row>(statement: SQL<Row>, options?: RunOptions): Promise<Row[]>;
  /** Runs several statements in one transaction (READ COMMITTED, one HTTP request) and returns the rows of each. */
  transaction<Rows extends readonly unknown[]>(
    statements: readonly [...{ [I in keyof Rows]: SQL<Rows[I]> }],
    options?: RunOptions,
  ): Promise<{ [I in keyof Rows]: Rows[I][] }>;
}

const NEWEST = "select name from eventhub.migrations where finished_at is not null order by name desc limit 1";

const TIMESTAMPTZ = 1184;
const BIGINT = 20;

/** Parses timestamps as Dates (milliseconds), and bigints as numbers (all of ours are below 2^53). Everything else is left to the driver. */
const typeParsers = {
  getTypeParser: ((id: number, format?: "text" | "binary") => {
    if (id === TIMESTAMPTZ) return readTimestamp;
    return id === BIGINT ? Number : types.getTypeParser(id, format);
  }) as typeof types.getTypeParser,
};

/**
 * Settings that a database or its user may have changed, and on which our statements and their answers depend. A transaction also starts with READ
 * COMMITTED.
 */
const OUR_SETTINGS = sql`
  select set_config(name, setting, true) from (values ('DateStyle', 'ISO, MDY'), ('IntervalStyle', 'postgres'), ('TimeZone', 'UTC'),
    ('extra_float_digits', '1'), ('bytea_output', 'hex')) as s(name, setting)`;

/**
 * The URLs of databases that turned out to have other settings than ours. Their statements run in transactions that start with {@link OUR_SETTINGS}.
 * That makes each statement more expensive, but only for databases with unusual settings. The set lasts as long as the isolate.
 */
const foreign = new Set<string>();

/** The driver's default. */
const usualEndpoint = neonConfig.fetchEndpoint;

/**
 * Makes a request at a database's own endpoint. The driver reads the endpoint only from this global, when a request starts. So every request sets it;
 * otherwise the endpoint of another database in the same isolate or process would get this one's statements, with the password.
 */
function sendTo<T>(endpoint: string | undefined, request: () => PromiseLike<T>): PromiseLike<T> {
  neonConfig.fetchEndpoint = endpoint === undefined ? usualEndpoint : () => endpoint;
  // A query of the driver starts with its `then`, so `then` must be called in this turn.
  return request().then((answer) => answer);
}

/** @throws DatabaseError `misconfigured` if the location is not that of a database. */
export function openDatabase({ url, endpoint }: DatabaseOptions): Database {
  // Checked here, since the driver's own error would quote it.
  const fault = placeFault({ url, endpoint });
  if (fault !== undefined) throw new DatabaseError(fault, { transient: false, refused: true, misconfigured: true });
  const client = neon(url);

  /** The newest migration of the database; `undefined` if the database does not say. */
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
      const { signal, done } = abortAfter(timeoutMs, "no answer of the database in time");
      try {
        return await send(signal, ours);
      } catch (error) {
        const fault = classify(error, { url, endpoint }, ours);
        if (showsForeignSettings(error)) foreign.add(url);
        throw mayBeOfAge(fault.code) ? withAge(fault, await newestMigration(signal)) : fault;
      } finally {
        done();
      }
    });

  const transact = async (queries: readonly Query[], signal: AbortSignal, ours: boolean) => {
    const all = ours ? [writeQuery(OUR_SETTINGS), ...queries] : queries;
    // Each statement needs the parsers: the driver ignores those that are given with the transaction.
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
      const query = writeQuery(statement);
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
      const queries = statements.map(writeQuery);
      return call(options, (signal, ours) => transact(queries, signal, ours) as Promise<never>);
    },
  };
}

/**
 * Whether an error comes from settings other than ours: a timestamp in another `DateStyle`, or a conflict that cannot occur under READ COMMITTED
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
