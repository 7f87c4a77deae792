import type { EmitResult } from "../../../schema/contract/index.ts";
import type { NewDispatch } from "../../../schema/queries/events/store-events.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import { log } from "../../../schema/text/log.ts";
import { answerOf, freshOf } from "./answer.ts";
import { logInvalid } from "./check-event.ts";
import { type PrepareContext, type Prepared, prepare } from "./prepare.ts";
import { type StoreContext, store } from "./store.ts";

export interface EmitContext extends PrepareContext, StoreContext {
  /** Sends notices to the queue after the commit; what it does with a refusal does not concern the caller. */
  enqueue(notices: DispatchNotice[]): void;
}

/** validate -> match -> commit -> enqueue -> answer. @throws EmitError */
export async function emit(payload: unknown, options: unknown, context: EmitContext): Promise<EmitResult> {
  const events = await prepare(payload, options, context);
  if (events.length === 0) return { events: [] };
  const { stored, nowMs } = await store(events, context);
  const fresh = freshOf(events, stored);
  const notices = fresh.flatMap((event) => event.dispatches.map((dispatch) => noticeOf(event, dispatch, nowMs)));
  if (notices.length > 0) context.enqueue(notices);
  log("info", "event.emitted", {
    events: events.length,
    duplicates: events.length - fresh.length,
    dispatches: notices.length,
  });
  if (context.events !== undefined) logInvalid(fresh.flatMap(({ invalid }) => invalid ?? []));
  return answerOf(events, stored);
}

/** The wait is what the database's clock says; from now on, by the clock of those who read it, which is a Worker's as ours. */
function noticeOf(
  event: Prepared,
  { id, destination, timeoutSeconds, flowKey, ...when }: NewDispatch,
  nowMs: number,
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
  };
}
