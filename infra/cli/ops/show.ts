import type { DispatchWaiting } from "../../../schema/contract/flow.ts";
import type {
  DestinationState,
  DispatchDetail,
  DispatchesDryRun,
  DispatchSummary,
  EventDetail,
  ListedEvent,
  Operation,
  Page,
  RelatedEvent,
  ReplayDryRun,
} from "../../../schema/contract/operator.ts";
import type { RouteExplanation } from "../../../workers/hub/routing/index.ts";
import { limitText } from "./limit-text.ts";
import { at, counts, record, short, status, table } from "./print.ts";

/** Where a page goes on. */
export const more = ({ cursor }: Page<unknown>) => (cursor === undefined ? "" : `\nmore: --cursor ${cursor}`);

export const showDispatches = (page: Page<DispatchSummary>): string =>
  table(
    ["dispatch", "created", "destination", "route", "status", "attempts", "reason"],
    page.items.map((d) => [d.id, d.createdAt, d.destination, d.route, status(d.status), d.attempts, short(d.reason)]),
  ) + more(page);

export const showEvents = (page: Page<ListedEvent>): string =>
  table(
    ["event", "emitted", "bytes", "idempotency key", "dispatches"],
    page.items.map((e) => [e.id, e.createdAt, e.payloadBytes, e.idempotencyKey, counts(Object.entries(e.statuses))]),
  ) + more(page);

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
    ["attempt", "started", "ms", "result", "instance", "reason"],
    executions.map((x) => [
      x.attempt,
      x.startedAt,
      x.finishedAt.getTime() - x.startedAt.getTime(),
      status(x.result),
      x.instanceId,
      short(x.reason, 100),
    ]),
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
  const parts = [record({ ...event }), showDispatches({ items: dispatches })];
  if (ancestors.length > 0) parts.push(`what led to it\n${showRelated(ancestors)}`);
  if (caused.length > 0) parts.push(`what it caused\n${showRelated(caused)}`);
  return parts.join("\n");
}

const showRelated = (events: readonly RelatedEvent[]): string =>
  table(
    ["event", "hops", "emitted"],
    events.map(({ id, hops, createdAt }) => [id, hops, createdAt]),
  );

export const showDestinations = (destinations: DestinationState[]): string =>
  table(
    [
      "destination",
      "state",
      "ongoing",
      "oldest",
      "hour: success",
      "p50 ms",
      "p99 ms",
      "day: success",
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
      d.day.statuses.failed + d.day.statuses.misconfigured,
      d.day.statuses.lost,
    ]),
  );

function stateOf({ pausedAt, pausedBy, pauseReason, draining, flow, groupLimit: group }: DestinationState): string {
  if (pausedAt !== null) return `paused by ${pausedBy} ${at(pausedAt)}: ${short(pauseReason)}`;
  const parts = [
    ...(draining ? ["draining"] : []),
    ...(flow?.override ? [`limits by hand: ${limitText(flow.override, flow.overrideUntil)}`] : []),
    ...(group === null ? [] : [`groups of ${group.size} since ${at(group.since)}: ${short(group.by)}`]),
  ];
  return parts.join("; ") || "-";
}

const percent = (rate: number | null) => (rate === null ? "-" : `${(rate * 100).toFixed(2)} %`);

export const showOperations = (operations: Operation[]): string =>
  table(
    ["operation", "started", "actor", "action", "state", "examined", "affected", "arguments"],
    operations.map((o) => [
      o.id,
      o.createdAt,
      o.actor,
      o.action,
      o.state,
      o.examined,
      o.affected,
      short(JSON.stringify(o.arguments), 80),
    ]),
  );

export const showRoutes = (routes: RouteExplanation[]): string =>
  table(
    ["route", "destination", "matched", "because"],
    routes.map((route) => [
      route.name,
      route.destination,
      route.enabled ? route.matched : "disabled",
      [
        ...(route.from === undefined
          ? []
          : [`takes events from ${route.from === "hub" ? "the hub" : "producers"} only`]),
        ...route.failed.map(
          (failed) => `${failed.path} ${failed.operator} found ${failed.found.join(", ") || "nothing"}`,
        ),
      ].join("; "),
    ]),
  );

/** What bulk work did, or would do. */
export function showBulk(answer: Operation | DispatchesDryRun | ReplayDryRun): string {
  if ("state" in answer) return showOperations([answer]);
  if ("groups" in answer) {
    const rows = answer.groups.map((group) => [group.destination, status(group.status), group.dispatches]);
    const groups = table(["destination", "status", "dispatches"], rows);
    return `${groups}\n${orderLost(answer)}in all ${atLeast(answer)}${answer.dispatches}: nothing was done`;
  }
  const rows = answer.destinations.map((row) => [row.destination, row.dispatches, row.same, row.current]);
  const differ = answer.examples.map((event) => [event.eventId, event.same.join(" "), event.current.join(" ")]);
  return [
    table(["destination", "would create", "same routing", "current routing"], rows),
    `${orderLost(answer)}${atLeast(answer)}${answer.dispatches} dispatches of ${answer.events} events (${answer.skipped} without payload): nothing was done`,
    answer.differing === 0
      ? "the two routings agree"
      : `the two routings differ for ${answer.differing} events:\n${table(["event", "same", "current"], differ)}`,
  ].join("\n");
}

/** What a preview says of an order that it would not keep. */
const orderLost = ({ outOfOrder = 0 }: { outOfOrder?: number }) =>
  outOfOrder === 0 ? "" : `the order is lost for ${outOfOrder}: they are called after what has followed them\n`;

const atLeast = ({ exact }: { exact: boolean }) => (exact ? "" : "at least ");
