const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The seconds between two runs of a regular cron expression: every minute, every n minutes, once an hour, every n hours, once a day. `undefined` for
 * any other.
 *
 * @example secondsBetween("*\/15 * * * *") // 900
 */
export function secondsBetween(cron: string | undefined): number | undefined {
  const [minute = "", hour = "", ...rest] = cron?.trim().split(/\s+/) ?? [];
  if (rest.length !== 3 || rest.some((field) => field !== "*")) return undefined;
  if (hour === "*") return /^\d+$/.test(minute) ? HOUR : every(minute, MINUTE);
  if (!/^\d+$/.test(minute)) return undefined;
  return /^\d+$/.test(hour) ? DAY : every(hour, HOUR);
}

/** The seconds between runs for a field that is `*`, or `*` with a step. */
function every(field: string, unit: number): number | undefined {
  if (field === "*") return unit;
  const [, step] = /^\*\/(\d+)$/.exec(field) ?? [];
  return step === undefined || Number(step) === 0 ? undefined : Number(step) * unit;
}
