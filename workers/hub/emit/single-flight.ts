import { MAX_WAIT_UNTIL_MS } from "../../../schema/vocabulary/platform-limits.ts";

/** Longest flight, in milliseconds: what the platform gives `waitUntil` after the answer. A request that has died ends nothing, so time must. */
export const MAX_FLIGHT_MS = MAX_WAIT_UNTIL_MS;

/** When the flights of this isolate end that have begun, in milliseconds since 1970. */
const ends = new Map<string, number>();

/** Does something once at a time in an isolate, for each `name`: whoever comes while it is under way leaves it. Only for what may run twice at once. */
export async function singleFlight(name: string, work: () => Promise<void>): Promise<void> {
  const now = Date.now();
  const left = (ends.get(name) ?? now) - now;
  // More is left than there can be where a clock was set back.
  if (left > 0 && left <= MAX_FLIGHT_MS) return;
  const end = now + MAX_FLIGHT_MS;
  ends.set(name, end);
  try {
    await work();
  } finally {
    // Not the flight of another that began when this one had lasted too long.
    if (ends.get(name) === end) ends.delete(name);
  }
}
