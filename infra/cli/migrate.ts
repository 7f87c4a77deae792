import { join } from "node:path";
import { Client } from "pg";
import { connectionStringFault } from "../../schema/database/connection-string.ts";
import { adviceFor } from "../../schema/database/permanent-faults.ts";
import { packageRoot } from "../package-root.ts";
import { databaseUrlOf } from "./database-url.ts";
import { complain, WrongCall } from "./exit.ts";
import { applyMissing } from "./migrate/apply.ts";
import { checkSchema } from "./migrate/expected.ts";
import { openJournal } from "./migrate/journal.ts";
import { takeLock } from "./migrate/lock.ts";
import { readMigrations } from "./migrate/migrations.ts";
import { examine, requireRights } from "./migrate/preflight.ts";
import { PRODUCER_ROLE, producerRoleLacks } from "./migrate/producer-role.ts";

const CONNECT_TIMEOUT_MS = 20_000; // a Neon database that sleeps takes a moment

/** See {@link import("./migrate/run-step.ts").Patience}. */
const LOCK_WAIT_MS = 2_000;
const PATIENCE_MS = 10 * 60_000;

/** The migrations of this package. */
const MIGRATIONS = join(packageRoot(), "schema", "migrations");

/** What a database or a role may have set, and what would stop a migration half-way. */
const SESSION = `
  set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;
  set default_transaction_isolation = 'read committed';
  set standard_conforming_strings = on; set client_min_messages = notice`;

export interface MigrateOptions {
  /** Where the migrations are; default this package's. */
  folder?: string;
  /** How long one transaction waits for locks, and others behind it, in milliseconds; default 2 seconds. */
  lockWaitMs?: number;
  /** How long it is tried again, in milliseconds; default ten minutes. */
  patienceMs?: number;
  /** Told what is being waited for, and what a person has to do beside. */
  tell?: (message: string) => void;
}

/**
 * Brings the database up to date and checks that it is; does nothing if it is. Safe to run twice, and by several processes at once: the
 * later ones wait. Safe while the hub is at work: see {@link import("./migrate/steps.ts").stepsOf}.
 *
 * @throws WrongCall, or an Error that says what failed; without the connection string.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const { folder = MIGRATIONS, lockWaitMs = LOCK_WAIT_MS, patienceMs = PATIENCE_MS, tell = () => undefined } = options;
  // A connection without a user or password is for this machine's own Postgres to judge.
  if (!URL.canParse(url) || !/^postgres(ql)?:/.test(url)) throw new WrongCall(connectionStringFault(url) ?? "");
  const { host, pathname } = new URL(url);
  // A pooler gives every transaction another session, and the lock belongs to a session.
  if (host.includes("-pooler.")) {
    throw new WrongCall(`${host} is a pooler: migrate over the direct host, without "-pooler"`);
  }
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true, // while an index is built nothing is said for long
    application_name: "cf-eventhub migrate",
  });
  client.on("error", () => undefined); // the statement that fails for it says so itself
  // What a migration raises itself, and warnings; of the role, the look afterwards says more.
  client.on("notice", ({ severity, where, message = "" }) => {
    if ((severity === "WARNING" || where !== undefined) && !message.includes(PRODUCER_ROLE)) tell(message);
  });
  try {
    await client.connect();
    await client.query(SESSION);
    await bringUpToDate(client, folder, { lockWaitMs, patienceMs, tell });
  } catch (cause) {
    throw new Error(`could not migrate ${pathname.slice(1)} on ${host}: ${explain(cause)}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function bringUpToDate(
  client: Client,
  folder: string,
  patience: Required<Omit<MigrateOptions, "folder">>,
): Promise<void> {
  const migrations = readMigrations(folder);
  await takeLock(client, patience.tell);
  const facts = await examine(client);
  if (!facts.journal) requireRights(facts);
  const journal = await openJournal(client, migrations);
  if (migrations.some(({ hash }) => journal.progress.get(hash)?.finished !== true)) {
    requireRights(facts);
    await applyMissing(client, migrations, journal, patience);
  }
  // What a newer version has made of it, only that version knows.
  if (journal.unknown.length === 0) await checkSchema(client, migrations);
  else patience.tell(`the database is newer than this package: it has had ${journal.unknown.join(", ")} too`);
  const lacks = await producerRoleLacks(client);
  if (lacks !== undefined) patience.tell(lacks);
}

/** What a person can do about a connection that was not made. */
const CONNECT_ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: "is Postgres running there?",
  ENOTFOUND: "is the host in DATABASE_URL right?",
  "3D000": "create it, or correct DATABASE_URL",
};

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = "" } = error as NodeJS.ErrnoException;
  const advice = CONNECT_ADVICE[code] ?? (code.startsWith("28") ? adviceFor(code) : undefined);
  return `${error.message || code || error.name}${advice === undefined ? "" : `: ${advice}`}`;
}

/**
 * The command: brings the database of `DATABASE_URL` up to date and says so; or says what failed. Exit codes: 0 up to date, 1 something went
 * wrong, 2 a wrong call.
 */
export async function migrateCommand(env: NodeJS.ProcessEnv): Promise<void> {
  try {
    const { DATABASE_URL: url = "" } = env;
    if (url === "") databaseUrlOf(env);
    const started = performance.now();
    await migrate(url, { tell: (message) => console.error(message) });
    console.log(`the database is up to date (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    complain(error);
  }
}

if (import.meta.main) await migrateCommand(process.env);
