const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A moment relative to now: `12 s ago`, `in 3 min`. The browser keeps it up to date; assets/console.browser.js includes this function. */
export function relative(at: Date, now: Date): string {
  const away = Math.abs(now.getTime() - at.getTime());
  if (away < 2 * SECOND) return "now";
  const [amount, unit] =
    away < 90 * SECOND
      ? [away / SECOND, "s"]
      : away < 90 * MINUTE
        ? [away / MINUTE, "min"]
        : away < 36 * HOUR
          ? [away / HOUR, "h"]
          : [away / DAY, "d"];
  const text = `${Math.floor(amount)} ${unit}`;
  return at > now ? `in ${text}` : `${text} ago`;
}

/** A moment to the millisecond, in UTC. */
export const exact = (at: Date): string => `${at.toISOString().slice(0, 23).replace("T", " ")} UTC`;

/** A duration with at least two digits: `340 ms`, `4.2 s`, `12 min`. */
export function duration(ms: number): string {
  if (ms < 0) return `-${duration(-ms)}`;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < 2 * MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}
