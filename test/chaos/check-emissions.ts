import type { EmittedEvent } from "../../schema/contract.ts";
import type { DispatchRow, EventRow, Evidence } from "./evidence.ts";
import { type Violation, violation } from "./violation.ts";

/** What the routes of test/workers/chaos/routing.json match, said again. */
const DESTINATIONS: Readonly<Record<string, readonly string[]>> = { both: ["EAGER", "STEADY"], nobody: [] };
const expected = (to: string) => DESTINATIONS[to] ?? [to];

const names = (dispatches: readonly { destination: string }[]) =>
  dispatches.map(({ destination }) => destination).sort();
const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i]);

/** Compares what was emitted and answered with what is stored. */
export function checkEmissions({ emissions, events, dispatches }: Evidence): Violation[] {
  const found: Violation[] = [];
  const stored = Map.groupBy(events, ({ n }) => n);
  const byEvent = Map.groupBy(dispatches, ({ eventId }) => eventId);

  for (const event of events) {
    const actual = names(byEvent.get(event.id) ?? []);
    if (!same(actual, expected(event.to)))
      found.push(violation("stored", `event ${event.id} to ${event.to} has dispatches to [${actual}]`));
  }
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
