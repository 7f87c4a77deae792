import type { Evidence } from "./evidence.ts";
import { type Violation, violation } from "./violation.ts";

/** The delays of the routes in test/workers/chaos/routing.json, in seconds, repeated here. */
const ROUTES: Readonly<Record<string, number>> = { LATER: 5 };

/** Compares the requested delays with the times at which first attempts were due, from the commit, by the database's own clock. */
export function checkDelays({ emissions, events, dispatches, transitions }: Evidence): Violation[] {
  const eventOf = new Map(events.filter(({ hops }) => hops === 0).map((event) => [event.n, event]));
  const first = dispatches.filter(({ retryOf }) => retryOf === null);
  const byEvent = Map.groupBy(first, ({ eventId }) => eventId);
  const dueAt = new Map(
    transitions.filter(({ oldStatus }) => oldStatus === null).map((made) => [made.dispatchId, made.nextAttemptAt]),
  );
  return emissions.flatMap(({ delaySeconds, payloads }) =>
    payloads.flatMap(({ n, to }) => {
      const event = eventOf.get(n);
      const asked = delaySeconds ?? ROUTES[to] ?? 0;
      if (event === undefined) return [];
      return (byEvent.get(event.id) ?? []).flatMap(({ id }) => {
        const seconds = ((dueAt.get(id) ?? 0) - event.createdAt) / 1_000;
        return Math.abs(seconds - asked) < 0.002
          ? []
          : [violation("delayed", `dispatch ${id} was due ${seconds} s after its event, and asked for ${asked} s`)];
      });
    }),
  );
}
