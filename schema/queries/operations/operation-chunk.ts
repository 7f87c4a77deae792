import { type SQL, sql } from "drizzle-orm";

/** One step of bulk work: from a position to the next. */
export interface Chunk {
  operationId: string;
  /** Where the work stood when the chunk was read; another position means that somebody else has done it. */
  position: string | null;
  next: string | null;
  /** Dispatches or events that the filter has found in it. */
  examined: number;
  /** There is nothing after it. */
  last: boolean;
}

/** The operation, if it still stands where the chunk was read: a common table `op` that holds its row until the statement ends. */
export const operationAt = ({ operationId, position }: Chunk): SQL => sql`
  op as materialized (
    select o.id, o.affected from eventhub.operations o
    where o.id = ${operationId}::uuid and o.state = 'running' and o.position is not distinct from ${position}::uuid
    for update
  )`;

/** Moves the operation on by what the common table `affected` did, in the same statement: all or nothing. */
export const operationMoves = ({ next, examined, last }: Chunk, affected: SQL): SQL => sql`
  moves as (
    update eventhub.operations o set
      position = coalesce(${next}::uuid, o.position), examined = o.examined + ${examined},
      affected = o.affected + (select count(*) from ${affected}), updated_at = now(),
      state = ${last ? "finished" : "running"}, finished_at = ${last ? sql`now()` : sql`null`}
    from op where o.id = op.id
  )`;
