import pLimit from "p-limit";
import * as v from "valibot";
import { workflowsOf } from "../../../schema/config/destinations/index.ts";
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
import { errorText } from "../../../schema/text/error-text.ts";
import { log } from "../../../schema/text/log.ts";
import { startPullers } from "../../../workflows/flow/start-pullers.ts";
import { group, groupSizeOf } from "../../../workflows/group.ts";
import { learnedSizeOf, learnSize } from "../../../workflows/learned-sizes.ts";
import { CONCURRENT_QUESTIONS } from "../asking-limits.ts";
import type { ExecutorContext } from "../context.ts";
import { isLook } from "../reconcile/asked-looks.ts";
import { rescueUnclaimed } from "../reconcile/rescue.ts";
import { startingFrom, workflowOf } from "../workflow-binding.ts";
import { type Created, createInstances } from "./create-instances.ts";

/**
 * The wait before a message comes again because its instances are uncertain, in seconds: 5, 10, 20, ... up to 10 minutes. The platform allows up to
 * 24 h.
 */
const RETRY_BASE_SECONDS = 5;
const RETRY_MAX_SECONDS = 600;

/**
 * Creates Workflow instances for a batch of messages. It acknowledges a message only when each of its dispatches certainly has an instance. A message
 * that comes again creates the same instances, or others whose claims find the dispatches taken.
 */
export async function consume(batch: MessageBatch<DispatchMessage>, context: ExecutorContext): Promise<void> {
  const { env, config } = context;
  const looks = batch.messages.filter(isLook);
  // If a look fails, the alarm asks for it again.
  for (const look of looks) look.ack();
  if (looks.length === batch.messages.length) return;
  const messages = batch.messages
    .filter((message) => !isLook(message))
    .map((message) => ({ message, notices: readNotices(message) }));
  const told = new Map(messages.flatMap((entry) => entry.notices).map((notice) => [keyOf(notice), notice]));
  // Runs beside the rest: neither waits for the other.
  const arriving = tellArrivals(
    [...told.values()].filter(({ flow }) => flow === true),
    context,
  );
  const ordinary = new Map([...told].filter(([, { flow }]) => flow !== true));
  const notices = await withoutClaimed(ordinary, context);

  for (const { destination, learned } of notices.values()) if (learned !== undefined) learnSize(destination, learned);
  const byDestination = Map.groupBy(notices.values(), (notice) => notice.destination);
  const groups = [...byDestination].flatMap(([name, members]) => {
    const destination = destinationOf(config, name);
    const groupSize = Math.min(groupSizeOf(destination), learnedSizeOf(name));
    return group(members, { workflows: workflowsOf(destination), groupSize });
  });
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

/** Reports arrivals for destinations with limits or an order. Returns the notices for which it is uncertain that an instance looks after them. */
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
 * Leaves out dispatches that were enqueued again and have been claimed since. If the queue lags behind for longer than the grace, reconciling
 * enqueues again what still waits in it. The repeats would start instances that find everything claimed, just when there is no capacity for them.
 * Dispatches that come for the first time are not checked.
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
    // Not fatal: the claims find it out too.
    log("warn", "claimed.unknown", { dispatches: repeated.length, error: errorText(error) });
    return notices;
  }
}

/** The notices of a message. An unreadable message is dropped: it is a hint, and reconciling finds its dispatches in Postgres. */
function readNotices(message: Message<unknown>): DispatchNotice[] {
  const parsed = v.safeParse(DispatchMessageSchema, message.body);
  if (parsed.success) return parsed.output.dispatches;
  log("error", "message.malformed", {
    messageId: message.id,
    issue: v.flatten(parsed.issues).nested ?? parsed.issues[0].message,
  });
  return [];
}

/** How often the group's dispatches were enqueued. 0 if they come for the first time. */
const enqueuesOf = ({ group }: Created, notices: ReadonlyMap<string, DispatchNotice>) =>
  Math.max(...group.members.map((member) => notices.get(keyOf(member))?.enqueues ?? 0));

/** With jitter, so that messages refused together by a rate limit do not come back together. */
function retrySeconds({ attempts }: Message<unknown>): number {
  const ceiling = Math.min(RETRY_BASE_SECONDS * 2 ** Math.min(attempts - 1, 10), RETRY_MAX_SECONDS);
  return Math.ceil(ceiling / 2 + (Math.random() * ceiling) / 2);
}
