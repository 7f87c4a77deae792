import type { Pool } from "pg";
import {
  alternate,
  type Bench,
  type Burst,
  burst,
  type Contender,
  ofPeer,
  ROUNDS,
  type Row,
  spreads,
} from "../bench.ts";
import { makeTwoSchemas, type Tables, type TwoSchemas } from "../stack/two-schemas.ts";
import { spread } from "../statistics.ts";
import { burstsOf, titleOfBurst } from "./bursts.ts";

const FINISHED = 1_000_000;

/**
 * With a million rows, the peer manages some ten dispatches per second: for each, it reads its table of executions once, since no index serves that
 * query.
 */
const PEER_DISPATCHES = 100;

const OURS = ["handle", "handleBatch"] as const satisfies readonly Contender[];

/**
 * (g) All of (a) with a million finished dispatches in both systems' tables, alternating with empty tables for our hub. The peer takes part in the
 * first row.
 */
export async function fullTables(bench: Bench): Promise<Row[]> {
  const { ours, peer, backend } = bench;
  await ours.reset();
  await peer.reset();
  await Promise.all([fill(ours.database, OUR_ROWS), fill(peer.database, PEER_ROWS)]);
  const schemas = await makeTwoSchemas(backend.oursUrl, ours.database);
  peer.keep(true);
  try {
    const rows: Row[] = [];
    for (const what of burstsOf(bench)) rows.push(await besideMillion(bench, schemas, what, rows.length === 0));
    return rows;
  } finally {
    await schemas.end();
    ours.keep(false);
    peer.keep(false);
    await ours.reset();
    await peer.reset();
  }
}

async function besideMillion(bench: Bench, schemas: TwoSchemas, what: Burst, withPeer: boolean): Promise<Row> {
  // Full and empty tables are measured one right after the other, and take turns at being first.
  const pairs = await alternate(OURS, ROUNDS, async (contender, round) => {
    const speeds: Record<Tables, number> = { full: 0, empty: 0 };
    for (const tables of round % 2 === 0 ? (["full", "empty"] as const) : (["empty", "full"] as const)) {
      await schemas.use(tables);
      bench.ours.keep(tables === "full");
      speeds[tables] = await burst(bench, contender, what);
    }
    return speeds;
  });
  const peer = await alternate(["peer"], withPeer ? ROUNDS : 0, () =>
    burst(bench, "peer", { ...what, dispatches: PEER_DISPATCHES }),
  );
  const each = (value: (speeds: Record<Tables, number>) => number) => ({
    handle: pairs.handle.map(value),
    handleBatch: pairs.handleBatch.map(value),
  });
  return {
    case: "g",
    title: `beside ${FINISHED.toLocaleString("en-US")}: ${titleOfBurst(what)}`,
    ...(withPeer ? { note: ofPeer(PEER_DISPATCHES) } : {}),
    unit: "/s",
    values: spreads({ ...each(({ full }) => full), ...(withPeer ? peer : {}) }, spread),
    ofEmpty: spreads(
      each(({ full, empty }) => full / empty),
      spread,
    ),
  };
}

async function fill(database: Pool, statements: readonly string[]): Promise<void> {
  const client = await database.connect();
  try {
    // Checking foreign keys row by row would take most of the time, and these rows are right by construction.
    await client.query("set session_replication_role = replica");
    for (const statement of statements) await client.query(statement);
  } finally {
    client.release(true);
  }
}

const PAYLOAD = `jsonb_build_object('to', 'ONE', 'n', n, 'customer', 'customer-' || n % 1000, 'text', repeat('lorem ipsum ', 40))`;
/** One every tenth of a second, until a minute ago. */
const AT = `now() - interval '1 minute' - (${FINISHED} - n) * interval '100 milliseconds'`;
const series = `generate_series(1, ${FINISHED}) n`;

const OUR_ROWS = [
  `insert into eventhub.events (id, payload, payload_bytes, created_at)
   select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${PAYLOAD}, 600, ${AT} from ${series}`,
  `insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, workflow, instance_id,
     attempts, next_attempt_at, created_at, resulted_at)
   select id, id, 'ONE', '1', 5, '{"type":"constant","interval":5}', 30, 'complete', 'DISPATCH', id::text, 1, created_at, created_at, created_at
   from eventhub.events`,
  `insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
   select id, 1, 'complete', id::text, created_at, created_at from eventhub.dispatches`,
  "vacuum analyze",
  "checkpoint",
];

const PEER_ROWS = [
  `insert into eventhub.events (payload, created_at) select ${PAYLOAD}, ${AT} from ${series}`,
  `insert into eventhub.dispatches (event_id, destination, created_at, delay_seconds, max_retries, retry_delay)
   select id, 'ONE', created_at, 0, 5, '{"type":"constant","interval":5}' from eventhub.events`,
  `insert into eventhub.dispatch_executions (dispatch_id, result, executed_at) select id, 'complete', created_at from eventhub.dispatches`,
  `insert into eventhub.dispatch_results (dispatch_id, result, resulted_at) select id, 'complete', created_at from eventhub.dispatches`,
  "vacuum analyze",
  "checkpoint",
];
