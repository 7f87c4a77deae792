import { parse } from "@lukeed/ms";
import { NoAnswer, withTimeout } from "../../../workflows/timeout.ts";

/** A time span: milliseconds, or text such as `1 h`, `90 s`, `2 days`. */
export type Duration = number | string;

/** The clock of a fake hub: it goes on by itself, unless it was set, and is moved ahead. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves it ahead; calls whose time is over get no answer any more. */
  advance(by: Duration): void;
  /** Limits calls that began at this moment (milliseconds since 1970), by this clock and by this machine's, whichever is first. */
  limitFrom(startedAt: number): typeof withTimeout;
}

/** @param start where it stands; left out, it goes as this machine's does */
export function fakeClock(start: Date | undefined): FakeClock {
  let ahead = 0;
  const waiting = new Set<{ until: number; expire(): void }>();
  const now = () => (start?.getTime() ?? Date.now()) + ahead;
  const expireDue = () => {
    for (const call of waiting) if (now() >= call.until) call.expire();
  };
  return {
    now,
    advance: (by) => {
      ahead += milliseconds(by);
      expireDue();
    },
    limitFrom: (startedAt) => (limit, work) => {
      const abort = new AbortController();
      const { promise: expired, reject } = Promise.withResolvers<never>();
      const expire = () => {
        // First, so that what the abort makes the work throw comes too late.
        reject(new NoAnswer());
        abort.abort();
      };
      const call = { until: startedAt + limit, expire };
      const limited = withTimeout(limit, (signal) =>
        Promise.race([expired, work(AbortSignal.any([signal, abort.signal]))]),
      );
      waiting.add(call);
      expireDue();
      return limited.finally(() => waiting.delete(call));
    },
  };
}

/** @throws RangeError for what is no time span */
function milliseconds(by: Duration): number {
  const read = typeof by === "number" ? by : parse(by);
  if (read !== undefined && Number.isFinite(read) && read >= 0) return read;
  throw new RangeError(
    `advance takes milliseconds or text such as "90 s", "1 h" or "2 days", got ${JSON.stringify(by)}`,
  );
}
