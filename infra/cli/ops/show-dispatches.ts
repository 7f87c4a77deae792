import type { Findings, SearchedPlace } from "../../../schema/contract/find.ts";
import type { DispatchWaiting } from "../../../schema/contract/flow.ts";
import type { DispatchesDryRun, Operation, ReplayDryRun } from "../../../schema/contract/operations.ts";
import type {
  DestinationState,
  DispatchDetail,
  DispatchSummary,
  EventDetail,
  EventSummary,
  ListedEvent,
  Page,
  RelatedEvent,
} from "../../../schema/contract/operator.ts";
import { expectedText, operationState, outcomeText } from "../../../schema/text/outcome-text.ts";
import { printable } from "../../../schema/text/printable.ts";
import { UNHAPPY_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { type Column, DESTINATION } from "./columns.ts";
import { limitText } from "./limit-text.ts";
import { at, counts, percent, record, short, status, table } from "./print.ts";

/** The most places of a reason at the end of a line. */
const REASON = 200;

/** Columns that many tables have. */
const BECAUSE: Column = { head: "reason", least: 16 };

/** How to get the next page. */
export const more = ({ cursor }: Page<unknown>) => (cursor === undefined ? "" : `\nmore: --cursor ${cursor}`);

export const showDispatches = (page: Page<DispatchSummary>): string =>
  table(
    [
      "dispatch",
      { head: "created", drop: 3 },
      DESTINATION,
      { head: "route", least: 8, drop: 1 },
      "status",
      { head: "attempts", drop: 2 },
      BECAUSE,
    ],
    page.items.map((d) => [
      d.id,
      d.createdAt,
      d.destination,
      d.route,
      status(d.status),
      d.attempts,
      short(d.reason, REASON),
    ]),
  ) + more(page);

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

const PLACES: Readonly<Record<SearchedPlace["in"], string>> = {
  idempotency_keys: "idempotency keys",
  payloads: "payloads",
  keys: "keys of limits and orders",
  reasons: "reasons",
};

/** Everything that was found, and where the search looked. */
export function showFindings({ places }: Findings): string {
  const placeOf = ({ in: place, path }: SearchedPlace) => path ?? PLACES[place];
  const rows = places.flatMap((place) =>
    place.found.map(({ kind, id, at, value }) => [kind, id, at, placeOf(place), short(value)]),
  );
  const looked = places.map((place) => `${placeOf(place)}${place.whole ? "" : " (the newest 20,000 dispatches)"}`);
  return `${table(["found", "id", { head: "created", drop: 2 }, { head: "in", drop: 1 }, { head: "value", least: 10 }], rows)}\nlooked in: ${looked.map(printable).join(", ")}${rows.length === 0 ? ELSEWHERE : ""}`;
}

/** Where `find` does not look. */
const ELSEWHERE = "\nfor a value in payloads: ops events --payload '$.order.id=17'";

/** What a dispatch waits for, in a few words. */
function waitText(
  { for: what, ahead, head, heldBy }: DispatchWaiting,
  { id, orderKey, flowKey }: DispatchSummary,
): string {
  const first = head === null || head === id ? "" : `, first ${head}`;
  const before = `${ahead} before it in ${head === null ? `key ${flowKey}` : `order ${orderKey}`}${first}`;
  return `${what}: ${before}${heldBy === null ? "" : `, held by ${heldBy}`}`;
}

export function showDispatch({ event, executions, waiting, ...dispatch }: DispatchDetail): string {
  const attempts = table(
    ["attempt", "started", "ms", "result", { head: "instance", least: 10, drop: 1 }, BECAUSE],
    executions.map((x) => [
      x.attempt,
      x.startedAt,
      x.finishedAt.getTime() - x.startedAt.getTime(),
      status(x.result),
      x.instanceId,
      short(x.reason, REASON),
    ]),
    "no attempt has ended yet",
  );
  const values = {
    ...dispatch,
    status: status(dispatch.status),
    ...(waiting === null ? {} : { waitsFor: waitText(waiting, dispatch) }),
    emittedAt: event.createdAt,
    idempotencyKey: event.idempotencyKey,
  };
  return `${record(values)}\n${attempts}`;
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

/** What is counted beside `lost`. */
const FAILED = UNHAPPY_STATUSES.filter((status) => status !== "lost");

export const showDestinations = (destinations: DestinationState[]): string =>
  table(
    [
      { head: "destination", least: 20 },
      { head: "state", least: 10 },
      "ongoing",
      { head: "oldest", drop: 2 },
      "hour: success",
      { head: "p50 ms", drop: 1 },
      { head: "p99 ms", drop: 3 },
      { head: "day: success", drop: 4 },
      "failed",
      "lost",
    ],
    destinations.map((d) => [
      d.name,
      stateOf(d),
      d.ongoing,
      d.oldestOngoing,
      percent(d.hour.successRate),
      d.hour.p50Ms,
      d.hour.p99Ms,
      percent(d.day.successRate),
      FAILED.reduce((sum, status) => sum + d.day.statuses[status], 0),
      d.day.statuses.lost,
    ]),
  );

function stateOf({ state, pausedAt, pausedBy, pauseReason, flow, groupLimit: group }: DestinationState): string {
  if (pausedAt !== null) return `paused by ${pausedBy} ${at(pausedAt)}: ${short(pauseReason)}`;
  const parts = [
    state,
    ...(flow?.override ? [`limits by hand: ${limitText(flow.override, flow.overrideUntil)}`] : []),
    ...(group === null ? [] : [`groups of ${group.size} since ${at(group.since)}: ${short(group.by)}`]),
  ];
  return parts.join("; ");
}

export const showOperations = (operations: Operation[]): string =>
  table(
    [
      "operation",
      { head: "started", drop: 2 },
      { head: "actor", least: 6, drop: 4 },
      "action",
      "state",
      { head: "came to", least: 12 },
      { head: "examined", drop: 1 },
      { head: "affected", drop: 3 },
      { head: "arguments", least: 16, below: true },
    ],
    operations.map((o) => [
      o.id,
      o.createdAt,
      o.actor,
      o.action,
      stateOfOperation(o),
      outcomeText(o),
      o.examined,
      o.affected,
      short(JSON.stringify(o.arguments), REASON),
    ]),
  );

/** The outcome in one word, in its colour: an operation is no success if everything that it made has failed again. */
function stateOfOperation(operation: Operation) {
  const { word, tone } = operationState(operation);
  return status(tone === "finished" ? "complete" : tone, word);
}

/** An operation with all its arguments, and what became of the dispatches that it made. */
export function showOperation(operation: Operation): string {
  const { outcome, expected, state: _, ...rest } = operation;
  const { name: __, ...counts } = outcome ?? {};
  return record({
    state: stateOfOperation(operation),
    cameTo: outcomeText(operation),
    ...rest,
    ...(expected === null ? {} : { expected: expectedText(expected) }),
    ...counts,
  });
}

/** What bulk work did, or would do. */
export function showBulk(answer: Operation | DispatchesDryRun | ReplayDryRun): string {
  if ("state" in answer) return showOperations([answer]);
  if ("groups" in answer) {
    const rows = answer.groups.map((group) => [group.destination, status(group.status), group.dispatches]);
    const groups = table([DESTINATION, "status", "dispatches"], rows);
    return `${groups}\n${orderLost(answer)}${leftOut(answer)}in all ${expectedText(answer)}: nothing was done`;
  }
  const rows = answer.destinations.map((row) => [row.destination, row.dispatches, row.same, row.current]);
  const differ = answer.examples.map((event) => [event.eventId, event.same.join(" "), event.current.join(" ")]);
  return [
    table([DESTINATION, "would create", "same routing", "current routing"], rows),
    `${orderLost(answer)}${leftOut(answer)}${expectedText(answer)} dispatches of ${answer.events} events (${answer.skipped} without payload): nothing was done`,
    answer.differing === 0
      ? "the two routings agree"
      : `the two routings differ for ${answer.differing} events:\n${table(["event", { head: "same", least: 8 }, { head: "current", least: 8 }], differ)}`,
  ].join("\n");
}

/** A preview's text about an order that the work would not keep. */
const orderLost = ({ outOfOrder = 0 }: { outOfOrder?: number }) =>
  outOfOrder === 0 ? "" : `the order is lost for ${outOfOrder}: they are called after dispatches that came later\n`;

/** What the work would leave alone, according to a preview. */
const leftOut = ({ limited, skipped = 0 }: { limited: boolean; skipped?: number }) =>
  `${skipped === 0 ? "" : `${skipped} more are left out, because retention has removed their payload\n`}${limited ? "--limit is reached: newer ones would be left alone\n" : ""}`;
