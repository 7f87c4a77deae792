import pLimit from "p-limit";
import * as v from "valibot";
import { destinationOf } from "../../../schema/config/routes.ts";
import type { Member } from "../../../schema/queries/dispatches/claim-dispatches.ts";
import { findUnclaimed } from "../../../schema/queries/dispatches/find-unclaimed.ts";
import { idArray } from "../../../schema/queries/fragments/list-conditions.ts";
import { beat } from "../../../schema/queries/setup/beat.ts";
import {
  type DispatchMessage,
  DispatchMessage as DispatchMessageSchema,
  type DispatchNotice,
} from "../../../schema/queue/messages.ts";
import { errorText, log } from "../../../schema/text/log.ts";
import { startPullers } from "../../../workflows/flow/start-pullers.ts";
import { group, groupSizeOf } from "../../../workflows/group.ts";
import { learnedSizeOf, learnSize } from "../../../workflows/learned-sizes.ts";
import type { ExecutorContext } from "../context.ts";
import { CONCURRENT_QUESTIONS } from "../limits.ts";
import { rescueUnclaimed } from "../reconcile/rescue.ts";
import { startingFrom, workflowNameOf, workflowOf } from "../workflow-binding.ts";
import { type Created, createInstances } from "./create-instances.ts";

/** Waits before a message whose instances are not certain comes again, in seconds: 5, 10, 20, ... up to 10 minutes. The platform takes up to 24 h. */
const RETRY_BASE_SECONDS = 5;
const RETRY_MAX_SECONDS = 600;

/**
 * Makes Workflow instances of a batch of messages, and acknowledges a message only when each of its dispatches has an instance for certain.
 * A message that comes again makes the same instances, or others whose claims find the dispatches taken.
 */
export async function consume(batch: MessageBatch<DispatchMessage>, context: ExecutorContext): Promise<void> {
  const { env, config } = context;
  const messages = batch.messages.map((message) => ({ message, notices: readNotices(message) }));
  const told = new Map(messages.flatMap((entry) => entry.notices).map((notice) => [keyOf(notice), notice]));
  // Beside the others: neither waits for the other.
  const arriving = tellArrivals(
    [...told.values()].filter(({ flow }) => flow === true),
    context,
  );
  const ordinary = new Map([...told].filter(([, { flow }]) => flow !== true));
  const notices = await withoutClaimed(ordinary, context);

  for (const { destination, learned } of notices.values()) if (learned !== undefined) learnSize(destination, learned);
  const byDestination = Map.groupBy(notices.values(), (notice) => notice.destination);
  const groups = [...byDestination].flatMap(([name, members]) =>
    group(members, {
      workflow: workflowNameOf(config, name),
      groupSize: Math.min(groupSizeOf(destinationOf(config, name)), learnedSizeOf(name)),
    }),
  );
  const byWorkflow = Map.groupBy(groups, ({ workflow }) => workflow);
  const created = (
    await Promise.all([...byWorkflow].map(([name, groups]) => createInstances(workflowOf(env, name), groups)))
  ).flat();

  const uncertain = await arriving;
  for (const { group, state } of created) {
    if (state === "uncertain") for (const member of group.members) uncertain.add(keyOf(member));
  }
  for (const { message, notices } of messages) {
    if (notices.some((notice) => uncertain.has(keyOf(notice)))) message.retry({ delaySeconds: retrySeconds(message) });
    else message.ack();
  }
  log("info", "batch.consumed", {
    messages: messages.length,
    dispatches: told.size,
    claimed: ordinary.size - notices.size,
    instances: created.length,
    uncertain: uncertain.size,
  });

  const repeated = created.filter((entry) => entry.state === "exists" && enqueuesOf(entry, notices) > 0);
  await pLimit(CONCURRENT_QUESTIONS).map(repeated, (entry) =>
    rescueUnclaimed(entry, enqueuesOf(entry, notices), context),
  );
}

const keyOf = ({ id, generation }: Member) => `${id} ${generation}`;

/** Tells of what has come for destinations with limits or an order. Gives those of which it is not certain that somebody looks after them. */
async function tellArrivals(notices: readonly DispatchNotice[], context: ExecutorContext): Promise<Set<string>> {
  const uncertain = new Set<string>();
  const byDestination = Map.groupBy(notices, ({ destination }) => destination);
  await pLimit(CONCURRENT_QUESTIONS).map(byDestination, async ([destination, arrived]) => {
    const started = await startPullers(destination, idArray(arrived.map(({ id }) => id)), startingFrom(context));
    if (started === undefined) for (const notice of arrived) uncertain.add(keyOf(notice));
  });
  return uncertain;
}

/**
 * Leaves out what was enqueued again and has been claimed since. When the queue lags behind for longer than the grace, reconciling enqueues
 * what still waits in it, and the repeats would make instances that find everything taken, just when the least can be afforded. What comes
 * for the first time is not asked about.
 */
async function withoutClaimed(
  notices: ReadonlyMap<string, DispatchNotice>,
  { database }: ExecutorContext,
): Promise<ReadonlyMap<string, DispatchNotice>> {
  const repeated = [...notices.values()].filter(({ enqueues = 1 }) => enqueues > 1);
  if (repeated.length === 0) return notices;
  try {
    const members = repeated.map(({ id, generation }) => ({ id, generation }));
    const [rows] = await database.transaction<[{ id: string }, never]>([findUnclaimed(members), beat("queue")]);
    const unclaimed = new Set(rows.map(({ id }) => id));
    return new Map([...notices].filter(([, { id, enqueues = 1 }]) => enqueues === 1 || unclaimed.has(id)));
  } catch (error) {
    // Claims find it out too.
    log("warn", "claimed.unknown", { dispatches: repeated.length, error: errorText(error) });
    return notices;
  }
}

/** A message that cannot be read is dropped: it is a hint, and reconciling finds in Postgres what it was about. */
function readNotices(message: Message<unknown>): DispatchNotice[] {
  const parsed = v.safeParse(DispatchMessageSchema, message.body);
  if (parsed.success) return parsed.output.dispatches;
  log("error", "message.malformed", {
    messageId: message.id,
    issue: v.flatten(parsed.issues).nested ?? parsed.issues[0].message,
  });
  return [];
}

/** How often its dispatches have been enqueued again and again; 0 if they come for the first time. */
const enqueuesOf = ({ group }: Created, notices: ReadonlyMap<string, DispatchNotice>) =>
  Math.max(...group.members.map((member) => notices.get(keyOf(member))?.enqueues ?? 0));

/** With jitter, so that what a rate limit refused together does not come back together. */
function retrySeconds({ attempts }: Message<unknown>): number {
  const ceiling = Math.min(RETRY_BASE_SECONDS * 2 ** Math.min(attempts - 1, 10), RETRY_MAX_SECONDS);
  return Math.ceil(ceiling / 2 + (Math.random() * ceiling) / 2);
}
