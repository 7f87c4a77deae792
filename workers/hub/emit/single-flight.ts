import { MAX_WAIT_UNTIL_MS } from "../../../schema/vocabulary/platform-limits.ts";

/**
 * The longest flight, in milliseconds: the time that the platform gives `waitUntil` after the answer. A request that has died never ends its flight,
 * so time has to end it.
 */
export const MAX_FLIGHT_MS = MAX_WAIT_UNTIL_MS;

/** When the flights that began in this isolate end at the latest, in milliseconds since 1970. */
const ends = new Map<string, number>();

/**
 * Runs at most one `work` of each `name` at a time in an isolate. A call that comes while another is in progress does nothing. Use it only for work
 * that may safely run twice at once.
 */
export async function singleFlight(name: string, work: () => Promise<void>): Promise<void> {
  const now = Date.now();
  const left = (ends.get(name) ?? now) - now;
  // If more time is left than is possible, a clock was set back.
  if (left > 0 && left <= MAX_FLIGHT_MS) return;
  const end = now + MAX_FLIGHT_MS;
  ends.set(name, end);
  try {
    await work();
  } finally {
    // Spares the flight of another call that began after this one had lasted too long.
    if (ends.get(name) === end) ends.delete(name);
  }
}
