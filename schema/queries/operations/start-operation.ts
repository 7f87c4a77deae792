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
  created_at: Date;
  updated_at: Date;
  finished_at: Date | null;
}

export interface NewOperation {
  id: string;
  actor: string;
  action: OperationAction;
  arguments: object;
}

/** Notes an operation; one whose id is there already is left as it is. */
export function startOperation({ id, actor, action, arguments: args }: NewOperation): SQL<never> {
  return sql<never>`
    insert into eventhub.operations (id, actor, action, arguments)
    values (${id}::uuid, ${actor}, ${action}, ${JSON.stringify(args)}::jsonb)
    on conflict do nothing`;
}

export function readOperation(id: string): SQL<OperationRow> {
  return sql<OperationRow>`select * from eventhub.operations where id = ${id}::uuid`;
}

/** The operation with this one's id, and whether it is this one: the same action with equal arguments. */
export function readSameOperation({
  id,
  action,
  arguments: args,
}: NewOperation): SQL<OperationRow & { same: boolean }> {
  return sql<OperationRow & { same: boolean }>`
    select *, action = ${action} and arguments = ${JSON.stringify(args)}::jsonb as same
    from eventhub.operations where id = ${id}::uuid`;
}

/**
 * Bulk work that nobody has gone on with for a while: its Worker has died, or had no more time. The one that was last tried longest ago comes
 * first, so that what always fails keeps no other waiting.
 */
export function findAbandonedOperations(idleSeconds: number, limit: number): SQL<OperationRow> {
  return sql<OperationRow>`
    select * from eventhub.operations
    where state = 'running' and updated_at < now() - make_interval(secs => ${idleSeconds}) order by updated_at, id limit ${limit}`;
}

/** Notes that an operation was tried, in vain: others come first the next time. */
export function noteTried(id: string): SQL<never> {
  return sql<never>`update eventhub.operations set updated_at = now() where id = ${id}::uuid and state = 'running'`;
}

/** The newest operations. */
export function listOperations(limit: number): SQL<OperationRow> {
  return sql<OperationRow>`select * from eventhub.operations order by id desc limit ${limit}`;
}
