import type { Pool } from "pg";
import type { Bench, Row } from "../bench.ts";
import { burstsBeside } from "./bursts.ts";

const FINISHED = 1_000_000;

/** (g) All of (a) with a million finished dispatches in the tables of both. */
export async function fullTables(bench: Bench, before: readonly Row[]): Promise<Row[]> {
  const { ours, peer } = bench;
  await ours.reset();
  await peer.reset();
  await Promise.all([fill(ours.database, OURS), fill(peer.database, PEER)]);
  ours.keep(true);
  peer.keep(true);
  try {
    return await burstsBeside(bench, `beside ${FINISHED.toLocaleString("en-US")}`, before);
  } finally {
    ours.keep(false);
    peer.keep(false);
    await ours.reset();
    await peer.reset();
  }
}

async function fill(database: Pool, statements: readonly string[]): Promise<void> {
  const client = await database.connect();
  try {
    // Foreign keys checked row by row would take most of the time, and these rows are right by construction.
    await client.query("set session_replication_role = replica");
    for (const statement of statements) await client.query(statement);
  } finally {
    client.release(true);
  }
}

const PAYLOAD = `jsonb_build_object('to', 'ONE', 'n', n, 'customer', 'customer-' || n % 1000, 'text', repeat('lorem ipsum ', 40))`;
/** One a tenth of a second, until a minute ago. */
const AT = `now() - interval '1 minute' - (${FINISHED} - n) * interval '100 milliseconds'`;
const series = `generate_series(1, ${FINISHED}) n`;

const OURS = [
  `insert into eventhub.events (id, payload, payload_bytes, created_at)
   select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${PAYLOAD}, 600, ${AT} from ${series}`,
  `insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, workflow, instance_id,
     attempts, next_attempt_at, created_at, resulted_at)
   select id, id, 'ONE', '1', 5, '{"type":"constant","interval":5}', 30, 'complete', 'DISPATCH', id::text, 1, created_at, created_at, created_at
   from eventhub.events`,
  `insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
   select id, 1, 'complete', id::text, created_at, created_at from eventhub.dispatches`,
  "vacuum analyze",
];

const PEER = [
  `insert into eventhub.events (payload, created_at) select ${PAYLOAD}, ${AT} from ${series}`,
  `insert into eventhub.dispatches (event_id, destination, created_at, delay_seconds, max_retries, retry_delay)
   select id, 'ONE', created_at, 0, 5, '{"type":"constant","interval":5}' from eventhub.events`,
  `insert into eventhub.dispatch_executions (dispatch_id, result, executed_at) select id, 'complete', created_at from eventhub.dispatches`,
  `insert into eventhub.dispatch_results (dispatch_id, result, resulted_at) select id, 'complete', created_at from eventhub.dispatches`,
  "vacuum analyze",
];
