import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Counts, Load } from "../../workers/bench/protocol.ts";
import { type Bench, type Contender, emit, PAYLOAD_BYTES, systemOf } from "../bench.ts";
import { readCpu } from "../stack/cpu.ts";
import { BENCH } from "../stack/system.ts";

/** The cost of one dispatch for a kind of traffic. Everything is counted; CPU is that of the whole local stack, and so more than a bill would say. */
export interface Cost extends Counts {
  /** HTTP requests to the database's endpoint. The peer has connections of its own and makes no requests. */
  databaseRequests: number;
  /** Connections that its Workers opened. Ours open none, and the endpoint's connections belong to Neon. */
  databaseConnections: number;
  /** Statements that Postgres ran, including `begin` and `commit`. */
  statements: number;
  /** Rows inserted, updated and deleted. */
  rows: number;
  /**
   * Measured between checkpoints: the first change of a page after a checkpoint writes the whole page, once for all dispatches until the next one.
   */
  walBytes: number;
  /** Growth of tables and indexes, without the space that vacuum would free. */
  storedBytes: number;
  workersCpuMs: number;
  postgresCpuMs: number;
}

/** Shapes of traffic: how many events come, and how fast. */
export const SHAPES = ["single", "steady", "burst"] as const;
export type Shape = (typeof SHAPES)[number];
export type Costs = Record<Shape, Partial<Record<Contender, Cost>>>;

const LOADS: Record<Shape, (quick: boolean) => Omit<Load, "run" | "to" | "bytes">> = {
  /** Each event comes after the result of the previous one: at 1/s, nothing comes together. */
  single: () => ({ events: 1, perCall: 1, connections: 1 }),
  steady: (quick) => ({ events: quick ? 50 : 250, perCall: 1, connections: 50, perSecond: 50 }),
  burst: (quick) => ({ events: quick ? 500 : 2_000, perCall: 100, connections: 8 }),
};

/** (h) Counts what a dispatch costs, for each shape of traffic. */
export async function countCosts(bench: Bench): Promise<Costs> {
  const costs: Costs = { single: {}, steady: {}, burst: {} };
  for (const shape of SHAPES) {
    for (const contender of ["handle", "handleBatch", "peer"] as const) {
      costs[shape][contender] = await count(bench, contender, shape);
    }
  }
  return costs;
}

async function count(bench: Bench, contender: Contender, shape: Shape): Promise<Cost> {
  const system = systemOf(bench, contender);
  const load = { ...LOADS[shape](bench.quick), route: "ONE", bytes: PAYLOAD_BYTES };
  const repeats = shape === "single" ? (bench.quick ? 5 : 30) : 1;
  await system.reset();
  await system.counts();
  const before = await snapshot(bench, contender);
  for (let i = 0; i < repeats; i++) {
    const { startedAt } = await emit(bench, contender, load);
    await system.settled(startedAt, load.events);
    await sleep(20); // an acknowledgement may follow the result
  }
  const counted = await system.counts();
  const after = await snapshot(bench, contender);
  const dispatches = load.events * repeats;
  const each = (value: number) => value / dispatches;
  const difference = (key: keyof Snapshot) => each(after[key] - before[key]);
  return {
    ...(Object.fromEntries(Object.entries(counted).map(([key, value]) => [key, each(value)])) as unknown as Counts),
    databaseRequests: difference("requests"),
    databaseConnections: contender === "peer" ? difference("sessions") : 0,
    statements: difference("statements"),
    rows: difference("rows"),
    walBytes: difference("wal"),
    storedBytes: difference("size"),
    workersCpuMs: difference("workers") * 1_000,
    postgresCpuMs: difference("postgres") * 1_000,
  };
}

interface Snapshot {
  requests: number;
  sessions: number;
  statements: number;
  rows: number;
  wal: number;
  size: number;
  workers: number;
  postgres: number;
}

const COUNTERS = `
  select /* bench */
    (select coalesce(sum(calls), 0)::float8 from pg_stat_statements s where s.dbid = d.oid and s.query not like '%/* bench */%') as statements,
    pg_stat_get_db_sessions(d.oid)::float8 as sessions,
    (pg_current_wal_lsn() - '0/0')::float8 as wal, pg_database_size(d.oid)::float8 as size
  from pg_database d where d.datname = $1`;

/** Counts rows of the hub's own tables only, since autovacuum and migrations write to the catalogue. */
const ROWS = `
  select /* bench */ sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 as rows from pg_stat_user_tables where schemaname = 'eventhub'`;

const END_SESSIONS = `
  select /* bench */ count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
  where datname = $1 and backend_type = 'client backend' and application_name <> '${BENCH}'`;

async function snapshot(bench: Bench, contender: Contender): Promise<Snapshot> {
  const { backend } = bench;
  const { name, dev, database } = systemOf(bench, contender);
  const cpu = readCpu({ workersGroup: dev.pid, postgres: backend.postgresPid, endpoint: backend.pid });
  // A session reports its counters when it ends, or up to 10 s after it became idle. All sessions are idle now.
  const client = new Client({ connectionString: backend.postgresUrl, application_name: BENCH });
  await client.connect();
  await client.query(END_SESSIONS, [name]);
  const server = await client.query<Pick<Snapshot, "sessions" | "statements" | "wal" | "size">>(COUNTERS, [name]);
  await client.end();
  const tables = await database.query<Pick<Snapshot, "rows">>(ROWS);
  const [[counters], [written]] = [server.rows, tables.rows];
  if (counters === undefined || written === undefined) throw new Error(`no database ${name}`);
  const stats = await fetch(new URL("/stats", backend.endpointUrl), { signal: AbortSignal.timeout(10_000) });
  const { databases } = (await stats.json()) as { databases: Record<string, number> };
  return { ...counters, ...written, requests: databases[name] ?? 0, workers: cpu.workers, postgres: cpu.postgres };
}
