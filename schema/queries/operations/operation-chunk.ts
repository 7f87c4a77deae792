import { type SQL, sql } from "drizzle-orm";

/** One step of bulk work, from one position to the next. */
export interface Chunk {
  operationId: string;
  /** The operation's position when the chunk was read. If it is another one by now, somebody else has done this chunk. */
  position: string | null;
  next: string | null;
  /** How many dispatches or events the filter found in the chunk. */
  examined: number;
  /** Nothing comes after this chunk. */
  last: boolean;
}

/** A common table `op`: the operation, if it is still where it was when the chunk was read. It locks the operation's row. */
export const operationAt = ({ operationId, position }: Chunk): SQL => sql`
  op as materialized (
    select o.id, o.affected from eventhub.operations o
    where o.id = ${operationId}::uuid and o.state = 'running' and o.position is not distinct from ${position}::uuid
    for update
  )`;

/** Advances the operation by what the common table `affected` did. It is the same statement, so it is all or nothing. */
export const operationMoves = ({ next, examined, last }: Chunk, affected: SQL): SQL => sql`
  moves as (
    update eventhub.operations o set
      position = coalesce(${next}::uuid, o.position), examined = o.examined + ${examined},
      affected = o.affected + (select count(*) from ${affected}), updated_at = now(),
      state = ${last ? "finished" : "running"}, finished_at = ${last ? sql`now()` : sql`null`}
    from op where o.id = op.id
  )`;
