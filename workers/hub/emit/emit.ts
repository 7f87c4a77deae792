import type { EmitResult } from "../../../schema/contract/index.ts";
import type { NewDispatch } from "../../../schema/queries/events/store-events.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import { log } from "../../../schema/text/log.ts";
import type { Attributes } from "../../../schema/trace/span.ts";
import type { Watch } from "../alarm/arming.ts";
import { answerOf, freshOf } from "./answer.ts";
import { logInvalid } from "./check-event.ts";
import { attributesOf, type EmitTrace } from "./emit-span.ts";
import { loggedIds } from "./logged-ids.ts";
import { type PrepareContext, type Prepared, prepare } from "./prepare.ts";
import { type StoreContext, store } from "./store.ts";

export interface EmitContext extends PrepareContext, StoreContext {
  /** The trace of this call. */
  trace?: EmitTrace | undefined;
  /** Adds attributes to the platform's own span of the call. */
  annotate?(attributes: Attributes): void;
  /** Arms a look at the dispatches that are about to be committed. Without it, a cron finds them. */
  watch?(dispatches: readonly NewDispatch[]): Watch;
  /** Sends notices to the queue after the commit. The caller does not depend on whether that succeeds. */
  enqueue(notices: DispatchNotice[]): void;
}

/** validate -> match -> commit, and arm the alarm beside it -> enqueue -> answer once the alarm is armed. @throws EmitError */
export async function emit(payload: unknown, options: unknown, context: EmitContext): Promise<EmitResult> {
  try {
    return await emitOnce(payload, options, context);
  } catch (error) {
    context.trace?.failed(error);
    throw error;
  }
}

async function emitOnce(payload: unknown, options: unknown, context: EmitContext): Promise<EmitResult> {
  const events = await prepare(payload, options, context);
  if (events.length === 0) return { events: [] };
  // Runs beside the commit, which usually takes longer.
  const planned = events.flatMap(({ dispatches }) => dispatches);
  const watch = planned.length > 0 ? context.watch?.(planned) : undefined;
  const { stored, nowMs } = await store(events, context);
  const fresh = freshOf(events, stored);
  const watched = watch?.watched === true;
  const notices = fresh.flatMap((event) =>
    event.dispatches.map((dispatch) => noticeOf(event, dispatch, { nowMs, watched })),
  );
  // Comes before the wait for the alarm: the answer must wait for the alarm, but the delivery need not.
  if (notices.length > 0) context.enqueue(notices);
  await watch?.begun;
  await watch?.committed();
  const duplicates = events.length - fresh.length;
  log("info", "event.emitted", {
    events: events.length,
    duplicates,
    dispatches: notices.length,
    ids: loggedIds(fresh),
  });
  const emitted = attributesOf({ events, duplicates, dispatches: notices.length });
  context.trace?.ended(events, emitted);
  context.annotate?.(emitted);
  if (context.events !== undefined) logInvalid(fresh);
  return answerOf(events, stored);
}

/** The wait is computed with the database's clock. From then on the readers' clocks count, which are those of Workers, like ours. */
function noticeOf(
  event: Prepared,
  { id, destination, timeoutSeconds, flowKey, ...when }: NewDispatch,
  { nowMs, watched }: { nowMs: number; watched: boolean },
): DispatchNotice {
  const waitMs = when.deliverAt === undefined ? when.delaySeconds * 1_000 : when.deliverAt.getTime() - nowMs;
  return {
    id,
    destination,
    generation: 0,
    dueAt: Date.now() + Math.max(0, waitMs),
    bytes: event.payloadBytes,
    timeoutSeconds,
    ...(flowKey === null ? {} : { flow: true }),
    ...(watched ? { watched } : {}),
  };
}
