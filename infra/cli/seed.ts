/** `npm run seed -- --dispatches N [--days D]`: fills the database of `DATABASE_URL` with made-up history, to try out operating. */
import { Client } from "pg";
import { databaseUrlOf } from "./database-url.ts";
import { complain } from "./exit.ts";
import { migrate } from "./migrate/migrate.ts";
import { integerOption, numberOption } from "./number-option.ts";
import { parseOptions, readCall, SCRIPT_EXIT_HELP } from "./script-call.ts";
import {
  COUNT_DISPATCHES,
  INSERT_DISPATCHES,
  INSERT_EVENTS,
  INSERT_EXECUTIONS,
  MAKE_DISPATCHES,
  MAKE_EVENTS,
} from "./seed/statements.ts";

/** The events per transaction: each keeps its batch in temporary tables. */
const BATCH_EVENTS = 50_000;

/** The average number of dispatches per event. */
const FAN_OUT = 1.67;

/** How often a table is vacuumed, a second apart, until index-only scans can rely on it. */
const VACUUM_TRIES = 30;

const HELP = `npm run seed -- [--dispatches N] [--days D]

Adds made-up history to the database of DATABASE_URL.

  --dispatches N  about how many (default 10000)
  --days D        how far back it reaches (default 30)
  --help          this

${SCRIPT_EXIT_HELP}`;

export interface SeedOptions {
  url: string;
  /** Approximate, since the number of matching routes per event is random. */
  dispatches: number;
  /** How far back the history reaches. */
  days: number;
  onProgress?: (done: number) => void;
}

/** Adds history to a database, oldest first. Returns the number of added dispatches. */
export async function seed({ url, dispatches, days, onProgress }: SeedOptions): Promise<number> {
  await migrate(url);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
  client.on("error", () => undefined); // the statement that fails because of it reports it
  await client.connect();
  try {
    const events = Math.ceil(dispatches / FAN_OUT);
    const step = (days * 86_400) / events;
    const start = Date.now() - days * 86_400_000;
    let done = 0;
    for (let first = 0; first < events; first += BATCH_EVENTS) {
      const count = Math.min(BATCH_EVENTS, events - first);
      done += await insertBatch(client, {
        events: count,
        before: first,
        from: new Date(start + first * step * 1_000),
        step,
      });
      onProgress?.(done);
    }
    for (const table of ["events", "dispatches", "executions"]) await vacuum(client, table);
    return done;
  } finally {
    await client.end();
  }
}

interface Batch {
  events: number;
  /** The number of existing events. */
  before: number;
  /** The first moment. */
  from: Date;
  /** Seconds between two events. */
  step: number;
}

async function insertBatch(client: Client, { events, before, from, step }: Batch): Promise<number> {
  await client.query("begin");
  await client.query(MAKE_EVENTS, [events, from, step, before]);
  await client.query(INSERT_EVENTS);
  await client.query(MAKE_DISPATCHES);
  await client.query(INSERT_DISPATCHES);
  await client.query(INSERT_EXECUTIONS);
  const { rows } = await client.query<{ n: number }>(COUNT_DISPATCHES);
  await client.query("commit");
  return rows[0]?.n ?? 0;
}

/**
 * Plans need statistics, and index-only scans the visibility map. This repeats until the map is complete, since a concurrent autovacuum holds it
 * back.
 */
async function vacuum(client: Client, table: string): Promise<void> {
  for (let tries = 1; tries <= VACUUM_TRIES; tries++) {
    await client.query(`vacuum (analyze) eventhub.${table}`);
    const { rows } = await client.query<{ visible: boolean }>(
      "select relallvisible >= 0.9 * relpages as visible from pg_class where oid = $1::regclass",
      [`eventhub.${table}`],
    );
    if (rows[0]?.visible === true) return;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

function readOptions(args: readonly string[]): SeedOptions {
  const values = parseOptions(args, {
    dispatches: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
  });
  const days = numberOption("days", values.days, 0.01, 3_650);
  const dispatches = integerOption("dispatches", values.dispatches, 1, 100_000_000);
  return { dispatches, days, url: databaseUrlOf(process.env) };
}

async function main(): Promise<void> {
  const options = readCall({ name: "seed", help: HELP }, readOptions);
  const started = performance.now();
  const done = await seed({ ...options, onProgress: (count) => console.log(`${count} dispatches`) });
  console.log(`${done} dispatches in ${Math.round((performance.now() - started) / 1_000)} s`);
}

if (import.meta.main) {
  await main().catch(complain);
}
