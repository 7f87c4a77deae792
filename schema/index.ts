/** The database: tables and views for drizzle, and the connection. */
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type RunOptions,
} from "./database/connection.ts";
export { DatabaseError } from "./database/database-error.ts";
export { flow, waitingDispatches } from "./flow-views.ts";
export { destinations, dispatches, eventhub, events, executions, heartbeats, operations } from "./tables.ts";
export {
  destinationHealth,
  dispatchTimeline,
  failedDispatches,
  invalidEvents,
  lostDispatches,
  overdueDispatches,
} from "./views.ts";
export {
  DISPATCH_STATUSES,
  type DispatchStatus,
  EXECUTION_RESULTS,
  type ExecutionResult,
  OPERATION_ACTIONS,
  OPERATION_STATES,
  type OperationAction,
  type OperationState,
} from "./vocabulary/statuses.ts";
