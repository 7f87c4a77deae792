import type { EmittedEvent } from "../../schema/contract/index.ts";
import { OTHERS } from "./destinations.ts";
import type { DispatchRow, EventRow, Evidence } from "./evidence.ts";
import { type Violation, violation } from "./violation.ts";

/** The destinations that the routes of test/workers/chaos/routing.json match, repeated here. */
const expected = (to: string) => OTHERS[to]?.destinations ?? [to];

const names = (dispatches: readonly { destination: string }[]) =>
  dispatches.map(({ destination }) => destination).sort();
const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

/** Compares what was emitted and answered with what is stored. */
export function checkEmissions({ emissions, events, dispatches }: Evidence): Violation[] {
  const found: Violation[] = [];
  // An event that another hub has made is an arrival, and was not emitted.
  const emitted = events.filter(({ hops }) => hops === 0);
  const stored = Map.groupBy(emitted, ({ n }) => n);
  // A dispatch that an operator has retried was emitted only once.
  const first = dispatches.filter(({ retryOf }) => retryOf === null);
  const byEvent = Map.groupBy(first, ({ eventId }) => eventId);

  for (const event of events) {
    const actual = names(byEvent.get(event.id) ?? []);
    if (!same(actual, expected(event.to)))
      found.push(violation("stored", `event ${event.id} to ${event.to} has dispatches to [${actual}]`));
  }
  const numbers = new Set(emissions.flatMap(({ payloads }) => payloads.map(({ n }) => n)));
  for (const { id, n } of emitted)
    if (!numbers.has(n)) found.push(violation("stored", `event ${id} (number ${n}) was never emitted`));
  for (const { key, payloads, answers, refused } of emissions) {
    for (const message of refused) found.push(violation("refused", `${key}: ${message}`));
    if (key !== undefined && answers.length === 0 && refused.length === 0)
      found.push(violation("stored", `${key} was never answered`));
    payloads.forEach(({ n }, index) => {
      const rows = stored.get(n) ?? [];
      // Without a key and without an answer, nobody knows.
      if (rows.length > 1 || (rows.length === 0 && answers.length > 0))
        found.push(violation("stored", `event number ${n} of ${key} is stored ${rows.length} times`));
      const [row] = rows;
      if (row === undefined) return;
      for (const answer of answers) {
        const event = answer.events[index];
        if (!matches(event, row, byEvent.get(row.id) ?? []))
          found.push(
            violation("stored", `event ${row.id} (number ${n} of ${key}) was answered as ${JSON.stringify(event)}`),
          );
      }
    });
  }
  return found;
}

function matches(event: EmittedEvent | undefined, row: EventRow, dispatches: readonly DispatchRow[]): boolean {
  if (event?.id !== row.id) return false;
  const ids = (list: readonly { id: string; destination: string }[]) =>
    list.map((d) => `${d.id} ${d.destination}`).sort();
  return same(ids(event.dispatches), ids(dispatches));
}
