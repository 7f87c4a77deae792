import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as applyMigrations } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { packageRoot } from "./package-root.ts";

/** Any number, the same for every process that migrates: `eventhub` in ASCII, as a bigint. */
const LOCK = BigInt(`0x${Buffer.from("eventhub").toString("hex")}`).toString();
const CONNECT_TIMEOUT_MS = 20_000; // a Neon database that sleeps takes a moment
const LOCK_TIMEOUT = "120s";

/** The migrations of this package. */
const MIGRATIONS = join(packageRoot(), "schema", "migrations");

/**
 * Brings the database up to date; does nothing if it is. Safe to run twice, and by several processes at once: the later ones wait.
 *
 * @throws An Error that says what failed, without the connection string.
 */
export async function migrate(url: string, migrationsFolder: string = MIGRATIONS): Promise<void> {
  if (!URL.canParse(url)) throw new Error("DATABASE_URL is not a URL like postgres://user:password@host/database");
  const { host, pathname } = new URL(url);
  // A pooler gives every transaction another session, and the lock belongs to a session.
  if (host.includes("-pooler."))
    throw new Error(`${host} is a pooler: migrate over the direct host, without "-pooler"`);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => undefined); // the statement that fails for it says so itself
  try {
    await client.connect();
    // For the session: the migrator opens a transaction of its own. A connection that dies gives it back.
    await client.query(`set lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder });
  } catch (cause) {
    throw new Error(`could not migrate ${pathname.slice(1)} on ${host}: ${explain(cause)}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

// Drizzle wraps: its message is the statement, the cause says why it failed.
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
  return error.cause === undefined ? own : `${explain(error.cause)} (${own.slice(0, 500)})`;
}

/** The command: brings the database of `DATABASE_URL` up to date and says so; or says what failed, with exit code 1. */
export async function migrateCommand({ DATABASE_URL: url }: NodeJS.ProcessEnv): Promise<void> {
  try {
    if (url === undefined || url === "") throw new Error("set DATABASE_URL=postgres://user:password@host/database");
    const started = performance.now();
    await migrate(url);
    console.log(`the database is up to date (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

if (import.meta.main) await migrateCommand(process.env);
