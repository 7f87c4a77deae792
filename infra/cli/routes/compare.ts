import type { EventPayload } from "../../../schema/contract/index.ts";
import type { RecentEvent } from "../../../schema/queries/events/read-recent-events.ts";
import type { EventOrigin } from "../../../schema/vocabulary/event-origins.ts";
import type { CompiledRoutes, FailedComparator, RouteExplanation } from "../../../workers/hub/routing/index.ts";

/** The most examples that are kept for each kind of difference of a route. */
export const MAX_EXAMPLES = 3;

/** An event that only one of two configurations sends along a route. */
export interface Example {
  eventId: string;
  /** Why the other configuration does not send it: the comparators that failed. Empty if it has no such route, or if that route is not enabled. */
  because: readonly FailedComparator[];
}

/** A route in two configurations: the events that match it in each, and examples of the difference. */
export interface RouteDifference {
  name: string;
  /** Its destination before and after; `undefined` if the route does not exist. */
  destinations: readonly [before: string | undefined, after: string | undefined];
  /** The number of events that matched before, and after. */
  matched: readonly [before: number, after: number];
  /** Events that match only after the change, and only before it: how many, with the newest as examples. */
  gained: { count: number; examples: readonly Example[] };
  lost: { count: number; examples: readonly Example[] };
}

/** What a change of routes would have meant for stored events. */
export interface Comparison {
  /** The number of events that both configurations were applied to. */
  events: number;
  /** The number of events that were skipped, since retention has removed their payload. */
  withoutPayload: number;
  /** The number of events that would make other dispatches. */
  changed: number;
  /** In the order of the new configuration, followed by removed routes. */
  routes: readonly RouteDifference[];
}

interface Tally {
  name: string;
  destinations: [string | undefined, string | undefined];
  matched: [number, number];
  gained: { count: number; examples: Example[] };
  lost: { count: number; examples: Example[] };
}

/** Applies two configurations to events. A route is identified by its name; one without a name by its place. */
export async function compareRoutes(
  before: CompiledRoutes,
  after: CompiledRoutes,
  events: AsyncIterable<RecentEvent> | Iterable<RecentEvent>,
): Promise<Comparison> {
  const tallies = tallyOf(before, after);
  const total = { events: 0, withoutPayload: 0, changed: 0 };
  for await (const { id, payload, own } of events) {
    if (payload === null) {
      total.withoutPayload++;
      continue;
    }
    total.events++;
    if (compareEvent(before, after, { id, payload, origin: own ? "hub" : "producers" }, tallies)) total.changed++;
  }
  return { ...total, routes: [...tallies.values()] };
}

function tallyOf(before: CompiledRoutes, after: CompiledRoutes): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const [side, { config }] of [
    [1, after],
    [0, before],
  ] as const) {
    for (const [index, route] of config.routes.entries()) {
      const name = route.name ?? `routes[${index}]`;
      const tally: Tally = tallies.get(name) ?? {
        name,
        destinations: [undefined, undefined],
        matched: [0, 0],
        gained: { count: 0, examples: [] },
        lost: { count: 0, examples: [] },
      };
      tally.destinations[side] = route.destination;
      tallies.set(name, tally);
    }
  }
  return tallies;
}

/** Counts one event. Returns whether it would make other dispatches. */
function compareEvent(
  before: CompiledRoutes,
  after: CompiledRoutes,
  event: { id: string; payload: EventPayload; origin: EventOrigin },
  tallies: ReadonlyMap<string, Tally>,
): boolean {
  const { id: eventId, payload, origin } = event;
  const then = new Map(before.match(payload, origin).map((route) => [route.name, route.destination]));
  const now = new Map(after.match(payload, origin).map((route) => [route.name, route.destination]));
  const why = { before: explainer(before, payload, origin), after: explainer(after, payload, origin) };
  let changed = false;
  for (const [name, destination] of then) {
    const tally = tallies.get(name);
    if (tally === undefined) continue;
    tally.matched[0]++;
    if (now.get(name) !== destination) changed = true;
    if (!now.has(name)) note(tally.lost, eventId, () => why.after(name));
  }
  for (const name of now.keys()) {
    const tally = tallies.get(name);
    if (tally === undefined) continue;
    tally.matched[1]++;
    if (then.has(name)) continue;
    changed = true;
    note(tally.gained, eventId, () => why.before(name));
  }
  return changed;
}

function note(side: Tally["gained"], eventId: string, because: () => readonly FailedComparator[]): void {
  side.count++;
  if (side.examples.length < MAX_EXAMPLES) side.examples.push({ eventId, because: because() });
}

/** Explains each event at most once, since that evaluates every route. */
function explainer(
  routes: CompiledRoutes,
  payload: EventPayload,
  origin: EventOrigin,
): (name: string) => readonly FailedComparator[] {
  let explanations: RouteExplanation[] | undefined;
  return (name) => {
    explanations ??= routes.explain(payload, origin);
    return explanations.find((route) => route.name === name)?.failed ?? [];
  };
}
