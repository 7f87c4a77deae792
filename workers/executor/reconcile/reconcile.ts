import { type NoticeRow, toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import { beat } from "../../../schema/queries/setup/beat.ts";
import { readSetup, type SetupRow } from "../../../schema/queries/setup/read-setup.ts";
import { errorText, log } from "../../../schema/text/log.ts";
import { tellSetup } from "../../../schema/text/setup-fault.ts";
import { enqueueCommitted } from "../../../workflows/enqueue-committed.ts";
import { graceSecondsOf } from "../../../workflows/grace.ts";
import type { ExecutorContext } from "../context.ts";
import { runBreakers } from "./breakers.ts";
import { drain } from "./drain.ts";
import { lookAfterFlows } from "./flows.ts";
import { nextTurn } from "./look.ts";
import { prune } from "./prune.ts";
import type { Reconciled } from "./reconciled.ts";
import { requeue } from "./requeue.ts";
import { NOTHING_RESCUED, rescue } from "./rescue.ts";

/**
 * Compares what Postgres says is overdue with what the Workflow engine knows, and puts it right. Two runs at once do no harm: each write holds
 * only while what was read still does.
 */
export async function reconcile(context: ExecutorContext): Promise<Reconciled> {
  const graceSeconds = graceSecondsOf(context.env);
  // They were enqueued before, and given up when their destination was paused: an instance of theirs may be there.
  const sendAgain = (rows: readonly NoticeRow[]) =>
    enqueueCommitted(
      context.env.EVENTHUB_QUEUE,
      rows.map((row) => toNotice(row, 2)),
    );
  const parts = new Parts();
  await parts.run("setup", undefined, () => beatAndLook(context));
  const requeued = await parts.run("requeue", 0, () => requeue(context, { graceSeconds, turn: nextTurn() }));
  const breakers = await parts.run("breakers", { tripped: 0, closed: 0, probed: 0 }, () =>
    runBreakers(context, sendAgain),
  );
  const drained = await parts.run("drain", 0, () => drain(context, sendAgain));
  // After the drain: what its last part has left may be called now.
  const started = await parts.run("flows", 0, () => lookAfterFlows(context, { graceSeconds, turn: nextTurn() }));
  const pruned = await parts.run("prune", { payloads: 0, rows: 0 }, () => prune(context));
  // Last: the engine may take its time to answer.
  const rescued = await parts.run("rescue", NOTHING_RESCUED, () => rescue(context, { graceSeconds, turn: nextTurn() }));
  parts.end();
  const counts = { requeued, ...rescued, ...breakers, drained, started };
  const anything = [...Object.values(counts), pruned.payloads, pruned.rows].some((count) => count > 0);
  if (anything) log("info", "reconciled", { ...counts, pruned });
  return { ...counts, pruned };
}

/** Says that this cron runs, and whether the hub's does and the queue is consumed. */
async function beatAndLook({ database }: ExecutorContext): Promise<undefined> {
  const [, setup] = await database.transaction<[never, SetupRow]>([beat("executor"), readSetup()]);
  tellSetup(setup);
}

/** Parts of a run, one after another; what one throws keeps no other from its turn, and is thrown in the end. */
class Parts {
  readonly #errors: unknown[] = [];

  /** Does a part, which gives `otherwise` if it fails. */
  async run<T>(part: string, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      log("error", "reconcile.part_failed", { part, error: errorText(error) });
      this.#errors.push(error);
      return otherwise;
    }
  }

  /** @throws The first error of a part. */
  end(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
