import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import type { WranglerDev } from "../../../infra/local/workers/wrangler-dev.ts";
import type { Counts, Emitted, FloorCall, Load } from "../../workers/bench/protocol.ts";

export type SystemName = "ours" | "peer";

/** One of the two hubs, running in its own `wrangler dev` on its own database. */
export interface System {
  name: SystemName;
  dev: WranglerDev;
  database: Pool;
  emit(load: Load): Promise<Emitted>;
  /** Waits until all of `dispatches` since `startedAt` are complete. Returns the time of the last result (milliseconds since 1970). */
  settled(startedAt: number, dispatches: number): Promise<number>;
  /** What its Workers have counted since the previous call. */
  counts(): Promise<Counts>;
  /** Calls the floor's Worker. */
  floor<T>(call: FloorCall): Promise<T>;
  /** Empties the tables (unless they are kept) and releases finished Workflow instances. */
  reset(): Promise<void>;
  /** Whether `reset` leaves the tables as they are. */
  keep(kept: boolean): void;
  stop(): Promise<void>;
}

/** The SQL that differs between the two systems. */
export interface Statements {
  /** `done`, `complete` and `last` of the dispatches since `$1` that have their result. */
  progress: string;
  /** Empties the tables. */
  empty: string;
}

const REQUEST_TIMEOUT_MS = 600_000;
const POLL_MS = 50;

/** The name by which Postgres knows the sessions of this process. */
export const BENCH = "bench";

export function makeSystem(name: SystemName, dev: WranglerDev, url: string, statements: Statements): System {
  const database = new Pool({ connectionString: url, max: 3, application_name: BENCH });
  database.on("error", () => undefined);
  let kept = false;

  async function ask<T>(path: string, body: unknown = {}): Promise<T> {
    const response = await fetch(`${dev.origin}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok)
      throw new Error(`${name} ${path}: HTTP ${response.status} ${(await response.text()).slice(0, 500)}`);
    return (await response.json()) as T;
  }

  return {
    name,
    dev,
    database,
    emit: (load) => ask("/emit", load),
    settled: async (startedAt, dispatches) => {
      for (let patience = Date.now() + 60_000, before = -1; ; await sleep(POLL_MS)) {
        const { rows } = await database.query<Progress>(statements.progress, [new Date(startedAt)]);
        const [{ done, complete, last } = { done: 0, complete: 0, last: null }] = rows;
        if (done >= dispatches && last !== null) {
          if (complete !== dispatches) throw new Error(`${name}: ${complete} of ${dispatches} dispatches are complete`);
          return last.getTime();
        }
        if (done > before) patience = Date.now() + 60_000;
        before = done;
        if (Date.now() > patience)
          throw new Error(`${name}: nothing since a minute, at ${done} of ${dispatches} dispatches`);
      }
    },
    counts: () => ask("/counts"),
    floor: (call) => ask("/floor", call),
    reset: async () => {
      await ask("/forget");
      if (!kept) await database.query(statements.empty);
    },
    keep: (value) => {
      kept = value;
    },
    stop: async () => {
      await dev.stop();
      await database.end();
    },
  };
}

interface Progress {
  done: number;
  complete: number;
  last: Date | null;
}
