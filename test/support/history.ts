import { v7 as uuidv7 } from "uuid";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import type { OperatorContext } from "../../workers/hub/operator/context.ts";
import { compileRoutes } from "../../workers/hub/routing/index.ts";
import routing from "../workers/routing.json" with { type: "json" };
import type { TestDatabase } from "./database.ts";

/** A past dispatch, with an event of its own. */
export interface Past {
  status: string;
  destination?: string;
  route?: string;
  reason?: string;
  payload?: object | null;
  idempotencyKey?: string;
  /** When its event was emitted, it was created, and it got its result. Default now. */
  at?: Date;
  resultedAt?: Date;
  attempts?: number;
}

/** A past failure of BILLING. */
export const failed = (reason: string, at: Date, more: Partial<Past> = {}): Past => ({
  status: "failed",
  destination: "BILLING",
  reason,
  at,
  ...more,
});

/** Inserts dispatches in one statement, with ids of their time. Returns the ids in the same order. */
export async function insertHistory(
  database: TestDatabase,
  rows: readonly Past[],
): Promise<{ id: string; eventId: string }[]> {
  const made = rows.map((row, index) => {
    const at = row.at ?? new Date();
    const moment = { msecs: at.getTime(), seq: index };
    return {
      id: uuidv7(moment),
      event_id: uuidv7(moment),
      destination: row.destination ?? "SCRIPTED",
      route: row.route ?? "scripted",
      status: row.status,
      reason: row.reason ?? null,
      payload: row.payload === undefined ? { to: "SCRIPTED" } : row.payload,
      idempotency_key: row.idempotencyKey ?? null,
      at,
      resulted_at: row.status === "ongoing" ? null : (row.resultedAt ?? at),
      attempts: row.attempts ?? 0,
    };
  });
  const text = JSON.stringify(made);
  const typed = `json_to_recordset($1::json) as r(id uuid, event_id uuid, destination text, route text, status text, reason text, payload jsonb,
    idempotency_key text, at timestamptz, resulted_at timestamptz, attempts int)`;
  await database.query(
    `insert into eventhub.events (id, payload, payload_bytes, idempotency_key, created_at)
     select event_id, nullif(payload, 'null'), 20, idempotency_key, at from ${typed}`,
    [text],
  );
  await database.query(
    `insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, status, reason, attempts,
       next_attempt_at, enqueued_at, created_at, resulted_at)
     select id, event_id, destination, route, 3, '{"type":"constant","interval":0}', 30, status, reason, attempts, at, at, at, resulted_at
     from ${typed}`,
    [text],
  );
  return made.map(({ id, event_id }) => ({ id, eventId: event_id }));
}

/** The context of an operator with the tests' configuration. What it enqueues is kept in `enqueued`. */
export function operatorOn(
  database: TestDatabase,
  changes: Partial<OperatorContext> = {},
): OperatorContext & { enqueued: string[] } {
  const enqueued: string[] = [];
  const routes = compileRoutes(routing);
  return {
    database: openDatabase(database),
    routes: () => routes,
    enqueue: async (notices) => {
      enqueued.push(...notices.map(({ id }) => id));
    },
    actor: "tests",
    deadline: Number.POSITIVE_INFINITY,
    enqueued,
    ...changes,
  };
}

/** A database whose caller dies at the n-th statement: before the statement is sent, or after it has run but before the answer is read. */
export function dyingDatabase(database: Database, dies: { at: number; after: boolean }): Database {
  let calls = 0;
  const mortal = async <T>(send: () => Promise<T>): Promise<T> => {
    calls++;
    if (calls > dies.at || (calls === dies.at && !dies.after)) throw new Error("the Worker has died");
    const answer = await send();
    if (calls === dies.at) throw new Error("the Worker has died");
    return answer;
  };
  return {
    run: (statement, options) => mortal(() => database.run(statement, options)),
    transaction: (statements, options) => mortal(() => database.transaction(statements, options)),
  };
}
