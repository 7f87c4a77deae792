import type { Database } from "../schema/database/connection.ts";
import { type ExecutionRecord, recordExecutions } from "../schema/queries/dispatches/record-executions.ts";
import { errorText, log } from "../schema/text/log.ts";
import { FLUSH_INTERVAL_MS } from "../schema/vocabulary/limits.ts";

/** Records results as they land, in few statements. Nothing that was added is dropped: what could not be recorded, `close` gives back. */
export interface Recorder {
  add(record: ExecutionRecord): void;
  /** Records what is left and gives back what could not be recorded. */
  close(): Promise<ExecutionRecord[]>;
}

export function openRecorder(database: Database, instanceId: string): Recorder {
  let pending: ExecutionRecord[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flushing: Promise<void> = Promise.resolve();

  const flush = async () => {
    const records = pending;
    pending = [];
    if (records.length === 0) return;
    try {
      await database.run(recordExecutions(records, instanceId));
    } catch (error) {
      log("warn", "execution.record_failed", { instanceId, records: records.length, error: errorText(error) });
      pending = [...records, ...pending];
    }
  };

  return {
    add(record) {
      pending.push(record);
      timer ??= setTimeout(() => {
        timer = undefined;
        flushing = flushing.then(flush);
      }, FLUSH_INTERVAL_MS);
    },
    async close() {
      if (timer !== undefined) clearTimeout(timer);
      await flushing;
      await flush();
      return pending;
    },
  };
}
