import * as v from "valibot";
import { TAILED, type Tail, type TailItem } from "../../../schema/contract/tail.ts";
import type { Database } from "../../../schema/database/connection.ts";
import { readTail, type TailRow } from "../../../schema/queries/tail/read-tail.ts";
import { DEFAULT_TAIL_ITEMS } from "../../../schema/vocabulary/defaults.ts";
import { MAX_TAIL_ITEMS } from "../../../schema/vocabulary/operator-limits.ts";
import type { DispatchStatus, ExecutionResult } from "../../../schema/vocabulary/statuses.ts";
import { check, DispatchFilterSchema, integer, moment } from "./argument-schemas.ts";

const ONLY = `must be some of ${TAILED.join(", ")}`;

const TailSchema = v.strictObject({
  only: v.optional(v.pipe(v.array(v.picklist(TAILED, ONLY), ONLY), v.minLength(1, ONLY)), [...TAILED]),
  limit: v.optional(integer(1, MAX_TAIL_ITEMS), DEFAULT_TAIL_ITEMS),
  after: v.exactOptional(moment),
});

/** The events, attempts and results of the last minute that a filter finds. @throws OperatorError */
export async function getTail(database: Database, filter: unknown, options: unknown): Promise<Tail> {
  const { after, ...rest } = check(TailSchema, options ?? {}, "options");
  const rows = await database.run(
    readTail({ filter: check(DispatchFilterSchema, filter ?? {}, "filter"), after, ...rest }),
  );
  const { looked_at: at = new Date(), beyond = 0, unread = 0, capped = false } = rows[0] ?? {};
  return { at, items: rows.flatMap(toItem), missed: beyond + unread, exact: !capped };
}

/** Converts a row. A row that only tells how much was missed gives no item. */
function toItem(row: TailRow): TailItem[] {
  const { what, at, event_id: eventId, kind } = row;
  if (what === null) return [];
  if (what === "event") {
    const { dispatches, routed, refused } = row;
    // An event that was emitted in SQL is shown a second time when it is routed.
    return [{ what, key: `event ${eventId} ${routed}`, at, eventId, kind, dispatches, routed, refused }];
  }
  const { dispatch_id: dispatchId, destination, route, reason, attempt, took_ms: tookMs } = row;
  if (dispatchId === null) return [];
  const of = { at, eventId, kind, dispatchId, destination, route, reason, tookMs };
  return what === "attempt"
    ? [
        {
          ...of,
          what,
          key: `attempt ${dispatchId} ${attempt}`,
          attempt,
          result: row.result as ExecutionResult,
          nextAttemptAt: row.next_attempt_at,
        },
      ]
    : [
        {
          ...of,
          what,
          key: `result ${dispatchId}`,
          status: row.result as Exclude<DispatchStatus, "ongoing">,
          attempts: attempt,
        },
      ];
}
