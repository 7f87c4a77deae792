import type { ReplayableEvent } from "../../../schema/queries/events/replay-events.ts";
import type { PlannedDispatch } from "../../../schema/queries/events/store-events.ts";
import { judgeStored } from "../emit/check-event.ts";
import type { OperatorContext } from "./context.ts";

/** An event to be replayed, and whether the hub would still refuse it. */
export interface JudgedEvent extends ReplayableEvent {
  refusedStill: boolean;
}

/** Checks refused events again, with the present definition. */
export async function judgeAgain(events: readonly ReplayableEvent[], context: OperatorContext): Promise<JudgedEvent[]> {
  return Promise.all(
    events.map(async (event) => {
      const checker = event.invalid?.refused && event.payload !== null ? context.events?.() : undefined;
      const found = checker && event.payload && (await judgeStored(checker, event.payload));
      return { ...event, refusedStill: found?.refused ?? false };
    }),
  );
}

/** The dispatches that a replay makes for an event, by routing. */
export const ROUTINGS = {
  /** The dispatches that the event's routes made when it was emitted. */
  same: ({ id, payload, dispatches }: ReplayableEvent): PlannedDispatch[] =>
    payload === null ? [] : dispatches.map((dispatch) => ({ eventId: id, ...dispatch })),
  /** The dispatches that the present configuration makes for the event. */
  current: ({ id, payload, own, refusedStill }: JudgedEvent, context: OperatorContext): PlannedDispatch[] => {
    if (payload === null || refusedStill) return [];
    const routes = context.routes();
    return routes
      .match(payload, own ? "hub" : "producers")
      .map((route) => ({ eventId: id, ...routes.policyOf(route, payload) }));
  },
} satisfies Record<string, (event: JudgedEvent, context: OperatorContext) => PlannedDispatch[]>;

/** The routing that a replay uses. */
export type Routing = keyof typeof ROUTINGS;
