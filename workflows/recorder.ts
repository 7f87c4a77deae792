import type { Database } from "../schema/database/connection.ts";
import { type ExecutionRecord, recordExecutions } from "../schema/queries/dispatches/record-executions.ts";
import { errorText } from "../schema/text/error-text.ts";
import { log } from "../schema/text/log.ts";
import { type Flusher, openFlusher } from "./flusher.ts";

/** Records results as they arrive, in few statements. */
export function openRecorder(database: Database, instanceId: string): Flusher<ExecutionRecord> {
  return openFlusher(async (records) => {
    try {
      await database.run(recordExecutions(records, instanceId));
      return [];
    } catch (error) {
      log("warn", "execution.record_failed", { instanceId, records: records.length, error: errorText(error) });
      return records;
    }
  });
}
