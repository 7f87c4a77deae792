import { randomUUID } from "node:crypto";
import type { SQL } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import type { ExecutionRecord } from "../../schema/queries/dispatches/record-executions.ts";
import { type Arrival, arrive } from "../../schema/queries/flow/arrive.ts";
import { readTaken, type TakeArguments, type Taken, type TakenRow, take } from "../../schema/queries/flow/take.ts";
import { idArray } from "../../schema/queries/fragments/list-conditions.ts";
import { makeTurn } from "../../workflows/flow/turn.ts";
import { createDatabase, type TestDatabase } from "./database.ts";

/** Gives a test file its own database, which is empty before each test. */
export function useDatabase(give: (stored: TestDatabase, database: Database) => void): void {
  let stored: TestDatabase | undefined;
  beforeAll(async () => {
    stored = await createDatabase();
    give(stored, openDatabase(stored));
  });
  beforeEach(() => stored?.clear());
  afterAll(() => stored?.drop());
}

/** A waiting dispatch, with an event of its own. */
export interface Waiting {
  destination?: string;
  /** Default: the shared key. */
  key?: string;
  /** The key of an order. */
  order?: string;
  /** Default now. */
  dueInSeconds?: number;
  timeoutSeconds?: number;
  maxRetries?: number;
}

/** Inserts dispatches of destinations with limits, as if they were emitted one after another. Returns their ids. */
export async function insertWaiting(database: TestDatabase, rows: readonly Waiting[]): Promise<string[]> {
  const inserted = await database.query<{ id: string }>(
    `with given as (
       select r.*, eventhub.new_id() as event_id, eventhub.new_id() as id from rows from (json_to_recordset($1::json) as
         (destination text, key text, "order" text, "dueInSeconds" float8, "timeoutSeconds" int, "maxRetries" int)) with ordinality as
         r(destination, key, "order", "dueInSeconds", "timeoutSeconds", "maxRetries", n)
     ), event as (
       insert into eventhub.events (id, payload, payload_bytes) select event_id, '{"a":1}', 7 from given returning id
     )
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, flow_key, order_key, seq, waiting, next_attempt_at)
     select g.id, g.event_id, coalesce(g.destination, 'LIMITED'), 'route', coalesce("maxRetries", 0), '{"type":"constant","interval":0}',
       coalesce(g."timeoutSeconds", 10), coalesce(g.key, ''), g."order", case when g."order" is not null then nextval('eventhub.turns') end, g."order" is null,
       now() + make_interval(secs => coalesce(g."dueInSeconds", 0) + (g.n - 1000) * 0.001)
     from (select * from given order by n) g join event e on e.id = g.event_id order by g.n
     returning id`,
    [JSON.stringify(rows)],
  );
  return inserted.map(({ id }) => id);
}

/** Makes a dispatch fail for good and hold its order, without a call. */
export async function failAndHold(database: TestDatabase, id: string): Promise<void> {
  await database.query(
    "update eventhub.dispatches set status = 'failed', resulted_at = now(), reason = 'HTTP 500', waiting = false, held = true where id = $1",
    [id],
  );
}

/** Ends the leases of all calls in flight. */
export async function endLeases(database: TestDatabase): Promise<void> {
  await database.query("update eventhub.flights set until = now() - interval '1 second'");
  await database.query("update eventhub.flow_destinations set reap_at = now() - interval '1 second'");
}

/** Reports that dispatches have arrived. Returns what is wanted for them. */
export async function arrived(
  database: Database,
  ids: readonly string[] | SQL,
  {
    rules = {},
    destination = "LIMITED",
    size = 16,
    full = false,
  }: { rules?: FlowRules; destination?: string; size?: number; full?: boolean } = {},
): Promise<Arrival | undefined> {
  const [[row]] = await database.transaction<[{ arrival: Arrival }]>([
    arrive(destination, Array.isArray(ids) ? idArray(ids) : (ids as SQL), { rules, size, full }),
  ]);
  return row?.arrival;
}

/** A Workflow instance that takes dispatches itself, but calls nobody. */
export class Puller {
  readonly #database: Database;
  readonly #common: Omit<TakeArguments, "token" | "underWay" | "begins" | "room">;
  readonly #open = new Map<string, string>();
  #begins = true;

  constructor(
    database: Database,
    rules: FlowRules,
    { instanceId = randomUUID() as string, destination = "LIMITED" } = {},
  ) {
    this.#database = database;
    this.#common = { destination, rules, instanceId, workflow: "DISPATCH", budgetSeconds: 90 };
  }

  /** Takes dispatches that may be called. */
  async take(room = 16, token: string = randomUUID()): Promise<Taken & { rows: TakenRow[]; ids: string[] }> {
    const of = { underWay: this.#open.size, begins: this.#begins };
    this.#begins = false;
    const [[taken], rows] = await this.#database.transaction<[{ taken: Taken }, TakenRow]>([
      take({ ...this.#common, ...of, token, room }),
      readTaken(token),
    ]);
    for (const { id } of rows) this.#open.set(id, token);
    return { taken: 0, more: false, pace: false, ...taken?.taken, rows, ids: rows.map(({ id }) => id) };
  }

  /** Records the result of a dispatch that was taken, and takes nothing more. */
  async end(
    row: TakenRow,
    result: "complete" | "failed" = "complete",
    given: Partial<ExecutionRecord> = {},
  ): Promise<void> {
    const at = new Date().toISOString();
    const record: ExecutionRecord = {
      dispatchId: row.id,
      attempt: row.attempts + 1,
      claim: this.#open.get(row.id) ?? "",
      result,
      reason: null,
      startedAt: at,
      finishedAt: at,
      status: result,
      delaySeconds: 0,
      decisive: result === "complete",
      ...given,
    };
    this.#open.delete(row.id);
    const { destination, rules, instanceId } = this.#common;
    await makeTurn(this.#database, { destination, rules, instanceId, landed: [record] });
  }
}

/**
 * The item at an index of a list.
 *
 * @throws Error if there is none.
 */
export function nth<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`the list has ${list.length} items, and none at ${index}`);
  return item;
}
