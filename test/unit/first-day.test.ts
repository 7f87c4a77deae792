import { sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { readMigrations } from "../../infra/cli/migrate/migrations.ts";
import { emitErrorCode } from "../../schema/contract/index.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { DatabaseError } from "../../schema/database/database-error.ts";
import { databaseOf } from "../../schema/database/from-environment.ts";
import { NEWEST_MIGRATION } from "../../schema/database/newest-migration.ts";
import { FIRST_DAY, type FirstDayFaultName, firstDayText } from "../../schema/vocabulary/first-day.ts";

/** What goes wrong on a first day, as a person reads it. */

const NOT_SET =
  "DATABASE_URL is not set; set this secret of the Worker (npx wrangler secret put DATABASE_URL; on your machine, a line in .dev.vars, or npx cf-eventhub-workflows dev): postgresql://user:password@host/database";
const NOT_A_URL = "DATABASE_URL is not a Postgres connection string";
const FORM = "; it must look like postgresql://user:password@host/database";
const LOCAL =
  "DATABASE_URL names a Postgres of your machine or network, but the hub speaks Neon's HTTP protocol; start the hub with npx cf-eventhub-workflows dev, which puts such an endpoint in front of it, or set DATABASE_ENDPOINT to one; when deployed, use the URL of a Neon database";

function toldOf(url: string | undefined, endpoint?: string): string {
  try {
    openDatabase({ url: url as string, endpoint });
    return "nothing";
  } catch (error) {
    expect(error).toMatchObject({ transient: false, refused: true, misconfigured: true });
    expect(error).toBeInstanceOf(DatabaseError);
    return (error as Error).message;
  }
}

describe("a DATABASE_URL", () => {
  test.each<[string | undefined, string]>([
    [undefined, NOT_SET],
    ["", NOT_SET],
    [" ", NOT_SET],
    ["s3cr3t-pass", `${NOT_A_URL}${FORM}`],
    ["s3cr3t:pass", `${NOT_A_URL}${FORM}`],
    ["https://someone:s3cr3t-pass@host.example.com/db", `${NOT_A_URL} (it begins with https:)${FORM}`],
    ["mysql://someone:s3cr3t-pass@host.example.com/db", `${NOT_A_URL} (it begins with mysql:)${FORM}`],
    ['"postgresql://u:p@host.example.com/db"', `${NOT_A_URL} (it is in quotation marks)${FORM}`],
    ["postgresql://host.example.com/db", `${NOT_A_URL} (it contains no user)${FORM}`],
    ["postgresql://u:s3cr3t-pass@host.example.com", `${NOT_A_URL} (it contains no database)${FORM}`],
    ["postgresql://u:s3cr3t-pass@host.example.com/", `${NOT_A_URL} (it contains no database)${FORM}`],
    ["postgresql://u:s3cr3t-pass%@host.example.com/db", `${NOT_A_URL} (a % in its password is written %25)${FORM}`],
    ["postgresql://u:s3cr3t-pass%zz@host.example.com/db", `${NOT_A_URL} (a % in its password is written %25)${FORM}`],
    ["postgresql://u:s3cr3t-pass%ff@host.example.com/db", `${NOT_A_URL} (a % in its password is written %25)${FORM}`],
    [
      "postgresql://u:s3@cr3t-pass@host.example.com/db",
      `${NOT_A_URL} (an @ or / in its password is written %40 or %2F)${FORM}`,
    ],
  ])("that is invalid is described and never shown: %s", (url, told) => {
    expect(toldOf(url)).toBe(told);
  });

  test.each([
    "127.0.0.1:5432",
    "localhost",
    "localhost:5432",
    "[::1]:5432",
    "10.1.2.3",
    "db",
    "postgres.internal",
    "nas.local",
  ])("of a Postgres on a private network (%s) needs an endpoint", (host) => {
    const url = `postgresql://u:p@${host}/db`;
    expect(toldOf(url)).toBe(LOCAL);
    expect(toldOf(url, "http://127.0.0.1:4444/sql")).toBe("nothing");
    expect(toldOf(url, "127.0.0.1:4444")).toBe(
      "DATABASE_ENDPOINT is not a URL; it must look like http://127.0.0.1:4444/sql; leave it out for a Neon database",
    );
  });

  test.each(["ep-1.eu-central-1.aws.neon.tech", "db.example.com"])("of %s needs no endpoint", (host) => {
    expect(toldOf(`postgresql://u:p@${host}/db`)).toBe("nothing");
  });

  test("is reported by a Worker with the code that crosses RPC", () => {
    expect(() => databaseOf({ DATABASE_URL: "" })).toThrow(`[misconfigured] ${NOT_SET}`);
    // An empty variable counts as none.
    expect(() => databaseOf({ DATABASE_URL: "postgresql://u:p@localhost/db", DATABASE_ENDPOINT: "" })).toThrow(
      `[misconfigured] ${LOCAL}`,
    );
  });

  test("of a host that is not Neon's and does not answer leads to advice about what may be missing", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("fetch failed")));
    try {
      const call = openDatabase({ url: "postgresql://u:p@db.example.com/db" }).run(sql`select 1`, {
        idempotent: false,
      });
      await expect(call).rejects.toMatchObject({
        transient: true,
        message:
          "database: Error connecting to database: TypeError: fetch failed (DATABASE_URL names no host of Neon's: if this stays, set DATABASE_ENDPOINT to where the database answers Neon's HTTP protocol)",
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

test("the newest migration that the Workers know is the newest in the folder", () => {
  expect(readMigrations("schema/migrations").at(-1)?.name).toBe(NEWEST_MIGRATION);
});

test.each(Object.keys(FIRST_DAY) as FirstDayFaultName[])("the message about %s fits a log line", (name) => {
  expect(firstDayText(name).length).toBeLessThanOrEqual(285);
});

test.each(["[misconfigured] x", "EmitError: [misconfigured] x", "Error: MisconfiguredError: [misconfigured] x"])(
  "the code of an error is recognised in the form of an older compatibility date: %s",
  (message) => {
    expect(emitErrorCode(new Error(message))).toBe("misconfigured");
  },
);

test.each(["x [misconfigured] y", "[unknown] x", "Error: no [misconfigured]", "order [unavailable]"])(
  "no code is recognised in a text that only contains one: %s",
  (message) => {
    expect(emitErrorCode(new Error(message))).toBeUndefined();
  },
);
