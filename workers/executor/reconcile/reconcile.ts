import { fingerprintOf } from "../../../schema/config/fingerprint.ts";
import { type NoticeRow, toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import { beginRun, endRun } from "../../../schema/queries/setup/beat.ts";
import { findNextLook } from "../../../schema/queries/setup/find-next-look.ts";
import { readSetup, type SetupRow } from "../../../schema/queries/setup/find-silent-parts.ts";
import { secondsBetween } from "../../../schema/text/cron-interval.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { tellSetup } from "../../../schema/text/setup-fault.ts";
import { alarmTimes } from "../../../schema/vocabulary/alarm-times.ts";
import { bindingFaults } from "../../../workflows/binding-fault.ts";
import { alarmOf, answerLook, arm } from "../../../workflows/call-alarm.ts";
import { enqueueCommitted } from "../../../workflows/enqueue-committed.ts";
import { graceSecondsOf } from "../../../workflows/read-grace.ts";
import type { ExecutorContext } from "../context.ts";
import { drain } from "./drain.ts";
import { lookAfterFlows } from "./look-after-flows.ts";
import { prune } from "./prune.ts";
import type { Reconciled } from "./reconciled.ts";
import { requeue } from "./requeue.ts";
import { NOTHING_RESCUED, rescue } from "./rescue.ts";
import { runBreakers } from "./run-breakers.ts";
import { nextTurn } from "./where-to-look.ts";

/** The cause of a run, if it was not an operator. */
export interface Call {
  /** The cron's expression. */
  cron?: string | undefined;
  /** The name of the look, if the alarm asked for it. */
  look?: string;
}

/**
 * Compares what is overdue in Postgres with what the Workflow engine knows, and repairs it. Then tells the hub's alarm, if there is one, the time of
 * the next look. Two runs at once do no harm: each write applies only if what was read is still true.
 */
export async function reconcile(context: ExecutorContext, { cron, look }: Call = {}): Promise<Reconciled> {
  const alarm = alarmOf(context.env);
  try {
    const { unfinished, ...reconciled } = await lookAtAll(context, cron);
    if (alarm !== undefined) await answerLook(alarm, { look: look ?? null, nextMs: await nextMs(context, unfinished) });
    return reconciled;
  } catch (error) {
    // If the alarm asked for this look, it asks again by itself.
    if (alarm !== undefined && look === undefined)
      await arm(alarm, alarmTimes(graceSecondsOf(context.env)).answerMs(0));
    throw error;
  }
}

async function nextMs({ env, database }: ExecutorContext, unfinished: boolean): Promise<number | null> {
  const graceSeconds = graceSecondsOf(env);
  const [row] = await database.run(
    findNextLook({ graceSeconds, unfinished, betweenMs: alarmTimes(graceSeconds).betweenMs }),
  );
  return row?.next_ms ?? null;
}

/** One run, and whether it left work for the next. */
async function lookAtAll(
  context: ExecutorContext,
  cron: string | undefined,
): Promise<Reconciled & { unfinished: boolean }> {
  const began = Date.now();
  const graceSeconds = graceSecondsOf(context.env);
  // They were enqueued before, and given up when their destination was paused. So they may have an instance, and count as enqueued again.
  const sendAgain = (rows: readonly NoticeRow[]) =>
    enqueueCommitted(
      context.env.EVENTHUB_QUEUE,
      rows.map((row) => toNotice(row, 2)),
    );
  const parts = new Parts();
  await parts.run("setup", undefined, () => beginAndLook(context, cron));
  const requeued = await parts.run("requeue", 0, () => requeue(context, { graceSeconds, turn: nextTurn() }));
  const breakers = await parts.run("breakers", { tripped: 0, closed: 0, probed: 0 }, () =>
    runBreakers(context, sendAgain),
  );
  const drained = await parts.run("drain", 0, () => drain(context, sendAgain));
  // After the drain, because the dispatches that it released may be called now.
  const flows = await parts.run("flows", { started: 0, unfinished: true }, () =>
    lookAfterFlows(context, { graceSeconds, turn: nextTurn() }),
  );
  const { unfinished, ...pruned } = await parts.run("prune", { payloads: 0, rows: 0, unfinished: true }, () =>
    prune(context),
  );
  // Last, because the engine may be slow to answer.
  const rescued = await parts.run("rescue", NOTHING_RESCUED, () => rescue(context, { graceSeconds, turn: nextTurn() }));
  const counts = { requeued, ...rescued, ...breakers, drained, started: flows.started };
  const anything = [...Object.values(counts), pruned.payloads, pruned.rows].some((count) => count > 0);
  if (anything) log("info", "reconciled", { ...counts, pruned });
  const found = { ...counts, prunedPayloads: pruned.payloads, prunedRows: pruned.rows };
  // If the database did not answer when the run began, it is not asked again.
  if (!parts.failed.includes("setup"))
    await parts.run("noting", undefined, () => noteEnd(context, began, { found, failed: parts.failed }));
  parts.end();
  return { ...counts, pruned, unfinished: unfinished || flows.unfinished };
}

/** Leaves the executor's heartbeat, and logs whether the hub runs and the queue is consumed. */
async function beginAndLook({ env, database, config }: ExecutorContext, cron: string | undefined): Promise<undefined> {
  const sleeps = alarmOf(env) !== undefined;
  const run = { configuration: await fingerprintOf(config), nextSeconds: secondsBetween(cron), sleeps };
  const [, setup] = await database.transaction<[never, SetupRow]>([beginRun("executor", run), readSetup()]);
  tellSetup(setup);
}

/** The counts of a run, and its parts that failed. */
interface RunEnd {
  found: Readonly<Record<string, number>>;
  failed: readonly string[];
}

/** Stores what the run has done, without zeros, and what bindings this Worker lacks. */
async function noteEnd(context: ExecutorContext, began: number, { found, failed }: RunEnd): Promise<undefined> {
  const unbound = bindingFaults(context.env as unknown as Readonly<Record<string, unknown>>, context.config);
  const noted = {
    ...Object.fromEntries(Object.entries(found).filter(([, count]) => count > 0)),
    ...(failed.length === 0 ? {} : { failed: failed.join(", ") }),
    ...(unbound.length === 0 ? {} : { unbound: shortened(unbound) }),
  };
  await context.database.run(endRun("executor", { tookMs: Date.now() - began, found: noted }));
}

/** The most faults of bindings that are listed. */
const MAX_NAMED = 5;

const shortened = (faults: readonly string[]): string =>
  [...faults.slice(0, MAX_NAMED), ...(faults.length > MAX_NAMED ? [`and ${faults.length - MAX_NAMED} more`] : [])].join(
    "; ",
  );

/** Runs the parts of a run one after another. An error of one does not stop the others; the first is thrown at the end. */
class Parts {
  readonly #errors: unknown[] = [];
  /** The names of the parts that failed. */
  readonly failed: string[] = [];

  /** Runs a part. Returns `otherwise` if it fails. */
  async run<T>(part: string, otherwise: T, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      log("error", "reconcile.part_failed", { part, error: errorText(error) });
      this.#errors.push(error);
      this.failed.push(part);
      return otherwise;
    }
  }

  /** @throws The first error of a part. */
  end(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
