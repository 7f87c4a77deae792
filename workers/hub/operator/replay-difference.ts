import type { ReplayDryRun } from "../../../schema/contract/operations.ts";
import type { OperatorContext } from "./context.ts";
import { type JudgedEvent, ROUTINGS, type Routing } from "./replay-routings.ts";

/** The most events shown for which the two routings differ. */
const MAX_EXAMPLES = 10;

/** The dispatches that a replay would create with each of the two routings. Creates none. */
export async function compareRoutings(
  chunks: AsyncIterable<{ events: readonly JudgedEvent[]; complete: boolean; limited: boolean }>,
  routing: Routing,
  context: OperatorContext,
): Promise<ReplayDryRun> {
  const counts = new Map<string, { same: number; current: number }>();
  const answer: ReplayDryRun = {
    exact: false,
    limited: false,
    events: 0,
    skipped: 0,
    dispatches: 0,
    outOfOrder: 0,
    destinations: [],
    differing: 0,
    examples: [],
  };
  const add = (destinations: readonly string[], which: Routing) => {
    for (const name of destinations) {
      const count = counts.get(name) ?? { same: 0, current: 0 };
      count[which]++;
      counts.set(name, count);
    }
  };
  for await (const { events, complete, limited } of chunks) {
    answer.exact = complete;
    answer.limited = limited;
    for (const event of events) {
      answer.events++;
      if (event.payload === null) answer.skipped++;
      const made = { same: ROUTINGS.same(event), current: ROUTINGS.current(event, context) };
      answer.outOfOrder += made[routing].filter(({ orderKey }) => orderKey !== null).length;
      const same = made.same.map(({ destination }) => destination).sort();
      const current = made.current.map(({ destination }) => destination).sort();
      add(same, "same");
      add(current, "current");
      if (same.join(" ") === current.join(" ")) continue;
      answer.differing++;
      if (answer.examples.length < MAX_EXAMPLES) answer.examples.push({ eventId: event.id, same, current });
    }
  }
  answer.destinations = [...counts]
    .map(([destination, count]) => ({ destination, dispatches: count[routing], ...count }))
    .sort((a, b) => (a.destination < b.destination ? -1 : 1));
  answer.dispatches = answer.destinations.reduce((sum, { dispatches }) => sum + dispatches, 0);
  return answer;
}
