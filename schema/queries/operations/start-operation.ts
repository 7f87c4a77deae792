import { type SQL, sql } from "drizzle-orm";
import type { OperationAction, OperationState } from "../../vocabulary/statuses.ts";

/** A row of `operations`. */
export interface OperationRow {
  id: string;
  actor: string;
  action: OperationAction;
  arguments: Readonly<Record<string, unknown>>;
  state: OperationState;
  position: string | null;
  examined: number;
  affected: number;
  expected: number | null;
  expected_exact: boolean | null;
  stopped_by: string | null;
  created_at: Date;
  updated_at: Date;
  finished_at: Date | null;
}

export interface NewOperation {
  id: string;
  actor: string;
  action: OperationAction;
  arguments: object;
  /** What the operation's preview said. */
  expected?: { dispatches: number; exact: boolean } | undefined;
}

/** Notes an operation. If its id already exists, nothing changes. */
export function startOperation({ id, actor, action, arguments: args, expected }: NewOperation): SQL<never> {
  return sql<never>`
    insert into eventhub.operations (id, actor, action, arguments, expected, expected_exact)
    values (${id}::uuid, ${actor}, ${action}, ${JSON.stringify(args)}::jsonb, ${expected?.dispatches ?? null}, ${expected?.exact ?? null})
    on conflict do nothing`;
}

export function readOperation(id: string): SQL<OperationRow> {
  return sql<OperationRow>`select * from eventhub.operations where id = ${id}::uuid`;
}

/** Reads the operation with this id, and whether it is the same: the same action with equal arguments. */
export function readSameOperation({
  id,
  action,
  arguments: args,
}: NewOperation): SQL<OperationRow & { same: boolean }> {
  return sql<OperationRow & { same: boolean }>`
    select *, action = ${action} and arguments = ${JSON.stringify(args)}::jsonb as same
    from eventhub.operations where id = ${id}::uuid`;
}

/** The hub takes up bulk work that nobody has advanced for this many seconds. */
export const ABANDONED_SECONDS = 30;

/**
 * Bulk work that nobody has advanced for a while: its Worker has died, or ran out of time. The one whose last try is longest ago comes first, so that
 * work that always fails does not keep others waiting.
 */
export function findAbandonedOperations(idleSeconds: number, limit: number): SQL<OperationRow> {
  return sql<OperationRow>`
    select * from eventhub.operations
    where state = 'running' and updated_at < now() - make_interval(secs => ${idleSeconds}) order by updated_at, id limit ${limit}`;
}

/** Notes that an operation was tried in vain, so that others come first the next time. */
export function noteTried(id: string): SQL<never> {
  return sql<never>`update eventhub.operations set updated_at = now() where id = ${id}::uuid and state = 'running'`;
}

/** Ends an operation that only leaves a note. */
export function finishOperation(id: string): SQL<never> {
  return sql<never>`
    update eventhub.operations set state = 'finished', finished_at = now()
    where id = ${id}::uuid and action = 'note_incident' and state = 'running'`;
}
