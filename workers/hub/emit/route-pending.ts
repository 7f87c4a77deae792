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
import { noneWaitsBelow } from "./unrouted-from.ts";

/** The most events in a round, and the most bytes of their payloads: the isolate holds them in memory. */
const ROUND_EVENTS = 200;
const ROUND_BYTES = 8 * 1024 * 1024;

/** The most dispatches in a round, unless one event alone makes more. A statement then has some 2 MB. */
export const MAX_DISPATCHES_PER_ROUND = 10_000;

/** The most rounds in a run. The next run does the rest. */
const MAX_ROUNDS = 50;

export interface RoutePendingContext {
  database: Database;
  routes: CompiledRoutes;
  /** The checker of the events, if they are defined. */
  events?: EventChecker | undefined;
  /** Sends notices to the queue after the commit. Never throws. */
  enqueue(notices: DispatchNotice[]): Promise<void>;
}

/**
 * Routes the events that were written in SQL, with `eventhub.emit` or by the hub itself. Returns their number. Safe to run anywhere at any time: a
 * Worker that dies in between leaves events unrouted, or dispatches that reconciling enqueues.
 */
export async function routePending({
  database,
  routes,
  events: checker,
  enqueue,
}: RoutePendingContext): Promise<number> {
  const began = Date.now();
  let routed = 0;
  let after: string | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const events = await database.run(findUnrouted(ROUND_EVENTS, ROUND_BYTES, after));
    if (events.length === 0) break;
    const dispatches: RoutedDispatch[] = [];
    const unwanted: string[] = [];
    const wanted: string[] = [];
    const invalid: InvalidUnrouted[] = [];
    const told: Parameters<typeof logInvalid>[0][number][] = [];
    for (const { id, payload, traceparent, own } of events) {
      const fault = own || checker === undefined ? undefined : await judgeStored(checker, payload);
      // A refused event stays, and makes no dispatches until it is replayed under a schema that accepts it.
      const matched = fault?.refused ? [] : routes.match(payload, own ? "hub" : "producers");
      const full = dispatches.length + matched.length > MAX_DISPATCHES_PER_ROUND;
      if (full && dispatches.length > 0) break;
      after = id;
      if (matched.length === 0 && own) unwanted.push(id);
      else wanted.push(id);
      if (fault !== undefined) {
        invalid.push({ id, ...fault });
        told.push({ id, traceparent, invalid: fault });
      }
      for (const route of matched)
        dispatches.push({ eventId: id, ...routes.policyOf(route, payload), delaySeconds: route.delaySeconds });
    }
    const rows = await database.run(routeUnrouted(wanted, dispatches, unwanted, invalid));
    if (rows.length > 0) await enqueue(rows.map((row) => toNotice(row)));
    logInvalid(told);
    // These were the oldest, so every later round and emit begins to look behind them.
    if (after !== undefined) noneWaitsBelow(database, undefined, after, began);
    routed += wanted.length + unwanted.length;
  }
  return routed;
}
