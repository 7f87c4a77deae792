import type { EventDetail, EventSummary, ListedEvent, Page, RelatedEvent } from "../../../schema/contract/operator.ts";
import { counts, more, record, table } from "./print.ts";
import { showDispatches } from "./show-dispatches.ts";

export const showEvents = (page: Page<ListedEvent>): string =>
  table(
    [
      "event",
      { head: "emitted", drop: 3 },
      { head: "kind", least: 8 },
      { head: "bytes", drop: 1 },
      { head: "idempotency key", least: 10, drop: 2 },
      { head: "dispatches", least: 10 },
    ],
    page.items.map((e) => [e.id, e.createdAt, e.about?.kind, e.payloadBytes, e.idempotencyKey, dispatchesOf(e)]),
  ) + more(page);

/** How many of its dispatches have each status, or why it has none. */
function dispatchesOf({ statuses, routed, invalid }: ListedEvent): unknown {
  if (Object.keys(statuses).length > 0) return counts(Object.entries(statuses));
  return whyNone({ routed, invalid });
}

/** Why an event has no dispatches. */
function whyNone({ routed, invalid }: Pick<EventSummary, "routed" | "invalid">): string {
  if (!routed) return "not routed yet";
  return invalid?.refused ? "refused" : "no route matched";
}

export function showEvent({ dispatches, ancestors, caused, ...event }: EventDetail): string {
  const parts = [
    record({ ...event }),
    dispatches.length > 0 ? showDispatches({ items: dispatches }) : noDispatches(event),
  ];
  if (ancestors.length > 0) parts.push(`what led to it\n${showRelated(ancestors)}`);
  if (caused.length > 0) parts.push(`what it caused\n${showRelated(caused)}`);
  return parts.join("\n");
}

/** The text in place of an event's dispatches, if it has none. */
function noDispatches(event: Pick<EventSummary, "id" | "routed" | "invalid">): string {
  const why = whyNone(event);
  return `no dispatches: ${why}${why === "no route matched" ? `; \`ops explain --event ${event.id} --routing FILE\` says why` : ""}`;
}

const showRelated = (events: readonly RelatedEvent[]): string =>
  table(
    ["event", "hops", "emitted"],
    events.map(({ id, hops, createdAt }) => [id, hops, createdAt]),
  );
