import { type SQL, sql } from "drizzle-orm";
import type { NewOperation, OperationRow } from "./start-operation.ts";

/**
 * Stops a running operation, and records `stop` as the operation that did so. Once this has committed, no further chunk begins. If the operation is
 * not running, or `stop` already exists, nothing changes. Returns the operation as it is then; no row if there is none.
 */
export function stopOperation(operation: string, stop: NewOperation): SQL<OperationRow> {
  return sql<OperationRow>`select * from eventhub.stop_operation(${operation}::uuid, ${stop.actor}, ${stop.id}::uuid)`;
}
