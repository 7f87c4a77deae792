import * as v from "valibot";
import { DEFAULT_WORKFLOW, type Destination, isBatch } from "../schema/config/destinations/index.ts";
import type { Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import type { DispatchNotice } from "../schema/queue/messages.ts";
import { DEFAULT_GROUP_SIZE } from "../schema/vocabulary/defaults.ts";
import { GROUP_WINDOW_MS, MAX_CALLS_IN_FLIGHT, MAX_GROUP_BYTES } from "../schema/vocabulary/limits.ts";

/** The parameters of a Workflow instance: dispatches of one destination that it delivers together. */
export const Group = v.object({
  /** Name of the Workflow binding that created the instance. It is stored in the rows, so that reconciling asks the right one. */
  workflow: v.string(),
  /** When the first of them is due: milliseconds since 1970. */
  dueAt: v.pipe(v.number(), v.finite()),
  /** The longest timeout of a call among them. */
  timeoutSeconds: v.pipe(v.number(), v.minValue(1)),
  members: v.array(v.object({ id: v.string(), generation: v.number() })),
  /** The hub's alarm watches some of them: it gets a report when the instance has nothing left to do. */
  watched: v.optional(v.literal(true)),
});
export type Group = v.InferOutput<typeof Group>;

/** The parameters of a Workflow instance that takes dispatches itself, for a destination with limits or an order. */
export const Pull = v.object({
  workflow: v.string(),
  destination: v.string(),
  /** In how many milliseconds it should look. Not a moment, because the caller's clock may differ from the engine's. */
  waitMs: v.pipe(v.number(), v.finite()),
});
export type Pull = v.InferOutput<typeof Pull>;

/** How many dispatches of a destination may share an instance. */
export const groupSizeOf = (destination: Destination | undefined): number =>
  destination?.groupSize ?? DEFAULT_GROUP_SIZE;

/** How many dispatches of a destination an instance may have in flight: one per call, or several in one call. */
export const sizeOf = (destination: Destination | undefined): number =>
  isBatch(destination) ? groupSizeOf(destination) : Math.min(groupSizeOf(destination), MAX_CALLS_IN_FLIGHT);

/** The parameters of any Workflow instance. */
export const Work = v.union([Group, Pull]);
export type Work = v.InferOutput<typeof Work>;

/** Divides the notices of one destination into groups, in the order in which they are due. Those with a limit get groups of their own. */
export function group(
  notices: readonly DispatchNotice[],
  { workflows, groupSize }: { workflows: readonly string[]; groupSize: number },
): Group[] {
  const sizeFor = ({ limit, alone }: DispatchNotice) => Math.min(groupSize, limit ?? (alone === true ? 1 : groupSize));
  const bySize = Map.groupBy(notices, sizeFor);
  return [...bySize].flatMap(([size, alike]) => cut(alike, workflows, size));
}

function cut(notices: readonly DispatchNotice[], workflows: readonly string[], groupSize: number): Group[] {
  const groups: { first: DispatchNotice; bytes: number; members: DispatchNotice[] }[] = [];
  const sorted = [...notices].sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
  let open: (typeof groups)[number] | undefined;
  for (const notice of sorted) {
    const fits =
      open !== undefined &&
      open.members.length < groupSize &&
      open.bytes + notice.bytes <= MAX_GROUP_BYTES &&
      notice.dueAt - open.first.dueAt <= GROUP_WINDOW_MS;
    if (open !== undefined && fits) {
      open.members.push(notice);
      open.bytes += notice.bytes;
      continue;
    }
    open = { first: notice, bytes: notice.bytes, members: [notice] };
    groups.push(open);
  }
  return groups.map(({ first, members }) => ({
    workflow: workflowFor(first.id, workflows),
    dueAt: first.dueAt,
    timeoutSeconds: Math.max(...members.map((member) => member.timeoutSeconds)),
    members: members.map(({ id, generation }): Member => ({ id, generation })),
    ...(members.some(({ watched }) => watched) ? { watched: true as const } : {}),
  }));
}

/**
 * One of several Workflows, by a dispatch's id (a UUID, of whose last digits any is as likely as another), so that a repeated message asks the same one.
 */
const workflowFor = (id: string, workflows: readonly string[]): string =>
  workflows[Number.parseInt(id.slice(-6), 16) % workflows.length] ?? DEFAULT_WORKFLOW;
