import { NeonDbError, neon, neonConfig, types } from "@neondatabase/serverless";
import { type Query, type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { adviceFor, codeOfWords } from "./permanent-faults.ts";
import { ForeignTimestamp, readTimestamp } from "./timestamp-text.ts";

/** Longest wait for one answer of the database. Above the cold start of a Neon compute that had scaled to zero (some hundred ms). */
export const QUERY_TIMEOUT_MS = 10_000;

/** How often an idempotent call is made in all. @see https://neon.com/docs/connect/connection-latency */
export const MAX_TRIES = 5;

/** Bound of one call with all its tries: the Workflow's step timeout and its lease count on it. */
export const DATABASE_BUDGET_MS = 25_000;

export interface DatabaseOptions {
  /** `postgresql://user:password@host/database`. Never logged, never in an error. Forgotten in a deployment, it is undefined, whatever its type. */
  url: string;
  /** Where the `/sql` endpoint is, when not at the host of `url`: the local stack's. */
  endpoint?: string | undefined;
}

export interface RunOptions {
  /** False for a statement that must not be repeated when nobody knows whether it ran; default true. */
  idempotent?: boolean;
}

/** The database refused a statement, or could not be asked. */
export class DatabaseError extends Error {
  /** The SQLSTATE, when Postgres answered. */
  readonly code: string | undefined;
  /** True if the same call may succeed later. */
  readonly transient: boolean;
  /** True if it is certain that nothing was written. */
  readonly refused: boolean;
  /** True if it stays until a person mends the deployment; the message says how. */
  readonly misconfigured: boolean;

  constructor(
    message: string,
    details: { code?: string | undefined; transient: boolean; refused: boolean; misconfigured?: boolean },
  ) {
    super(message);
    this.name = "DatabaseError";
    this.code = details.code;
    this.transient = details.transient;
    this.refused = details.refused;
    this.misconfigured = details.misconfigured ?? false;
  }
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

export function openDatabase({ url, endpoint }: DatabaseOptions): Database {
  const client = connect(url);

  const call = <T>(options: RunOptions | undefined, send: (signal: AbortSignal, ours: boolean) => Promise<T>) =>
    withRetries(options?.idempotent ?? true, async (timeoutMs) => {
      const ours = foreign.has(url);
      try {
        return await send(AbortSignal.timeout(timeoutMs), ours);
      } catch (error) {
        const fault = classify(error, url, ours);
        if (showsForeignSettings(error)) foreign.add(url);
        throw fault;
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

/** True for what {@link openDatabase} takes as a URL: `postgresql://user:password@host/database`. */
export function isConnectionString(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:\/\/[^@/]+@[^@/]+\/./.test(url) && isEncoded(url);
}

/** False for a `%` that stands for nothing: a password that was not encoded, of which nobody knows what it is. */
function isEncoded(url: string): boolean {
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

/** Checked here, since the driver's own error would quote it. */
function connect(url: string | undefined) {
  if (url === undefined || url === "") {
    throw new DatabaseError(
      "DATABASE_URL is not set: give this Worker the secret (postgresql://user:password@host/database)",
      {
        transient: false,
        refused: true,
        misconfigured: true,
      },
    );
  }
  if (!isConnectionString(url)) {
    throw new DatabaseError(
      `DATABASE_URL is not a Postgres connection string (postgresql://user:password@host/database)${url.includes("%") ? "; a % in its password is written %25" : ""}`,
      { transient: false, refused: true, misconfigured: true },
    );
  }
  return neon(url);
}

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

/** SQLSTATEs after which the same statement may succeed, and which say that this time nothing was written. */
const TRANSIENT_REFUSALS = new Set([
  "25P03", // idle_in_transaction_session_timeout
  "25P04", // transaction_timeout
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "53300", // too_many_connections
  "55P03", // lock_not_available
  "57014", // query_canceled
  "57P03", // cannot_connect_now
]);

/** SQLSTATEs of a connection that broke: what was sent may have been committed. */
const BROKEN_CONNECTION = /^(08...|57P01|57P02|57P05|58...|XX000)$/;

function classify(error: unknown, url: string, ours: boolean): DatabaseError {
  // It ran, and is repeated under our settings. Under these it cannot be.
  if (error instanceof ForeignTimestamp) {
    return new DatabaseError(`database: a moment that cannot be read: ${error.message}`, {
      transient: !ours,
      refused: false,
    });
  }
  if (!(error instanceof NeonDbError)) {
    const name = error instanceof Error ? error.name : "";
    const message = name === "TimeoutError" ? "no answer in time" : withoutSecrets(String(error), url);
    return new DatabaseError(`database: ${message}`, { transient: true, refused: false });
  }
  // Neon's proxy says "" when its own connection broke under the statement, and gives none for a connection that it did not make.
  const code = error.code || codeOfWords(error.message);
  if (code === undefined) {
    // A failed fetch (sourceError), or "Server error (HTTP status N)".
    const cause = error.sourceError?.name === "TimeoutError" ? "no answer in time" : withoutSecrets(error.message, url);
    const status = Number(/HTTP status (\d+)/.exec(error.message)?.[1] ?? 0);
    const transient = status === 0 || status >= 500 || status === 429;
    const misconfigured = NOT_AN_ENDPOINT.has(status);
    const refused = status >= 400 && status < 500;
    const text = misconfigured ? `${cause}: is DATABASE_URL a Neon database's?` : cause;
    return new DatabaseError(`database: ${text}`, { transient, refused, misconfigured });
  }
  const advice = adviceFor(code);
  const told = `database: ${code} ${withoutSecrets(error.message, url)}`;
  if (advice !== undefined) {
    // Cut, so that a log line holds the advice, too.
    const message = `${told.slice(0, MAX_TOLD_BEFORE_ADVICE)}: ${advice}`;
    return new DatabaseError(message, { code, transient: false, refused: true, misconfigured: true });
  }
  const refused = !BROKEN_CONNECTION.test(code);
  return new DatabaseError(told, { code, transient: !refused || TRANSIENT_REFUSALS.has(code), refused });
}

/** HTTP statuses of a host that has no `/sql` endpoint, or lets nobody in. */
const NOT_AN_ENDPOINT: ReadonlySet<number> = new Set([401, 403, 404, 405]);

/** Characters of what Postgres says, where advice follows. */
const MAX_TOLD_BEFORE_ADVICE = 160;

/** Postgres and fetch may quote what they were given; one line, bounded, without the connection string and its parts. */
function withoutSecrets(message: string, url: string): string {
  const { password, hostname } = new URL(url);
  const secrets = [url, decodeURIComponent(password), password, hostname].filter((secret) => secret.length > 2);
  const clean = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), message);
  return clean.replaceAll(/\s+/g, " ").slice(0, 300);
}
