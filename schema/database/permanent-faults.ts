/**
 * What only a person can mend, by SQLSTATE, and who must do what. The same call does not succeed later, so it is told as `misconfigured`
 * and not as `unavailable`. A class (two characters) stands for its codes that have no line of their own.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const ADVICE: Readonly<Record<string, string>> = {
  "22P05": "the hub needs a database with the encoding UTF8",
  "25006": "DATABASE_URL leads to a database that takes no writes: give the primary's",
  "28": "correct the user and password in DATABASE_URL",
  "3D": "there is no such database: create it, or correct DATABASE_URL, and run npx cf-eventhub-workflows migrate",
  "3F": "the tables are not there: run npx cf-eventhub-workflows migrate",
  "42": "the database's schema is not this version's: run npx cf-eventhub-workflows migrate",
  "42P01": "the tables are not there, or are an older version's: run npx cf-eventhub-workflows migrate",
  "42501": "grant the role of DATABASE_URL what it lacks, or use the role that ran npx cf-eventhub-workflows migrate",
  "42601": "the hub needs PostgreSQL 15 or newer",
  "57P04": "the database was dropped: create it, or correct DATABASE_URL, and run npx cf-eventhub-workflows migrate",
};

/** Neon's proxy refuses some connections before Postgres is asked, with these words and without a SQLSTATE. */
const PROXY_REFUSALS: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/password authentication failed|role "[^"]*" does not exist/i, "28P01"],
  [/database "[^"]*" does not exist/i, "3D000"],
];

/** Who must do what, after an error that will not pass by itself; `undefined` after one that may. */
export function adviceFor(code: string): string | undefined {
  return ADVICE[code] ?? ADVICE[code.slice(0, 2)];
}

/** The SQLSTATE that the words of a refusal without one stand for. */
export function codeOfWords(message: string): string | undefined {
  return PROXY_REFUSALS.find(([pattern]) => pattern.test(message))?.[1];
}
