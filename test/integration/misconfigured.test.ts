import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { runCommandLine } from "../../infra/cli/command-line.ts";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { emit } from "../../workers/hub/emit/emit.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { migrateOldWay } from "../support/old-migrations.ts";
import { type System, startSystem } from "../support/system.ts";

/** Faults that only a person can fix are reported as such, with who must do what. */

const routes = compileRoutes({ routes: [{ destination: "A" }] });

/** What a hub on this database tells a producer. */
async function refusalOf(url: string, endpoint: string, payload: unknown = { n: 1 }): Promise<string> {
  const context = {
    routes,
    database: openDatabase({ url, endpoint }),
    enqueue: () => undefined,
    routePending: () => undefined,
    hops: 0,
  };
  return emit(payload, undefined, context).then(
    () => "nothing",
    (error: Error) => error.message,
  );
}

describe("a database that needs a person", () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase({ empty: true });
    for (const level of ["log", "error"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
    await database.drop();
  });

  /** What an operator reads in a terminal. */
  async function opsSays(url: string): Promise<string> {
    vi.stubEnv("DATABASE_URL", url);
    vi.stubEnv("DATABASE_ENDPOINT", database.endpoint);
    try {
      await runCommandLine(["ops", "list"]);
      return vi.mocked(console.error).mock.calls.flat().at(-1);
    } finally {
      vi.unstubAllEnvs();
    }
  }

  const withUrl = (change: Partial<URL>) => Object.assign(new URL(database.url), change).href;
  const MIGRATE = "run npx cf-eventhub-workflows migrate";

  test("without the tables", async () => {
    const told = `[misconfigured] database: 42P01 relation "eventhub.events" does not exist: the tables do not exist, or belong to an older version: ${MIGRATE}`;
    expect(await refusalOf(database.url, database.endpoint)).toBe(told);
    expect(console.error).toHaveBeenCalledWith(
      expect.stringMatching(/^\{"event":"emit.misconfigured",.*,"events":1,"ids":\[\{"eventId":"[0-9a-f-]{36}"\}\]\}$/),
    );
    expect(await opsSays(database.url)).toBe(told.replace("eventhub.events", "eventhub.dispatches"));
  });

  test("with the tables of an older version", async () => {
    await migrateOldWay(database.url, 4);
    expect(await refusalOf(database.url, database.endpoint)).toMatch(
      /^\[misconfigured\] database: 42703 column "\w+" of relation "\w+" does not exist: the database's schema does not fit this version: run npx cf-eventhub-workflows migrate$/,
    );
  });

  test("whose role lacks rights", async () => {
    await migrate(database.url);
    const role = `no_rights_${process.pid}`;
    await database.query(`create role ${role} login password 'none'`);
    try {
      const url = withUrl({ username: role, password: "none" });
      const told =
        "[misconfigured] database: 42501 permission denied for schema eventhub: grant the role of DATABASE_URL the rights that it lacks, or use the role that ran npx cf-eventhub-workflows migrate";
      expect(await refusalOf(url, database.endpoint)).toBe(told);
      expect(await opsSays(url)).toBe(told);
    } finally {
      await database.query(`drop role ${role}`);
    }
  });

  test("that does not exist", async () => {
    expect(await refusalOf(withUrl({ pathname: "/nowhere" }), database.endpoint)).toBe(
      `[misconfigured] database: 3D000 database "nowhere" does not exist: there is no such database: create it, or correct DATABASE_URL, and ${MIGRATE}`,
    );
  });

  test("with another password", async () => {
    expect(await refusalOf(withUrl({ password: "not-it" }), database.endpoint)).toBe(
      `[misconfigured] database: 28P01 password authentication failed for user "postgres": correct the user and password in DATABASE_URL`,
    );
  });

  test("that takes no writes", async () => {
    await migrate(database.url);
    await database.query(`alter database ${database.name} set default_transaction_read_only = on`);
    expect(await refusalOf(database.url, database.endpoint)).toBe(
      "[misconfigured] database: 25006 cannot execute SELECT in a read-only transaction: DATABASE_URL leads to a database that accepts no writes: use the primary's URL",
    );
  });

  test("whose encoding does not hold a payload", async () => {
    const name = `${database.name}_latin`;
    await database.query(
      `create database ${name} encoding 'LATIN1' locale_provider libc lc_collate 'C' lc_ctype 'C' template template0`,
    );
    try {
      // Like a version that accepted such a database.
      await migrateOldWay(withUrl({ pathname: `/${name}` }), Number.POSITIVE_INFINITY);
      expect(await refusalOf(withUrl({ pathname: `/${name}` }), database.endpoint, { city: "東京" })).toMatch(
        /^\[misconfigured\] database: 22P05 character with byte sequence .* has no equivalent in encoding "LATIN1": the hub needs a database with the encoding UTF8$/,
      );
    } finally {
      await database.query(`drop database ${name} with (force)`);
    }
  });
});

describe("a hub and an executor whose queue is bound under another name", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ queueBinding: "DISPATCHES" });
  });
  afterAll(() => system?.stop());

  const TOLD =
    "[misconfigured] EVENTHUB_QUEUE is not bound: bind the queue that the executor consumes to this Worker under this name";

  test("refuse the first call, before anything is stored", async () => {
    await expect(system.emit({ kind: "a" })).rejects.toThrow(TOLD);
    await expect(system.operate("pauseDestination", "SCRIPTED", "why")).rejects.toThrow(TOLD);
    await expect(system.reconcile()).rejects.toThrow(TOLD);
    expect(await system.database.query("select id from eventhub.events")).toEqual([]);
    expect(await system.database.query("select name from eventhub.destinations")).toEqual([]);
  });

  test("let operators read", async () => {
    expect(await system.operate("listEvents")).toEqual({ items: [] });
  });
});
