import type { Database } from "../../../schema/database/connection.ts";
import {
  findUnrouted,
  type InvalidUnrouted,
  type RoutedDispatch,
  routeUnrouted,
} from "../../../schema/queries/events/route-unrouted.ts";
import { toNotice } from "../../../schema/queries/fragments/notice-columns.ts";
import type { DispatchNotice } from "../../../schema/queue/messages.ts";
import type { EventChecker } from "../events/checker.ts";
import type { CompiledRoutes } from "../routing/index.ts";
import { judgeStored, logInvalid } from "./check-event.ts";

/** Events a round, and bytes of their payloads: they are held in the isolate. */
const ROUND_EVENTS = 200;
const ROUND_BYTES = 8 * 1024 * 1024;

/** Most dispatches a round, unless one event alone makes more: a statement of some 2 MB. */
export const MAX_DISPATCHES_PER_ROUND = 10_000;

/** Rounds a run: what is left is the next run's. */
const MAX_ROUNDS = 50;

export interface RoutePendingContext {
  database: Database;
  routes: CompiledRoutes;
  /** What the events are checked with, if they are defined. */
  events?: EventChecker | undefined;
  /** Sends notices to the queue after the commit. Never throws. */
  enqueue(notices: DispatchNotice[]): Promise<void>;
}

/**
 * Routes the events that were written in SQL: by `eventhub.emit`, and the hub's own. Gives their number. Safe to run anywhere at any time; a
 * Worker that dies in between leaves events that are not routed, or dispatches that reconciling enqueues.
 */
export async function routePending({
  database,
  routes,
  events: checker,
  enqueue,
}: RoutePendingContext): Promise<number> {
  let routed = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const events = await database.run(findUnrouted(ROUND_EVENTS, ROUND_BYTES));
    if (events.length === 0) break;
    const dispatches: RoutedDispatch[] = [];
    const unwanted: string[] = [];
    const wanted: string[] = [];
    const invalid: InvalidUnrouted[] = [];
    for (const { id, payload, own } of events) {
      const fault = own || checker === undefined ? undefined : await judgeStored(checker, payload);
      // It stays, and makes nothing until it is replayed under a schema that takes it.
      const matched = fault?.refused ? [] : routes.match(payload, own ? "hub" : "producers");
      const full = dispatches.length + matched.length > MAX_DISPATCHES_PER_ROUND;
      if (full && dispatches.length > 0) break;
      if (matched.length === 0 && own) unwanted.push(id);
      else wanted.push(id);
      if (fault !== undefined) invalid.push({ id, ...fault });
      for (const route of matched)
        dispatches.push({ eventId: id, ...routes.policyOf(route, payload), delaySeconds: route.delaySeconds });
    }
    const rows = await database.run(routeUnrouted(wanted, dispatches, unwanted, invalid));
    if (rows.length > 0) await enqueue(rows.map((row) => toNotice(row)));
    logInvalid(invalid);
    routed += wanted.length + unwanted.length;
  }
  return routed;
}
