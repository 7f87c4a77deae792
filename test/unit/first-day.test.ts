import { sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { readMigrations } from "../../infra/cli/migrate/read-migrations.ts";
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

const NAMES = Object.keys(FIRST_DAY) as FirstDayFaultName[];

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

  test("that cannot be used is reported by a Worker with the code that crosses RPC", () => {
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

test("each fault has a message with what is wrong and what to do", () => {
  expect(Object.fromEntries(NAMES.map((name) => [name, firstDayText(name)]))).toEqual({
    no_database_url:
      "DATABASE_URL is not set; set this secret of the Worker (npx wrangler secret put DATABASE_URL; on your machine, a line in .dev.vars, or npx cf-eventhub-workflows dev): postgresql://user:password@host/database",
    not_a_database_url:
      "DATABASE_URL is not a Postgres connection string; it must look like postgresql://user:password@host/database",
    local_database:
      "DATABASE_URL names a Postgres of your machine or network, but the hub speaks Neon's HTTP protocol; start the hub with npx cf-eventhub-workflows dev, which puts such an endpoint in front of it, or set DATABASE_ENDPOINT to one; when deployed, use the URL of a Neon database",
    not_an_endpoint:
      "DATABASE_ENDPOINT is not a URL; it must look like http://127.0.0.1:4444/sql; leave it out for a Neon database",
    no_routes_given:
      "no route configuration; the Worker's class needs `protected override readonly configuration = routing`, with routing imported from routing.json; or put a small configuration into the variable EVENTHUB_ROUTING",
    routes_not_json:
      "EVENTHUB_ROUTING is not JSON; it must hold a small route configuration as JSON; put a large one into a module of the Worker",
    no_handler:
      'its Worker has no such method; bind the Worker that implements it, with its "entrypoint" unless it is the default export; it must be a class that extends WorkerEntrypoint',
    emit_at_operator:
      'this binding leads to the hub\'s entrypoint Operator, which takes no events; a producer binds the hub itself: leave "entrypoint" out of { "binding": "EVENTHUB", "service": "eventhub-hub" }',
    emit_at_executor:
      'this binding leads to the executor, which takes no events; a producer binds the hub: { "binding": "EVENTHUB", "service": "eventhub-hub" }',
    console_not_at_operator:
      'OPERATOR is bound to a Worker that does not have the operators\' methods; bind the hub\'s entrypoint: { "binding": "OPERATOR", "service": "eventhub-hub", "entrypoint": "Operator" }, and export a class Operator from the hub\'s main file',
    console_not_at_hub:
      'EVENTHUB is bound to a Worker that takes no events; bind the hub itself, without "entrypoint": { "binding": "EVENTHUB", "service": "eventhub-hub" }',
    hub_silent:
      'nothing calls the hub: neither its alarm nor a cron; deploy the hub with its alarm (EVENTHUB_ALARM), or with "triggers": { "crons": ["* * * * *"] }: otherwise events emitted in SQL are not routed, and bulk work does not continue',
    executor_silent:
      'nothing makes the executor look: neither the hub\'s alarm nor a cron; bind the alarm to both (EVENTHUB_ALARM), or give the executor "triggers": { "crons": ["* * * * *"] }: otherwise nobody finds what was lost on its way; the alarm asks by the queue, which the executor must consume',
    queue_unconsumed:
      'nobody consumes the messages of the hub\'s queue; the executor needs "queues": { "consumers": [{ "queue": ... }] } with the queue that hub and executor have as EVENTHUB_QUEUE; if it has that already, its log says why its queue handler fails',
    nothing_delivered:
      "nothing is delivered: dispatches are overdue, and no attempt was recorded in the last 15 minutes; the executor's log says why: its errors, and batch.consumed for each batch it takes; where it says nothing, look at the queue and at the Workflow's instances in Cloudflare's dashboard",
    old_compatibility_date:
      "this Worker's compatibility_date is older than 2024-04-03, so it cannot call other Workers over RPC; set a newer one in its wrangler configuration, such as 2026-10-30",
  });
  expect(firstDayText("no_handler", "it has only fetch()")).toContain(
    "its Worker has no such method (it has only fetch()); bind",
  );
});

test("the newest migration that the Workers know is the newest in the folder", () => {
  expect(readMigrations("schema/migrations").at(-1)?.name).toBe(NEWEST_MIGRATION);
});

test.each(NAMES)("the message about %s fits a log line", (name) => {
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
