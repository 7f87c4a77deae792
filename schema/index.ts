/** The database: tables and views for drizzle, and the connection. */
export { type Database, DatabaseError, type DatabaseOptions, openDatabase, type RunOptions } from "./database.ts";
export { DISPATCH_STATUSES, type DispatchStatus, EXECUTION_RESULTS, type ExecutionResult } from "./statuses.ts";
export { destinations, dispatches, eventhub, events, executions } from "./tables.ts";
export { failedDispatches, lostDispatches } from "./views.ts";
