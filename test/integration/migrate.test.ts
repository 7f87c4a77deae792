import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrate } from "../../infra/migrate.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";

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

const applied = () => database.query("select hash from drizzle.__drizzle_migrations");

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
  });

  it("is applied once by several processes at once", async () => {
    // Slow enough for the others to arrive while it runs.
    await writeMigrations("create table once (n int); insert into once select 1 from pg_sleep(0.2)");
    await Promise.all(Array.from({ length: 4 }, () => migrate(database.url, folder)));
    expect(await database.query("select n from once")).toEqual([{ n: 1 }]);
    expect(await applied()).toHaveLength(1);
  });

  it("applies what is new, and nothing of it when a part fails", async () => {
    await writeMigrations("create table one (n int)");
    await migrate(database.url, folder);
    await writeMigrations("create table one (n int)", "create table two (n int)", "select nonsense");
    await expect(migrate(database.url, folder)).rejects.toThrow('column "nonsense" does not exist');
    expect(await applied()).toHaveLength(1);
    expect(await database.query("select to_regclass('two') as two")).toEqual([{ two: null }]);
    await writeMigrations("create table one (n int)", "create table two (n int)");
    await migrate(database.url, folder);
    expect(await applied()).toHaveLength(2);
  });

  it("names database and host when it cannot connect, and not the password", async () => {
    const url = new URL(database.url);
    url.password = "secret-of-mine";
    const error = await migrate(url.href).catch((caught: Error) => caught);
    expect(error).toMatchObject({
      message: `could not migrate ${database.name} on ${url.host}: password authentication failed for user "postgres"`,
    });
    const unreachable = await migrate("postgres://u:secret-of-mine@127.0.0.1:1/db").catch((caught: Error) => caught);
    expect(unreachable).toMatchObject({
      message: "could not migrate db on 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  it("refuses what is no URL, and a pooler", async () => {
    await expect(migrate("secret-of-mine")).rejects.toThrow(/^DATABASE_URL is not a URL/);
    const pooler = "postgres://u:secret-of-mine@ep-x-pooler.eu.neon.tech/db";
    await expect(migrate(pooler)).rejects.toThrow(/^ep-x-pooler.eu.neon.tech is a pooler: /);
  });
});
