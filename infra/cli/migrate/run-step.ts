import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { Step } from "./steps.ts";

/** How long others are kept waiting, and how long we wait for them. */
export interface Patience {
  /**
   * How long one transaction waits for locks in all, in milliseconds: whoever comes meanwhile stands in line behind it. Above a second, after
   * which Postgres ends an autovacuum that is in the way.
   */
  lockWaitMs: number;
  /** How long a step is tried, and how long building an index may wait for transactions that were open before it, in milliseconds. */
  patienceMs: number;
  /** Told what is being waited for. */
  tell(message: string): void;
}

/** A lock that was not to be had within the wait, or a deadlock that Postgres has solved at our cost. */
const PASSING: ReadonlySet<unknown> = new Set(["55P03", "40P01"]);

/** Of what is left of the wait for locks: so much less makes it worth saying anew. */
const WAIT_STEP_MS = 250;

/** Longest pause between two tries, in waits for locks. */
const MAX_PAUSE = 5;

/**
 * Does one step, and again while somebody holds a lock that it needs: in between everybody else has their turn.
 *
 * @param record Writes down that the step is done: in its transaction, or after what takes none.
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
          `gave up after ${Math.round(patience.patienceMs / 1_000)} s, since others hold the tables: ${holders}; run migrate again when they have ended, it goes on where it was`,
          { cause: error },
        );
      }
      patience.tell(`others hold the tables: ${holders}; tries again`);
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
      // One wait for all its locks together: what holds the first keeps others waiting while it waits for the next.
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
    await client.query("rollback").catch(() => undefined); // fails where the connection is gone, and with it the transaction
    throw error;
  }
}

/** Says so when it takes longer. */
const TELL_AFTER_MS = 5_000;

/** The locks of these let everybody read and write, and so does the wait for transactions that were open before. */
async function outside(
  client: Client,
  { op, index, statement }: Exclude<Step, { op: "transaction" }>,
  record: () => Promise<unknown>,
  { patienceMs, tell }: Patience,
): Promise<void> {
  const slow = setTimeout(
    () => tell(`${op} ${index}: under way; it may have to wait for transactions that were open before`),
    TELL_AFTER_MS,
  );
  await client.query(`set lock_timeout = ${patienceMs}`);
  try {
    if (op === "drop index") {
      await client.query(statement);
    } else {
      const { rows } = await client.query<{ valid: boolean }>(INDEX_STATE, [index]);
      // One whose building was broken off stays there invalid: it costs every write, and serves no read.
      if (rows[0]?.valid === false) await client.query(`drop index concurrently if exists eventhub."${index}"`);
      if (rows[0]?.valid !== true) await client.query(statement);
    }
    await record();
  } finally {
    clearTimeout(slow);
    await client.query("set lock_timeout = 0").catch(() => undefined); // of a connection that is gone, nothing is left to set
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

/** Who has had a lock on one of the tables for longest; never what they run there. */
async function holdersOf(client: Client): Promise<string> {
  const { rows } = await client
    .query<{ pid: number; role: string; application: string; seconds: number }>(HOLDERS)
    .catch(() => ({ rows: [] }));
  const named = rows.map(({ pid, role, application, seconds }) => {
    return `pid ${pid} (${[role, application].filter((name) => name !== "").join(", ")}, in a transaction for ${seconds} s)`;
  });
  return named.length === 0 ? "transactions that have ended by now" : named.join(", ");
}
