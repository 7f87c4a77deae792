import type { Database } from "../../schema/database.ts";
import { enqueue } from "../../schema/messages.ts";
import { replaceInstance } from "../../schema/queries/advance-generation.ts";
import { findOverdueOwned, type OverdueRow } from "../../schema/queries/find-overdue-owned.ts";
import { noteSighting } from "../../schema/queries/note-sighting.ts";
import { type NoticeRow, toNotice } from "../../schema/queries/notice-columns.ts";
import { requeueUnclaimed } from "../../schema/queries/requeue-unclaimed.ts";
import type { RouteConfig } from "../../schema/routes.ts";
import { type ExecutorEnv, graceSecondsOf } from "../../workflows/env.ts";
import { errorText, log } from "../../workflows/log.ts";
import { type Cared, careForDestinations } from "./care.ts";
import type { Created } from "./create-instances.ts";
import { type Expired, expire } from "./expire.ts";
import { type Evidence, inspectInstance, nudgeInstance, terminateInstance } from "./inspect-instance.ts";
import { workflowOf } from "./workflow-of.ts";

/** Nudges without a claim after which an instance is ended and replaced. */
export const MAX_NUDGES = 5;

/** Rows a statement, and statements of each kind a run: what is left over is the next run's. */
const BATCH_ROWS = 1_000;
const MAX_BATCHES = 10;

/** Instances asked about at once. */
const CONCURRENT_QUESTIONS = 20;

/** What one run did, in dispatches, and what it did beside: for destinations, and of retention. */
export interface Reconciled extends Cared {
  requeued: number;
  nudged: number;
  waiting: number;
  missing: number;
  paused: number;
  replaced: number;
  lost: number;
  expired: Expired;
}

type Found = Omit<Reconciled, keyof Cared | "expired">;

/** What the executor works with. */
export interface ExecutorContext {
  env: ExecutorEnv;
  database: Database;
  config: RouteConfig;
}

/**
 * Compares what Postgres says is overdue with what the Workflow engine knows, and puts it right. Two runs at once do no harm: each write holds
 * only while what was read still does.
 */
export async function reconcile(context: ExecutorContext): Promise<Reconciled> {
  const done: Found = { requeued: 0, nudged: 0, waiting: 0, missing: 0, paused: 0, replaced: 0, lost: 0 };
  const graceSeconds = graceSecondsOf(context.env);
  await requeue(context, graceSeconds, done);
  await lookAfterOwned(context, graceSeconds, done);
  const cared = await careForDestinations(context, (rows) => send(context.env, rows, true));
  const expired = await expire(context);
  const counts = [done, cared, expired].flatMap((part): number[] => Object.values(part));
  if (counts.some((count) => count > 0)) log("info", "reconciled", { ...done, ...cared, expired });
  return { ...done, ...cared, expired };
}

async function requeue({ env, database }: ExecutorContext, graceSeconds: number, done: Found): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const rows = await database.run(requeueUnclaimed({ graceSeconds, limit: BATCH_ROWS }));
    if (!(await send(env, rows, true))) return;
    done.requeued += rows.length;
    if (rows.length < BATCH_ROWS) return;
  }
}

async function lookAfterOwned(context: ExecutorContext, graceSeconds: number, done: Found): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const rows = await context.database.run(findOverdueOwned({ graceSeconds, limit: BATCH_ROWS }));
    const instances = [...Map.groupBy(rows, (row) => `${row.workflow} ${row.instance_id}`).values()];
    let moved = 0;
    for (let start = 0; start < instances.length; start += CONCURRENT_QUESTIONS) {
      const slice = instances.slice(start, start + CONCURRENT_QUESTIONS);
      const results = await Promise.all(slice.map((members) => lookAfter(context, members, done)));
      moved += results.reduce((sum, count) => sum + count, 0);
    }
    // Rows that nothing was written of would be read again.
    if (rows.length < BATCH_ROWS || moved < rows.length) return;
  }
}

/** Decides for the rows of one instance, and says how many of them were written. */
async function lookAfter(context: ExecutorContext, rows: OverdueRow[], done: Found): Promise<number> {
  const [first] = rows;
  if (first === undefined) return 0;
  const note = async (sighting: Parameters<typeof noteSighting>[1]) =>
    (await context.database.run(noteSighting(rows, sighting), { idempotent: false })).length;

  const noteMissing = () => {
    if (rows.every((row) => row.missing_for_long)) return replace(context, rows, first.instance_id, done);
    done.missing += rows.length;
    return note("missing");
  };

  const workflow = workflowOf(context.env, first.workflow);
  // A destination's own Workflow was taken out of the configuration, and its instances with it.
  if (workflow === undefined) return noteMissing();
  const evidence = await inspectInstance(workflow, first.instance_id);
  switch (evidence satisfies Evidence) {
    case "unknown":
      return 0;
    case "queued":
      // Its turn will come; where the engine died before it began, the nudge starts it.
      await nudgeInstance(workflow, first.instance_id);
      done.waiting += rows.length;
      return note("waiting");
    case "paused":
      log("warn", "instance.paused", { instanceId: first.instance_id, dispatches: rows.length });
      done.paused += rows.length;
      return note("waiting");
    case "alive":
      if (rows.some((row) => row.nudges >= MAX_NUDGES)) {
        return (await terminateInstance(workflow, first.instance_id))
          ? replace(context, rows, first.instance_id, done)
          : 0;
      }
      await nudgeInstance(workflow, first.instance_id);
      done.nudged += rows.length;
      return note("nudged");
    case "missing":
      return noteMissing();
    case "ended":
      return replace(context, rows, first.instance_id, done);
  }
}

type Replaceable = Pick<OverdueRow, "id" | "generation">;

async function replace(
  context: ExecutorContext,
  members: readonly Replaceable[],
  instanceId: string,
  done?: Found,
): Promise<number> {
  const { lostAfterSeconds } = context.config;
  const rows = await context.database.run(replaceInstance(members, { instanceId, lostAfterSeconds }));
  const lost = rows.filter(({ status }) => status === "lost");
  const ongoing = rows.filter(({ status }) => status === "ongoing");
  for (const { id, destination } of lost) log("error", "dispatch.lost", { dispatchId: id, destination, instanceId });
  if (ongoing.length > 0) log("warn", "instance.replaced", { instanceId, dispatches: ongoing.length });
  await send(context.env, ongoing, false);
  if (done !== undefined) {
    done.replaced += ongoing.length;
    done.lost += lost.length;
  }
  return rows.length;
}

/**
 * An instance was there already for dispatches that were enqueued again because nobody had claimed them: it may be asleep in an engine that
 * died, or have ended before its first claim.
 */
export async function lookAfterUnclaimed({ group, instanceId }: Created, context: ExecutorContext): Promise<void> {
  const workflow = workflowOf(context.env, group.workflow);
  if (workflow === undefined) return;
  const evidence = await inspectInstance(workflow, instanceId);
  if (evidence === "ended") await replace(context, group.members, instanceId);
  else if (evidence === "alive" || evidence === "queued") await nudgeInstance(workflow, instanceId);
}

/** False if the queue refused: the rows stay as they are, and a later run enqueues them. */
async function send(env: ExecutorEnv, rows: readonly NoticeRow[], again: boolean): Promise<boolean> {
  try {
    await enqueue(
      env.EVENTHUB_QUEUE,
      rows.map((row) => toNotice(row, again)),
    );
    return true;
  } catch (error) {
    log("warn", "enqueue.failed", { dispatches: rows.length, error: errorText(error) });
    return false;
  }
}
