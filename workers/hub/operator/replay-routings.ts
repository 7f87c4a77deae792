import type { ReplayableEvent } from "../../../schema/queries/events/replay-events.ts";
import type { PlannedDispatch } from "../../../schema/queries/events/store-events.ts";
import type { OperatorContext } from "./context.ts";

/** The dispatches that a replay makes of an event, by each of its two routings. */
export const ROUTINGS = {
  /** Those that the event's routes made when it was emitted. */
  same: ({ id, payload, dispatches }: ReplayableEvent): PlannedDispatch[] =>
    payload === null ? [] : dispatches.map((dispatch) => ({ eventId: id, ...dispatch })),
  /** Those that the configuration makes of it now. */
  current: ({ id, payload, own }: ReplayableEvent, context: OperatorContext): PlannedDispatch[] => {
    if (payload === null) return [];
    const routes = context.routes();
    return routes
      .match(payload, own ? "hub" : "producers")
      .map((route) => ({ eventId: id, ...routes.policyOf(route, payload) }));
  },
} satisfies Record<string, (event: ReplayableEvent, context: OperatorContext) => PlannedDispatch[]>;

/** Which routing a replay goes by. */
export type Routing = keyof typeof ROUTINGS;
