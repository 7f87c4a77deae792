import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { packageRoot } from "../../infra/package-root.ts";

/** Migrates a database with the first migrations only, like versions that did not yet have a journal of their own. */
export async function migrateOldWay(url: string, count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cf-eventhub-old-"));
  try {
    cpSync(join(packageRoot(), "schema", "migrations"), folder, { recursive: true });
    const file = join(folder, "meta", "_journal.json");
    const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: unknown[] };
    writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
    await migrateWithDrizzle(url, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs an application's own migration of another time, with drizzle's migrator. */
export async function migrateApplication(url: string, when: number, table: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "cf-eventhub-application-"));
  try {
    cpSync(
      join(packageRoot(), "schema", "migrations", "meta", "0000_snapshot.json"),
      join(folder, "meta", "0000_snapshot.json"),
    );
    const entries = [{ idx: 0, version: "7", when, tag: "0000_application", breakpoints: true }];
    writeFileSync(
      join(folder, "meta", "_journal.json"),
      JSON.stringify({ version: "7", dialect: "postgresql", entries }),
    );
    writeFileSync(join(folder, "0000_application.sql"), `create table "${table}" (n int)`);
    await migrateWithDrizzle(url, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function migrateWithDrizzle(url: string, migrationsFolder: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
