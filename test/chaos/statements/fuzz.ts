import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "pg";
import { DatabaseError } from "../../../schema/database/database-error.ts";
import { Random } from "../random.ts";
import { CLIENTS } from "./clients.ts";
import { Findings } from "./findings.ts";
import { Pauses } from "./pauses.ts";
import { quietly } from "./quietly.ts";
import { RoughDatabase } from "./rough-database.ts";
import { countDeadlocks, installWatch, look, prune } from "./watch.ts";
import { type Client, type Deed, ROUTES, type World } from "./world.ts";

/** The connections of the clients. Some of their transactions continue when the clients have given up. */
const MAX_CONNECTIONS = 60;
const MAX_ADMIN_CONNECTIONS = 16;

/** The time between two looks at everything, and between two prunings. */
const LOOK_MS = 500;
const PRUNE_MS = 10_000;

/** The longest pause of a client between two deeds, in milliseconds. */
const MAX_REST_MS = 15;

export interface Fuzz {
  /** A migrated database of its own. */
  url: string;
  seed: number;
  seconds: number;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Default: new ones. Give them to watch them while the fuzzer runs. */
  findings?: Findings;
}

/**
 * Runs all clients on a database, and returns what was counted and found.
 *
 * @throws Any error that is not a `DatabaseError`.
 */
export async function fuzz({ url, seed, seconds, signal, findings = new Findings() }: Fuzz): Promise<Findings> {
  await using resources = new AsyncDisposableStack();
  const open = (max: number) => {
    const pool = new Pool({ connectionString: url, max, connectionTimeoutMillis: 30_000 });
    pool.on("error", () => undefined); // a backend was terminated
    resources.defer(() => pool.end());
    return pool;
  };
  const admin = open(MAX_ADMIN_CONNECTIONS);
  const pool = open(MAX_CONNECTIONS);
  resources.use(quietly());
  await installWatch(admin);
  const deadlocks = await countDeadlocks(admin);

  const world: World = { findings, pauses: new Pauses(), routes: ROUTES, admin };
  const until = performance.now() + seconds * 1_000;
  const failed = new AbortController();
  const over = () => performance.now() >= until || signal?.aborted === true || failed.signal.aborted;
  const around = { pool, admin, findings };
  const databases: RoughDatabase[] = [];
  const clientOf = (name: string): Client => {
    const random = new Random(`${seed}/${name}`);
    const database = new RoughDatabase(around, new Random(`${seed}/${name}/rough`));
    databases.push(database);
    return { ...world, random, database, mild: new RoughDatabase(around, new Random(`${seed}/${name}/mild`), "mild") };
  };
  const repeat = async (every: number, what: () => Promise<unknown>) => {
    while (!over()) {
      await sleep(Math.min(every, Math.max(0, until - performance.now())));
      await what();
    }
  };
  const stopAll = (error: unknown) => {
    failed.abort();
    throw error;
  };
  const jobs = [
    ...Object.entries(CLIENTS).flatMap(([name, { deed, clients }]) =>
      Array.from({ length: clients }, (_, index) => live(name, deed, clientOf(`${name} ${index}`), over)),
    ),
    repeat(LOOK_MS, () => look(admin, findings)),
    repeat(PRUNE_MS, () => prune(admin)),
  ];
  const ended = await Promise.allSettled(jobs.map((job) => job.catch(stopAll)));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  for (const database of databases) await database.settle();

  await look(admin, findings);
  const counted = (await countDeadlocks(admin)) - deadlocks;
  if (counted > 0) findings.violated("deadlock", `the database has counted ${counted}`);
  return findings;
}

async function live(name: string, deed: Deed, client: Client, over: () => boolean): Promise<void> {
  while (!over()) {
    try {
      await deed(client);
      client.findings.count(name);
    } catch (error) {
      // All tries were in vain. What Postgres refused was noted at that time.
      if (!(error instanceof DatabaseError)) throw new Error(`${name} failed`, { cause: error });
      client.findings.count(`${name} in vain`);
    }
    await sleep(client.random.integer(0, MAX_REST_MS));
  }
}
