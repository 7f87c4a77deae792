/** When a dispatch counts as overdue, for the view, the lists and the commands alike. They are literals, since a view has no parameters. */
import { type SQL, sql } from "drizzle-orm";
import { HOLDING } from "./flow-literals.ts";

/** How long something must be late before operators are told. It equals the default grace of reconciling. */
export const OVERDUE_AFTER: SQL = sql.raw("interval '1 minute'");

/** No call of the dispatch `d` is under way: it was never claimed, or its lease has ended. */
export const NOT_CLAIMED: SQL = sql.raw("(d.lease_until is null or d.lease_until < now())");

/** The tables that {@link ATTENDED} reads beside `d`. They are joined: millions may wait, and to look them up one by one takes ten times as long. */
export const ATTENDED_BY: SQL =
  sql.raw(`left join eventhub.flow_keys k on k.destination = d.destination and k.key = d.flow_key
  left join eventhub.flow_destinations f on f.destination = d.destination`);

/**
 * Somebody knows that the dispatch `d` of a destination with limits or an order is waiting, and will look again in time. Never true once its call has
 * begun.
 *
 * A dispatch that waits for its turn is attended while somebody works for its destination, has looked within a minute, or will look at `pace_at`. A
 * later dispatch of an order is attended while the first one is there, is being called, or holds the order. False if the queue message was lost.
 */
export const ATTENDED: SQL = sql`coalesce(d.flow_key is not null and d.lease_until is null and case when d.waiting
      then k.paused_at is not null
        or (not k.ready and k.wake_at > now() - ${OVERDUE_AFTER} and (k.blocked is not null or k.wake_at < now() + ${OVERDUE_AFTER}))
        or ((k.ready or k.wake_at <= now()) and (greatest(f.looked_at, f.pace_at) >= now() - ${OVERDUE_AFTER}
          or exists (select from eventhub.flights v where v.destination = d.destination and v.until > now())))
      else exists (select from eventhub.dispatches o where o.destination = d.destination and o.order_key = d.order_key and o.head and o.status = 'ongoing')
        or exists (select from eventhub.dispatches h where ${HOLDING})
        or exists (select from eventhub.paused_orders q where q.destination = d.destination and q.key = d.order_key)
        or exists (select from eventhub.flights v where v.destination = d.destination and v.order_key = d.order_key) end, false)`;

/**
 * The dispatch `d` is overdue. {@link ATTENDED_BY} must be joined. `queries/fragments/overdue-dispatches.ts` defines it in the same way, but
 * reads an index, so that millions of held dispatches cost nothing. The executor looks by its own grace: `queries/dispatches/find-to-rescue.ts`.
 */
export const OVERDUE: SQL = sql`d.status = 'ongoing' and d.next_attempt_at < now() - ${OVERDUE_AFTER}
    and ${NOT_CLAIMED}
    and not exists (select from eventhub.destinations p where p.name = d.destination
      and (p.paused_at is not null or (d.instance_id is null and d.enqueued_at < p.drain_from)))
    and not (${ATTENDED})`;
