import { randomUUID } from "node:crypto";
import type { ExecutionRecord } from "../../schema/queries/dispatches/record-executions.ts";
import type { TestDatabase } from "./database.ts";
import type { DispatchRow } from "./system.ts";

/** The columns of a dispatch that a test sets; the others are those of one that was just emitted to SCRIPTED. */
export type DispatchValues = Partial<
  Omit<DispatchRow, "next_attempt_at" | "lease_until" | "instance_id" | "missing_since" | "workflow"> & {
    next_attempt_at: Date;
    lease_until: Date;
    enqueued_at: Date;
    instance_id: string;
    workflow: string;
    missing_since: Date;
    max_retries: number;
    transformed: boolean;
    timeout_seconds: number;
  }
>;

/** Inserts an event with one dispatch, as if the hub had done it. Returns the dispatch's id. */
export async function insertDispatch(
  database: TestDatabase,
  values: DispatchValues = {},
  payload: object = {},
): Promise<string> {
  const [event] = await database.query<{ id: string }>(
    "insert into eventhub.events (id, payload, payload_bytes) values ($1, $2, $3) returning id",
    [randomUUID(), JSON.stringify(payload), JSON.stringify(payload).length],
  );
  const columns = {
    id: randomUUID(),
    event_id: event?.id,
    destination: "SCRIPTED",
    route: "scripted",
    max_retries: 3,
    retry_delay: { type: "constant", interval: 0 },
    timeout_seconds: 30,
    next_attempt_at: new Date(Date.now() - 1_000),
    ...values,
  };
  const names = Object.keys(columns);
  await database.query(
    `insert into eventhub.dispatches (${names.join(", ")}) values (${names.map((_, index) => `$${index + 1}`).join(", ")})`,
    Object.values(columns),
  );
  return columns.id;
}

export async function readDispatch(database: TestDatabase, id: string): Promise<DispatchRow> {
  const [row] = await database.query<DispatchRow>("select * from eventhub.dispatches where id = $1", [id]);
  if (row === undefined) throw new Error(`no dispatch ${id}`);
  return row;
}

/** A record of a dispatch's first attempt, which is complete unless a test changes it. */
export const completed = (
  dispatchId: string,
  claim: string,
  values: Partial<ExecutionRecord> = {},
): ExecutionRecord => ({
  dispatchId,
  attempt: 1,
  claim,
  result: "complete",
  reason: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
  status: "complete",
  delaySeconds: 0,
  decisive: true,
  ...values,
});
