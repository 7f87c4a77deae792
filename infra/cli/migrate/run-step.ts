import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { Step } from "./steps.ts";

/** How long we make others wait, and how long we wait for them. */
export interface Patience {
  /**
   * How long one transaction waits for all its locks together, in milliseconds. Everybody who comes later waits in line behind it. Above a second,
   * after which Postgres ends an autovacuum that is in the way.
   */
  lockWaitMs: number;
  /** How long a step is tried, and how long building an index may wait for transactions that began before it, in milliseconds. */
  patienceMs: number;
  /** Called with what it is waiting for. */
  tell(message: string): void;
}

/** A lock was not available in time, or Postgres resolved a deadlock by ending our statement. */
const PASSING: ReadonlySet<unknown> = new Set(["55P03", "40P01"]);

/** The timeout is set again only if the remaining wait for locks has shrunk by this much. */
const WAIT_STEP_MS = 250;

/** The longest pause between two tries, as a multiple of the wait for locks. */
const MAX_PAUSE = 5;

/**
 * Runs one step, and repeats it while somebody holds a lock that it needs. In between, everybody else has their turn.
 *
 * @param record Records that the step is done: in its transaction, or afterwards for a step that runs outside of one.
 */
export async function runStep(
  client: Client,
  step: Step,
  record: () => Promise<unknown>,
  patience: Patience,
): Promise<void> {
  const end = Date.now() + patience.patienceMs;
  for (let tries = 1; ; tries++) {
    try {
      if (step.op === "transaction") return await inTransaction(client, step.statements, record, patience.lockWaitMs);
      return await outside(client, step, record, patience);
    } catch (error) {
      if (!PASSING.has((error as { code?: unknown }).code)) throw error;
      const holders = await holdersOf(client);
      if (Date.now() >= end) {
        throw new Error(
          `gave up after ${Math.round(patience.patienceMs / 1_000)} s, because others lock the tables: ${holders}; run migrate again when they have ended, and it continues`,
          { cause: error },
        );
      }
      patience.tell(`others lock the tables: ${holders}; trying again`);
      await sleep(patience.lockWaitMs * Math.min(2 ** (tries - 1), MAX_PAUSE) * (0.5 + Math.random() / 2));
    }
  }
}

async function inTransaction(
  client: Client,
  statements: readonly string[],
  record: () => Promise<unknown>,
  lockWaitMs: number,
): Promise<void> {
  await client.query("begin");
  try {
    const began = Date.now();
    let told = Number.POSITIVE_INFINITY;
    for (const statement of statements) {
      // One wait for all locks together: the transaction makes others wait for its first lock while it waits for the next.
      const left = Math.max(lockWaitMs - (Date.now() - began), WAIT_STEP_MS);
      if (told - left >= WAIT_STEP_MS) {
        await client.query(`set local lock_timeout = ${left}`);
        told = left;
      }
      await client.query(statement);
    }
    await record();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => undefined); // fails if the connection is gone, and the transaction with it
    throw error;
  }
}

/** Says that it is waiting after this time. */
const TELL_AFTER_MS = 5_000;

/** The locks of these statements let everybody read and write, and so does their wait for earlier transactions. */
async function outside(
  client: Client,
  { op, index, statement }: Exclude<Step, { op: "transaction" }>,
  record: () => Promise<unknown>,
  { patienceMs, tell }: Patience,
): Promise<void> {
  const slow = setTimeout(
    () => tell(`${op} ${index}: in progress; it may have to wait for transactions that were open before`),
    TELL_AFTER_MS,
  );
  await client.query(`set lock_timeout = ${patienceMs}`);
  try {
    if (op === "drop index") {
      await client.query(statement);
    } else {
      const { rows } = await client.query<{ valid: boolean }>(INDEX_STATE, [index]);
      // An interrupted build leaves an invalid index, which costs every write and serves no read.
      if (rows[0]?.valid === false) await client.query(`drop index concurrently if exists eventhub."${index}"`);
      if (rows[0]?.valid !== true) await client.query(statement);
    }
    await record();
  } finally {
    clearTimeout(slow);
    await client.query("set lock_timeout = 0").catch(() => undefined); // if the connection is gone, there is nothing to reset
  }
}

const INDEX_STATE = `
  select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'eventhub'::regnamespace and c.relname = $1`;

const HOLDERS = `
  select a.pid, a.usename as role, a.application_name as application,
    round(extract(epoch from clock_timestamp() - a.xact_start))::int as seconds
  from pg_stat_activity a
  where a.pid <> pg_backend_pid() and a.xact_start is not null and exists (
    select from pg_locks l join pg_class c on c.oid = l.relation
    where l.pid = a.pid and l.granted and c.relnamespace = to_regnamespace('eventhub'))
  order by a.xact_start limit 3`;

/** Who has held a lock on one of the tables for longest. Never shows what they run there. */
async function holdersOf(client: Client): Promise<string> {
  const { rows } = await client
    .query<{ pid: number; role: string; application: string; seconds: number }>(HOLDERS)
    .catch(() => ({ rows: [] }));
  const named = rows.map(({ pid, role, application, seconds }) => {
    return `pid ${pid} (${[role, application].filter((name) => name !== "").join(", ")}, in a transaction for ${seconds} s)`;
  });
  return named.length === 0 ? "transactions that have ended by now" : named.join(", ");
}
