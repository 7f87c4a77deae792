import { requeueUnclaimed, takeBackRequeue } from "../../../schema/queries/dispatches/requeue-unclaimed.ts";
import { toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import { noteResent } from "../../../schema/queries/setup/beat.ts";
import { enqueueCommitted } from "../../../workflows/enqueue-committed.ts";
import type { ExecutorContext } from "../context.ts";
import type { Look } from "./where-to-look.ts";

/** The most dispatches in a statement, and the most statements in a run. The next run does the rest. */
const BATCH_ROWS = 1_000;
const MAX_BATCHES = 10;

/** Enqueues overdue dispatches again that no Workflow instance has claimed. Returns their number. */
export async function requeue({ env, database }: ExecutorContext, { graceSeconds, turn }: Look): Promise<number> {
  let requeued = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const rows = await database.run(requeueUnclaimed({ graceSeconds, limit: BATCH_ROWS, turn }));
    const notices = rows.map((row) => toNotice(row, row.enqueues));
    if (!(await enqueueCommitted(env.EVENTHUB_QUEUE, notices))) {
      await database.run(takeBackRequeue(rows));
      break;
    }
    requeued += rows.length;
    if (rows.length < BATCH_ROWS) break;
  }
  if (requeued > 0) await database.run(noteResent());
  return requeued;
}
