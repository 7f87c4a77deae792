import type { ReplayableEvent } from "../../../schema/queries/events/replay-events.ts";
import type { PlannedDispatch } from "../../../schema/queries/events/store-events.ts";
import { judgeStored } from "../emit/check-event.ts";
import type { OperatorContext } from "./context.ts";

/** An event to be replayed, of which it is known whether the hub would still refuse it. */
export interface JudgedEvent extends ReplayableEvent {
  refusedStill: boolean;
}

/** Looks again at what was refused, by the definition of now. */
export async function judgeAgain(events: readonly ReplayableEvent[], context: OperatorContext): Promise<JudgedEvent[]> {
  return Promise.all(
    events.map(async (event) => {
      const checker = event.invalid?.refused && event.payload !== null ? context.events?.() : undefined;
      const found = checker && event.payload && (await judgeStored(checker, event.payload));
      return { ...event, refusedStill: found?.refused ?? false };
    }),
  );
}

/** The dispatches that a replay makes of an event, by each of its two routings. */
export const ROUTINGS = {
  /** Those that the event's routes made when it was emitted. */
  same: ({ id, payload, dispatches }: ReplayableEvent): PlannedDispatch[] =>
    payload === null ? [] : dispatches.map((dispatch) => ({ eventId: id, ...dispatch })),
  /** Those that the configuration makes of it now. */
  current: ({ id, payload, own, refusedStill }: JudgedEvent, context: OperatorContext): PlannedDispatch[] => {
    if (payload === null || refusedStill) return [];
    const routes = context.routes();
    return routes
      .match(payload, own ? "hub" : "producers")
      .map((route) => ({ eventId: id, ...routes.policyOf(route, payload) }));
  },
} satisfies Record<string, (event: JudgedEvent, context: OperatorContext) => PlannedDispatch[]>;

/** Which routing a replay goes by. */
export type Routing = keyof typeof ROUTINGS;
