import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WrongCall } from "../../infra/cli/exit.ts";
import { migrate } from "../../infra/cli/migrate/migrate.ts";
import { examine } from "../../infra/cli/migrate/preflight.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { migrateApplication, migrateOldWay } from "../support/old-migrations.ts";

let database: TestDatabase;
let folder: string;

beforeEach(async () => {
  database = await createDatabase({ empty: true });
  folder = await mkdtemp(join(tmpdir(), "cf-eventhub-migrations-"));
  await mkdir(join(folder, "meta"));
});

afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

const applied = () => database.query("select name, hash, steps, finished_at from eventhub.migrations order by name");
const exists = async (relation: string) =>
  (await database.query("select to_regclass($1) is not null as found", [relation]))[0]?.found;
const columnsOf = async (table: string) =>
  (await database.query("select attname from pg_attribute where attrelid = $1::regclass and attnum > 0", [table])).map(
    ({ attname }) => attname,
  );

async function writeMigrations(...statements: string[]): Promise<void> {
  const entries = statements.map((_, idx) => ({
    idx,
    version: "7",
    when: idx + 1,
    tag: `000${idx}`,
    breakpoints: true,
  }));
  await writeFile(join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
  for (const [i, statement] of statements.entries()) await writeFile(join(folder, `000${i}.sql`), statement);
}

describe("migrate", () => {
  it("makes the tables, and does nothing the second time", async () => {
    await migrate(database.url);
    const tables = await database.query(
      "select table_name from information_schema.tables where table_schema = 'eventhub' and table_type = 'BASE TABLE' order by 1",
    );
    expect(tables.map((row) => row.table_name)).toEqual(expect.arrayContaining(["dispatches", "events", "executions"]));
    const before = await applied();
    await migrate(database.url);
    expect(await applied()).toEqual(before);
    expect(await exists("drizzle.__drizzle_migrations")).toBe(false);
  });

  it("is applied once by several processes at once", async () => {
    // Slow enough that the others arrive while it runs.
    await writeMigrations("create table once (n int); insert into once select 1 from pg_sleep(0.2)");
    await Promise.all(Array.from({ length: 4 }, () => migrate(database.url, { folder })));
    expect(await database.query("select n from once")).toEqual([{ n: 1 }]);
    expect(await applied()).toHaveLength(1);
  });

  it("applies each migration whole or not at all, and goes on with the one that failed", async () => {
    await writeMigrations(
      "create table one (n int)",
      "create table two (n int);\n--> statement-breakpoint\nselect nonsense",
    );
    await expect(migrate(database.url, { folder })).rejects.toThrow(
      `could not migrate ${database.name} on ${new URL(database.url).host}: 0001: column "nonsense" does not exist`,
    );
    expect(await applied()).toMatchObject([{ name: "0000", finished_at: expect.any(Date) }]);
    expect([await exists("one"), await exists("two")]).toEqual([true, false]);
    await writeMigrations("create table one (n int)", "create table two (n int)");
    await migrate(database.url, { folder });
    expect(await applied()).toMatchObject([{ name: "0000" }, { name: "0001", finished_at: expect.any(Date) }]);
  });

  it("refuses a migration that was changed after it was applied", async () => {
    await writeMigrations("create table one (n int)");
    await migrate(database.url, { folder });
    await writeMigrations("create table one (n bigint)");
    await expect(migrate(database.url, { folder })).rejects.toThrow(
      "the database was migrated with another 0000 than this",
    );
  });

  it("takes a migration with other line ends for the same", async () => {
    await writeMigrations("create table one (n int);\nselect 1");
    await migrate(database.url, { folder });
    await writeMigrations("create table one (n int);\r\nselect 1");
    await migrate(database.url, { folder });
    expect(await applied()).toHaveLength(1);
  });

  it("leaves a database alone that a newer version has migrated, and says so", async () => {
    await migrate(database.url);
    await database.query("insert into eventhub.migrations (name, hash, finished_at) values ('9999_later', 'x', now())");
    await database.query("drop index eventhub.dispatches_ongoing");
    const told: string[] = [];
    await migrate(database.url, { tell: (message) => told.push(message) });
    expect(told).toEqual(["the database is newer than this package: it also has 9999_later"]);
  });

  it("names database and host when it cannot connect, and not the password", async () => {
    const url = new URL(database.url);
    url.password = "secret-of-mine";
    const error = await migrate(url.href).catch((caught: Error) => caught);
    expect(error).toMatchObject({
      message: `could not migrate ${database.name} on ${url.host}: password authentication failed for user "postgres": correct the user and password in DATABASE_URL`,
    });
    const unreachable = await migrate("postgres://u:secret-of-mine@127.0.0.1:1/db").catch((caught: Error) => caught);
    expect(unreachable).toMatchObject({
      message: "could not migrate db on 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1: is Postgres running there?",
    });
  });

  it("refuses what is no URL, and a pooler", async () => {
    await expect(migrate("secret-of-mine")).rejects.toThrow(
      "DATABASE_URL is not a Postgres connection string; it must look like postgresql://user:password@host/database",
    );
    const pooler = "postgres://u:secret-of-mine@ep-x-pooler.eu.neon.tech/db";
    await expect(migrate(pooler)).rejects.toThrow(/^ep-x-pooler.eu.neon.tech is a pooler: /);
    await expect(migrate(pooler)).rejects.toBeInstanceOf(WrongCall);
  });
});

describe("migrate beside an application that uses drizzle too", () => {
  const LATER = Date.UTC(2040, 0);
  const EARLIER = Date.UTC(2020, 0);

  it("makes everything after the application's newer migration", async () => {
    await migrateApplication(database.url, LATER, "invoices");
    await migrate(database.url);
    expect([await exists("eventhub.events"), await exists("invoices")]).toEqual([true, true]);
  });

  it("brings a database up to date that has had both", async () => {
    await migrateOldWay(database.url, 4);
    await migrateApplication(database.url, LATER, "invoices");
    await migrate(database.url);
    expect(await columnsOf("eventhub.dispatches")).toContain("transformed");
    expect((await applied()).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["0003_operate", "0004_transforms", "0005_operate_mends", "0006_held_millions"]),
    );
    expect(await database.query("select count(*)::int as rows from drizzle.__drizzle_migrations")).toEqual([
      { rows: 1 },
    ]);
  });

  it("lets the application have its own migration that is older than ours", async () => {
    await migrate(database.url);
    await migrateApplication(database.url, EARLIER, "invoices");
    expect(await exists("invoices")).toBe(true);
  });

  it("leaves drizzle's table to the application, also where an earlier version wrote into it", async () => {
    await migrateOldWay(database.url, 7);
    await migrate(database.url);
    await migrateApplication(database.url, EARLIER, "invoices");
    expect(await exists("invoices")).toBe(true);
  });

  it("makes everything again after drop schema, whichever journal says that it was there", async () => {
    await migrateOldWay(database.url, 7);
    await database.query("drop schema eventhub cascade");
    await migrate(database.url);
    expect(await exists("eventhub.events")).toBe(true);
    await database.query("drop schema eventhub cascade");
    await migrate(database.url);
    expect(await exists("eventhub.events")).toBe(true);
  });

  it("says so if nothing tells how old the tables are", async () => {
    await migrateOldWay(database.url, 5);
    await database.query("drop schema drizzle cascade");
    await expect(migrate(database.url)).rejects.toThrow(
      "the schema eventhub has tables, but neither eventhub.migrations nor drizzle.__drizzle_migrations says",
    );
    expect(await exists("eventhub.migrations")).toBe(false);
  });
});

describe("migrate checks that what should exist does exist", () => {
  it.each([
    ["drop view eventhub.lost_dispatches", "view lost_dispatches is missing"],
    ["alter table eventhub.operations drop column examined", "column operations.examined is missing"],
    ["drop index eventhub.events_unrouted", "index events_unrouted is missing"],
    ["drop function eventhub.expire_rows", "function expire_rows is missing"],
    [
      "drop trigger dispatches_tell_result on eventhub.dispatches",
      "trigger dispatches_tell_result of dispatches is missing",
    ],
    [
      "alter table eventhub.dispatches disable trigger user",
      ["result", "held", "released"]
        .map((what) => `trigger dispatches_tell_${what} of dispatches is disabled`)
        .join(", "),
    ],
    [
      "alter table eventhub.dispatches drop constraint dispatches_max_retries",
      "constraint dispatches_max_retries of dispatches is missing",
    ],
    [
      "update pg_index set indisvalid = false where indexrelid = 'eventhub.dispatches_ongoing'::regclass",
      "index dispatches_ongoing is not valid",
    ],
    [
      "drop table eventhub.executions cascade",
      "table executions is missing, column executions.dispatch_id is missing, column executions.attempt is missing, column executions.result is missing, column executions.reason is missing, column executions.instance_id is missing, column executions.started_at is missing, column executions.finished_at is missing, constraint executions_dispatch_id_dispatches_id_fk of executions is missing, constraint executions_dispatch_id_attempt_pk of executions is missing, and 5 more",
    ],
  ])("%s", async (damage, fault) => {
    await migrate(database.url);
    await database.query(damage);
    await expect(migrate(database.url)).rejects.toThrow(
      `changed since, or only partly restored: ${fault}: restore what`,
    );
  });
});

describe("migrate as a role of few rights", () => {
  const role = `few_rights_${process.pid}`;
  const url = () => Object.assign(new URL(database.url), { username: role, password: "few" }).href;
  const told: string[] = [];
  const run = () => migrate(url(), { tell: (message) => told.push(message) });
  beforeEach(async () => {
    told.length = 0;
    await database.query(`create role ${role} login password 'few'`);
    await database.query(`revoke create on database ${database.name} from public`);
    // Roles belong to the server: other test files may have made this one, and use it.
    await database.query(
      "do $$ begin create role eventhub_producer nologin; exception when duplicate_object or unique_violation then null; end $$",
    );
  });
  afterEach(async () => {
    await database.query(`drop owned by ${role}`);
    await database.query(`drop role ${role}`);
  });

  it("says what to run if it may not make the schema", async () => {
    await expect(run()).rejects.toThrow(
      `the role ${role} may not create schemas in ${database.name}: let an administrator run: create schema eventhub authorization "${role}"`,
    );
    await database.query(`create schema eventhub`);
    await expect(run()).rejects.toThrow(
      `the role ${role} may not create tables in the schema eventhub: let its owner run: grant usage, create on schema eventhub to "${role}"`,
    );
  });

  it("is content with a schema of its own that was made beforehand", async () => {
    await database.query(`create schema eventhub authorization ${role}`);
    await run();
    expect(await exists("eventhub.dispatches")).toBe(true);
    expect(told).toEqual([]);
  });

  it("is content with a schema that it may fill, and says what the role of producers lacks there", async () => {
    await database.query(`create schema eventhub`);
    await database.query(`grant usage, create on schema eventhub to ${role}`);
    await run();
    expect(await exists("eventhub.dispatches")).toBe(true);
    expect(told.at(-1)).toBe(
      "the role eventhub_producer, for services that emit in SQL, lacks rights: if there are such services, let an administrator run: grant usage on schema eventhub to eventhub_producer",
    );
    await database.query("grant usage on schema eventhub to eventhub_producer");
    told.length = 0;
    await run();
    expect(told).toEqual([]);
  });
});

describe("migrate refuses a database in which the hub cannot live", () => {
  it("that has the tables of cf-eventhub 0.3, and leaves them as they are", async () => {
    const peer = new URL("../../node_modules/cf-eventhub-peer/src/migration/postgres/", import.meta.url);
    for (const name of (await readdir(peer)).filter((name) => name.endsWith(".sql")).sort())
      await database.query(await readFile(new URL(name, peer), "utf8"));
    const before = await columnsOf("eventhub.dispatches");
    await expect(migrate(database.url)).rejects.toThrow(
      /the schema eventhub contains the tables of cf-eventhub 0\.3, the project that this one grew out of: give this hub a database of its own$/,
    );
    expect(await columnsOf("eventhub.dispatches")).toEqual(before);
    expect(await exists("eventhub.migrations")).toBe(false);
  });

  it.each(["LATIN1", "SQL_ASCII"])("of the encoding %s", async (encoding) => {
    const name = `${database.name}_${encoding.toLowerCase()}`;
    await database.query(
      `create database ${name} encoding '${encoding}' locale_provider libc lc_collate 'C' lc_ctype 'C' template template0`,
    );
    try {
      await expect(migrate(Object.assign(new URL(database.url), { pathname: `/${name}` }).href)).rejects.toThrow(
        `its encoding is ${encoding}, which cannot hold every text: the hub needs a database made with: create database ... encoding 'UTF8' template template0`,
      );
    } finally {
      await database.query(`drop database ${name}`);
    }
  });

  it("older than PostgreSQL 15, or a read replica", async () => {
    const facts = { major: 14, version: "14.20", encoding: "UTF8", replica: false };
    const saying = (rows: object[]) => ({ query: async () => ({ rows }) }) as unknown as Client;
    await expect(examine(saying([facts]))).rejects.toThrow("it is PostgreSQL 14.20: the hub needs 15 or newer");
    await expect(examine(saying([{ ...facts, major: 15, replica: true }]))).rejects.toThrow(
      "it is a read replica: migrate on the primary",
    );
    expect(await examine(saying([{ ...facts, major: 15 }]))).toMatchObject({ major: 15 });
  });
});
