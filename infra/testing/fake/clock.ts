import { parse } from "@lukeed/ms";
import { NoAnswer, withTimeout } from "../../../workflows/with-timeout.ts";

/** A duration: milliseconds, or text such as `1 h`, `90 s`, `2 days`. */
export type Duration = number | string;

/** The clock of a fake hub. It runs by itself unless it was set, and can be moved ahead. */
export interface FakeClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Moves it ahead. Calls whose time is up get no answer any more. */
  advance(by: Duration): void;
  /** Limits calls that began at this moment (milliseconds since 1970), by this clock or by this machine's, whichever comes first. */
  limitFrom(startedAt: number): typeof withTimeout;
}

/** @param start The time at which it stands still. Default: it runs like this machine's clock. */
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
        // First, so that it precedes whatever error the abort causes in the work.
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

/** @throws RangeError if this is not a duration */
function milliseconds(by: Duration): number {
  const read = typeof by === "number" ? by : parse(by);
  if (read !== undefined && Number.isFinite(read) && read >= 0) return read;
  throw new RangeError(
    `advance takes milliseconds or text such as "90 s", "1 h" or "2 days", got ${JSON.stringify(by)}`,
  );
}
