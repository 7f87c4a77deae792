import pLimit from "p-limit";
import type { Member } from "../../../schema/queries/dispatches/claim-dispatches.ts";
import { findToRescue, type RescueRow } from "../../../schema/queries/dispatches/find-to-rescue.ts";
import { noteSighting } from "../../../schema/queries/dispatches/note-sighting.ts";
import { replaceInstance } from "../../../schema/queries/dispatches/replace-or-lose.ts";
import { toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { traceIdOf } from "../../../schema/trace/traceparent.ts";
import { enqueueCommitted } from "../../../workflows/enqueue-committed.ts";
import { CONCURRENT_QUESTIONS, MAX_ASKING_MS, MAX_INSTANCES, MAX_OVERDUE_ROWS } from "../asking-limits.ts";
import type { Created } from "../consume/create-instances.ts";
import type { ExecutorContext } from "../context.ts";
import { workflowOf } from "../workflow-binding.ts";
import { type InstanceState, nudgeInstance, readInstanceState, terminateInstance } from "./instance-state.ts";
import type { Rescued } from "./reconciled.ts";
import type { Look } from "./where-to-look.ts";

/** After this many nudges without a claim, an instance is terminated and replaced. */
export const MAX_NUDGES = 5;

/** The result of a run that examined no instance. */
export const NOTHING_RESCUED: Rescued = { nudged: 0, waiting: 0, missing: 0, paused: 0, replaced: 0, lost: 0 };

/** The action for the dispatches of an instance. */
type Remedy = "ask again" | "nudge" | "wait" | "leave paused" | "note missing" | "terminate" | "replace";

/** Asks the engine about the instances that own overdue dispatches, and rescues the dispatches accordingly. */
export async function rescue(context: ExecutorContext, { graceSeconds, turn }: Look): Promise<Rescued> {
  const rescued = { ...NOTHING_RESCUED };
  const until = Date.now() + MAX_ASKING_MS;
  // Once per run, because finding the instances may take longer than asking about them.
  const rows = await context.database.run(findToRescue({ graceSeconds, limit: MAX_OVERDUE_ROWS, turn }));
  const owned = [...Map.groupBy(rows, (row) => `${row.workflow} ${row.instance_id}`).values()];
  const unknown: RescueRow[] = [];
  await pLimit(CONCURRENT_QUESTIONS).map(owned.slice(0, MAX_INSTANCES), async (members) => {
    if (Date.now() >= until) return;
    const done = await rescueInstance(context, members);
    if (done === "unknown") unknown.push(...members);
    else for (const [what, count] of Object.entries(done)) rescued[what as keyof Rescued] += count;
  });
  // In one statement, so that an engine that does not answer costs little. The next run begins with other instances.
  if (unknown.length > 0) await context.database.run(noteSighting(unknown, "unknown"));
  return rescued;
}

/** Rescues the dispatches of one instance; `unknown` if the engine could not be asked. Never throws. */
async function rescueInstance(context: ExecutorContext, rows: RescueRow[]): Promise<Partial<Rescued> | "unknown"> {
  const [first] = rows;
  if (first === undefined) return {};
  const { instance_id: instanceId } = first;
  try {
    const workflow = workflowOf(context.env, first.workflow);
    // The destination's own Workflow, and so its instances, were removed from the configuration.
    const state = workflow === undefined ? "missing" : await readInstanceState(workflow, instanceId);
    const remedy = remedyFor(state, rows);
    if (remedy === "ask again") return "unknown";
    return await apply(remedy, { context, rows, instanceId, workflow });
  } catch (error) {
    // A later run repeats what could not be written for one instance. The other instances are not affected.
    log("warn", "reconcile.failed", { instanceId, error: errorText(error) });
    return {};
  }
}

function remedyFor(state: InstanceState, rows: readonly RescueRow[]): Remedy {
  switch (state) {
    case "unknown":
      return "ask again";
    case "queued":
      return "wait";
    case "paused":
      return "leave paused";
    case "alive":
      return rows.some((row) => row.nudges >= MAX_NUDGES) ? "terminate" : "nudge";
    case "missing":
      return rows.every((row) => row.missing_for_long) ? "replace" : "note missing";
    case "ended":
      return "replace";
  }
}

interface Case {
  context: ExecutorContext;
  rows: readonly RescueRow[];
  instanceId: string;
  workflow: ReturnType<typeof workflowOf>;
}

/** @throws DatabaseError */
async function apply(remedy: Exclude<Remedy, "ask again">, { context, rows, instanceId, workflow }: Case) {
  const { database } = context;
  const dispatches = rows.length;
  switch (remedy) {
    case "nudge":
      if (workflow !== undefined) await nudgeInstance(workflow, instanceId);
      await database.run(noteSighting(rows, "nudged"));
      return { nudged: dispatches };
    case "wait":
      // The instance waits for its turn. If its engine died before it began, the nudge starts it.
      if (workflow !== undefined) await nudgeInstance(workflow, instanceId);
      await database.run(noteSighting(rows, "waiting"));
      return { waiting: dispatches };
    case "leave paused":
      log("warn", "instance.paused", { instanceId, dispatches });
      await database.run(noteSighting(rows, "waiting"));
      return { paused: dispatches };
    case "note missing":
      await database.run(noteSighting(rows, "missing"));
      return { missing: dispatches };
    case "terminate":
      if (workflow !== undefined && !(await terminateInstance(workflow, instanceId))) return {};
      return replace(context, rows, instanceId);
    case "replace":
      return replace(context, rows, instanceId);
  }
}

/** Moves dispatches from a dead or stuck instance to the next generation, or gives them up as lost. @throws DatabaseError */
async function replace(
  { env, database, config: { lostAfterSeconds } }: ExecutorContext,
  members: readonly Member[],
  instanceId: string,
): Promise<Pick<Rescued, "replaced" | "lost">> {
  const rows = await database.run(replaceInstance(members, { instanceId, lostAfterSeconds }));
  const lost = rows.filter(({ status }) => status === "lost");
  const ongoing = rows.filter(({ status }) => status === "ongoing");
  for (const { id: dispatchId, event_id: eventId, traceparent, destination } of lost)
    log("error", "dispatch.lost", { dispatchId, eventId, traceId: traceIdOf(traceparent), destination, instanceId });
  if (ongoing.length > 0) log("warn", "instance.replaced", { instanceId, dispatches: ongoing.length });
  await enqueueCommitted(
    env.EVENTHUB_QUEUE,
    ongoing.map((row) => toNotice(row)),
  );
  return { replaced: ongoing.length, lost: lost.length };
}

/**
 * Handles dispatches that were enqueued again because nobody had claimed them, but whose instance exists already. It may sleep in an engine that
 * died, have ended before its first claim, or be gone while its id is still taken. Dispatches that were enqueued more than {@link MAX_NUDGES} times
 * without a claim go to the next generation, even if their instance seems alive.
 */
export async function rescueUnclaimed(
  { group, instanceId }: Created,
  enqueues: number,
  context: ExecutorContext,
): Promise<void> {
  const workflow = workflowOf(context.env, group.workflow);
  if (workflow === undefined) return;
  const state = await readInstanceState(workflow, instanceId);
  const stuck = state === "alive" && enqueues > MAX_NUDGES;
  if (state === "ended" || state === "missing" || stuck) await replace(context, group.members, instanceId);
  else if (state === "alive" || state === "queued") await nudgeInstance(workflow, instanceId);
}
