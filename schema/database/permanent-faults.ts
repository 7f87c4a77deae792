import { MIGRATE } from "../vocabulary/first-day.ts";
import { NEWEST_MIGRATION } from "./newest-migration.ts";

/**
 * Errors that only a person can correct, by SQLSTATE, with who must do what. The same call does not succeed later, so these are reported as
 * `misconfigured` and not as `unavailable`. A class (two characters) covers those of its codes that have no line of their own.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const ADVICE: Readonly<Record<string, string>> = {
  "22P05": "the hub needs a database with the encoding UTF8",
  "25006": "DATABASE_URL leads to a database that accepts no writes: use the primary's URL",
  "28": "correct the user and password in DATABASE_URL",
  "3D": `there is no such database: create it, or correct DATABASE_URL, and run ${MIGRATE}`,
  "3F": `the tables do not exist: run ${MIGRATE}`,
  "42": `the database's schema does not fit this version: run ${MIGRATE}`,
  "42P01": `the tables do not exist, or belong to an older version: run ${MIGRATE}`,
  "42501": `grant the role of DATABASE_URL the rights that it lacks, or use the role that ran ${MIGRATE}`,
  "42601": "the hub needs PostgreSQL 15 or newer",
  "57P04": `the database was dropped: create it, or correct DATABASE_URL, and run ${MIGRATE}`,
};

/** A refusal without a SQLSTATE. */
interface ProxyRefusal {
  words: RegExp;
  /** The SQLSTATE that it corresponds to, if there is one. */
  code?: string;
  /** Who must do what; default the advice for `code`. */
  advice?: string;
}

/**
 * Neon's proxy refuses some connections before it asks Postgres. These refusals have no SQLSTATE and are HTTP 400, 402 or 500, so only their words
 * tell them apart. Refusals that mean "busy" (too many connections, a running operation) are not listed, since they pass.
 *
 * @see https://neon.com/docs/connect/connection-errors
 * @see https://github.com/neondatabase/neon/blob/main/proxy/src/control_plane/messages.rs
 */
const PROXY_REFUSALS: readonly ProxyRefusal[] = [
  { words: /password authentication failed|role "[^"]*" does not exist/i, code: "28P01" },
  { words: /database "[^"]*" does not exist/i, code: "3D000" },
  {
    words: /exceeded the [\w -]{0,60}quota/i,
    advice: "raise the limit of the Neon plan, or wait for its next period",
  },
  {
    words: /endpoint is disabled|endpoint has been disabled|endpoint is temporarily disabled/i,
    advice: "enable the compute of this branch in Neon's console",
  },
  {
    words: /(endpoint|project|branch|resource) (cannot|could not) be found|project not found|endpoint not found/i,
    advice:
      "its project, branch or compute does not exist (any more): copy the connection string from Neon's console into DATABASE_URL",
  },
  {
    words: /IP address \S+ is not allowed|blocked network|VPC endpoint id/i,
    advice: "Workers have no fixed addresses: let Neon's IP Allow accept every address for this branch",
  },
  {
    words: /endpoint ID is not specified/i,
    advice: "the host of DATABASE_URL is not a Neon compute: copy the connection string from Neon's console",
  },
];

/** Who must do what after a permanent error; `undefined` if the error may pass. */
export function adviceFor(code: string): string | undefined {
  return ADVICE[code] ?? ADVICE[code.slice(0, 2)];
}

/** The meaning of a refusal without a SQLSTATE; `undefined` if its words are not conclusive. */
export function proxyRefusal(message: string): { code?: string; advice?: string } | undefined {
  return PROXY_REFUSALS.find(({ words }) => words.test(message));
}

/**
 * Whether the cause may be a database that is older or newer than this code: a table, column or function is missing, or a constraint refused a value.
 */
export const mayBeOfAge = (code: string | undefined): boolean =>
  code !== undefined &&
  (/^(42|3F)/.test(code) || code === "23502" || code === "23514") &&
  !/^(42501|42601)$/.test(code);

/** What to do about a database whose newest migration differs from this code's; `undefined` if they are the same, or if it is not known. */
export function ageAdvice(newest: string | undefined): string | undefined {
  if (newest === undefined || newest === NEWEST_MIGRATION) return undefined;
  return newest > NEWEST_MIGRATION
    ? `the database is newer than this Worker (it has ${newest}): deploy the Workers of the version that migrated it`
    : `the database is older than this Worker (it lacks ${NEWEST_MIGRATION}): run ${MIGRATE}`;
}
