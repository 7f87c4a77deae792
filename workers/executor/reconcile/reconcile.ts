import type { RouteConfig } from "../../../schema/config/routes.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { replaceInstance } from "../../../schema/queries/dispatches/advance-generation.ts";
import { findOverdueOwned, type OverdueRow } from "../../../schema/queries/dispatches/find-overdue-owned.ts";
import { noteSighting, type Sighting } from "../../../schema/queries/dispatches/note-sighting.ts";
import { requeueUnclaimed, takeBackRequeue } from "../../../schema/queries/dispatches/requeue-unclaimed.ts";
import { type NoticeRow, toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import { type DispatchNotice, enqueue } from "../../../schema/queue/messages.ts";
import { errorText, log } from "../../../schema/text/log.ts";
import type { ExecutorEnv } from "../../../workflows/env.ts";
import { graceSecondsOf } from "../../../workflows/grace.ts";
import { forEachAtOnce } from "../at-once.ts";
import type { Created } from "../consume/create-instances.ts";
import { CONCURRENT_QUESTIONS, MAX_ASKING_MS, MAX_INSTANCES } from "../limits.ts";
import { workflowOf } from "../workflow-binding.ts";
import { type Cared, careForBreakers, drain } from "./breakers.ts";
import { type Evidence, inspectInstance, nudgeInstance, terminateInstance } from "./instance-state.ts";
import { type Expired, expire } from "./prune.ts";

/** Nudges without a claim after which an instance is ended and replaced. */
export const MAX_NUDGES = 5;

/** Rows a statement that enqueues, and such statements a run; their product is what instances are looked for at once. What is left over is the next run's. */
const BATCH_ROWS = 1_000;
const MAX_BATCHES = 10;

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
  const cared: Cared = { tripped: 0, closed: 0, probed: 0, drained: 0 };
  let expired: Expired = { rows: 0, payloads: 0 };
  const graceSeconds = graceSecondsOf(context.env);
  // They were enqueued before, and given up when their destination was paused: an instance of theirs may be there.
  const again = (rows: readonly NoticeRow[]) =>
    send(
      context.env,
      rows.map((row) => toNotice(row, 2)),
    );
  await inParts({
    requeue: () => requeue(context, graceSeconds, done),
    breakers: async () => Object.assign(cared, await careForBreakers({ ...context, send: again })),
    drain: async () => (cared.drained = await drain({ ...context, send: again })),
    expire: async () => (expired = await expire(context)),
    // Last: the engine may take its time to answer.
    instances: () => lookAfterOwned(context, graceSeconds, done),
  });
  const counts = [done, cared, expired].flatMap((part): number[] => Object.values(part));
  if (counts.some((count) => count > 0)) log("info", "reconciled", { ...done, ...cared, expired });
  return { ...done, ...cared, expired };
}

/** One after another; what one throws keeps no other from its turn, and is thrown in the end. */
async function inParts(parts: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const errors: unknown[] = [];
  for (const [part, run] of Object.entries(parts)) {
    try {
      await run();
    } catch (error) {
      log("error", "reconcile.part_failed", { part, error: errorText(error) });
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Where a run looks beyond what is oldest: mostly near by, where what waits after an outage is, and now and then anywhere. */
const nextTurn = () => Math.random() ** 8;

async function requeue({ env, database }: ExecutorContext, graceSeconds: number, done: Found): Promise<void> {
  const turn = nextTurn();
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const rows = await database.run(requeueUnclaimed({ graceSeconds, limit: BATCH_ROWS, turn }));
    const notices = rows.map((row) => toNotice(row, row.enqueues));
    if (!(await send(env, notices))) {
      await database.run(takeBackRequeue(rows));
      return;
    }
    done.requeued += rows.length;
    if (rows.length < BATCH_ROWS) return;
  }
}

async function lookAfterOwned(context: ExecutorContext, graceSeconds: number, done: Found): Promise<void> {
  const until = Date.now() + MAX_ASKING_MS;
  // One look a run: to find whom to ask about may take longer than to ask.
  const found = findOverdueOwned({ graceSeconds, limit: MAX_BATCHES * BATCH_ROWS, turn: nextTurn() });
  const rows = await context.database.run(found);
  const owned = [...Map.groupBy(rows, (row) => `${row.workflow} ${row.instance_id}`).values()];
  const unknown: OverdueRow[] = [];
  await forEachAtOnce(owned.slice(0, MAX_INSTANCES), CONCURRENT_QUESTIONS, async (members) => {
    if (Date.now() < until && (await tryToLookAfter(context, members, done)) === "unknown") unknown.push(...members);
  });
  // In one statement, so that an engine which does not answer costs little; and the next run begins with others.
  if (unknown.length > 0) await context.database.run(noteSighting(unknown, "unknown"));
}

async function tryToLookAfter(context: ExecutorContext, rows: OverdueRow[], done: Found): Promise<unknown> {
  try {
    return await lookAfter(context, rows, done);
  } catch (error) {
    // What could not be written of one instance is a later run's; the others' turn comes all the same.
    log("warn", "reconcile.failed", { instanceId: rows[0]?.instance_id, error: errorText(error) });
    return undefined;
  }
}

/** Decides for the rows of one instance; answers `unknown` if the engine could not be asked. @throws DatabaseError */
async function lookAfter(context: ExecutorContext, rows: OverdueRow[], done: Found): Promise<unknown> {
  const [first] = rows;
  if (first === undefined) return;
  const note = (sighting: Sighting) => context.database.run(noteSighting(rows, sighting));

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
      return "unknown";
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
          : undefined;
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
): Promise<void> {
  const { lostAfterSeconds } = context.config;
  const rows = await context.database.run(replaceInstance(members, { instanceId, lostAfterSeconds }));
  const lost = rows.filter(({ status }) => status === "lost");
  const ongoing = rows.filter(({ status }) => status === "ongoing");
  for (const { id, destination } of lost) log("error", "dispatch.lost", { dispatchId: id, destination, instanceId });
  if (ongoing.length > 0) log("warn", "instance.replaced", { instanceId, dispatches: ongoing.length });
  await send(
    context.env,
    ongoing.map((row) => toNotice(row)),
  );
  if (done !== undefined) {
    done.replaced += ongoing.length;
    done.lost += lost.length;
  }
}

/**
 * An instance was there already for dispatches that were enqueued again because nobody had claimed them: it may be asleep in an engine that
 * died, have ended before its first claim, or be gone while its name is still taken. What `enqueues` times could not get to a claim goes to
 * the next generation, also when its instance seems alive.
 */
export async function lookAfterUnclaimed(
  { group, instanceId }: Created,
  enqueues: number,
  context: ExecutorContext,
): Promise<void> {
  const workflow = workflowOf(context.env, group.workflow);
  if (workflow === undefined) return;
  const evidence = await inspectInstance(workflow, instanceId);
  const stuck = evidence === "alive" && enqueues > MAX_NUDGES;
  if (evidence === "ended" || evidence === "missing" || stuck) await replace(context, group.members, instanceId);
  else if (evidence === "alive" || evidence === "queued") await nudgeInstance(workflow, instanceId);
}

/** False if the queue refused: the rows stay as they are, and a later run enqueues them. */
async function send(env: ExecutorEnv, notices: readonly DispatchNotice[]): Promise<boolean> {
  try {
    await enqueue(env.EVENTHUB_QUEUE, notices);
    return true;
  } catch (error) {
    log("warn", "enqueue.failed", { dispatches: notices.length, error: errorText(error) });
    return false;
  }
}
