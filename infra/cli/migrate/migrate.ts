import { join } from "node:path";
import { Client } from "pg";
import { connectionStringFault } from "../../../schema/database/connection-string.ts";
import { adviceFor } from "../../../schema/database/permanent-faults.ts";
import { packageRoot } from "../../package-root.ts";
import { WrongCall } from "../exit.ts";
import { applyMissing } from "./apply.ts";
import { checkSchema } from "./check-schema.ts";
import { openJournal } from "./journal.ts";
import { takeLock } from "./lock.ts";
import { keepPayloadIndexes, type WantedIndexes } from "./payload-indexes.ts";
import { examine, requireRights } from "./preflight.ts";
import { PRODUCER_ROLE, producerRoleLacks } from "./producer-role.ts";
import { readMigrations } from "./read-migrations.ts";
import type { Patience } from "./run-step.ts";

const CONNECT_TIMEOUT_MS = 20_000; // a sleeping Neon database takes a moment

/** See {@link Patience}. */
const LOCK_WAIT_MS = 2_000;
const PATIENCE_MS = 10 * 60_000;

/** The migrations of this package. */
const MIGRATIONS = join(packageRoot(), "schema", "migrations");

/** Overrides settings of a database or a role that would stop a migration half-way. */
const SESSION = `
  set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0;
  set default_transaction_isolation = 'read committed';
  set standard_conforming_strings = on; set client_min_messages = notice`;

export interface MigrateOptions {
  /** The folder of the migrations; default this package's. */
  folder?: string;
  /** How long one transaction waits for locks, and makes others wait behind it, in milliseconds; default 2 seconds. */
  lockWaitMs?: number;
  /** How long to keep trying, in milliseconds; default ten minutes. */
  patienceMs?: number;
  /** Called with what it is waiting for, and with what a person has to do in addition. */
  tell?: (message: string) => void;
  /** The paths into payloads that should have an index. Without it, existing indexes stay. */
  indexes?: WantedIndexes;
}

/**
 * Brings the database up to date and checks it; does nothing if it is up to date. Safe to run twice, and by several processes at once: the later ones
 * wait. Safe while the hub is at work: see {@link import("./steps.ts").stepsOf}.
 *
 * @throws WrongCall, or an Error that says what failed, without the connection string.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const { folder = MIGRATIONS, lockWaitMs = LOCK_WAIT_MS, patienceMs = PATIENCE_MS, tell = () => undefined } = options;
  const { indexes } = options;
  // This machine's own Postgres decides about a connection without a user or password.
  if (!URL.canParse(url) || !/^postgres(ql)?:/.test(url)) throw new WrongCall(connectionStringFault(url) ?? "");
  const { host, pathname } = new URL(url);
  // A pooler gives every transaction another session, but the lock belongs to a session.
  if (host.includes("-pooler.")) {
    throw new WrongCall(`${host} is a pooler: use the direct host, without "-pooler"`);
  }
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true, // nothing is sent for a long time while an index is built
    application_name: "cf-eventhub migrate",
  });
  client.on("error", () => undefined); // the statement that fails because of it reports it
  // Messages that a migration itself raises, and warnings. The later check says more about the role.
  client.on("notice", ({ severity, where, message = "" }) => {
    if ((severity === "WARNING" || where !== undefined) && !message.includes(PRODUCER_ROLE)) tell(message);
  });
  try {
    await client.connect();
    await client.query(SESSION);
    await bringUpToDate(client, folder, { lockWaitMs, patienceMs, tell });
    if (indexes !== undefined) await keepPayloadIndexes(client, indexes, { lockWaitMs, patienceMs, tell });
  } catch (cause) {
    throw new Error(`could not migrate ${pathname.slice(1)} on ${host}: ${explain(cause)}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function bringUpToDate(client: Client, folder: string, patience: Patience): Promise<void> {
  const migrations = readMigrations(folder);
  await takeLock(client, patience.tell);
  const facts = await examine(client);
  if (!facts.journal) requireRights(facts);
  const journal = await openJournal(client, migrations);
  if (migrations.some(({ hash }) => journal.progress.get(hash)?.finished !== true)) {
    requireRights(facts);
    await applyMissing(client, migrations, journal, patience);
  }
  // Only a newer version knows what it has made of the schema.
  if (journal.unknown.length === 0) await checkSchema(client, migrations);
  else patience.tell(`the database is newer than this package: it also has ${journal.unknown.join(", ")}`);
  const lacks = await producerRoleLacks(client);
  if (lacks !== undefined) patience.tell(lacks);
}

/** What a person can do if the connection fails. */
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
