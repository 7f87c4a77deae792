/** A date, or a date and a time with its offset: RFC 3339, whose seconds may be left out. Without nested repetition: it takes linear time. */
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d)))?$/;

/** What a time has to look like, for a refusal. */
export const ISO_TIME_RULE = "an ISO 8601 time with its zone (2026-11-23T08:00:00Z) or a date (2026-11-23)";

/**
 * The one grammar of times that people and programs give, as milliseconds since 1970: an ISO 8601 time in the form of RFC 3339 (`2026-11-20T08:00:00.5+01:00`, seconds
 * may be left out), or a date alone, which is its midnight UTC. `undefined` for anything else: a time without a zone would mean another
 * moment on another machine. Digits after the milliseconds are cut off.
 *
 * `24:00` is the next day's midnight. A leap second (`23:59:60` by UTC, on the last day of a month) is the second after it, as POSIX has it.
 */
export function parseIsoTime(text: string): number | undefined {
  const match = ISO_TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const fraction = match[7] ?? "";
  const offset = (match[8] === "-" ? -1 : 1) * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  if (minute > 59 || second > 60 || hour > 24) return undefined;
  if (hour === 24 && (minute > 0 || second > 0 || /[1-9]/.test(fraction))) return undefined;
  const minutes = hour * 60 + minute - offset;
  // What is left of a leap second is no part of any other.
  const milliseconds = second === 60 ? 0 : Number(fraction.padEnd(3, "0").slice(0, 3));
  const moment = midnight.getTime() + (minutes * 60 + second) * 1000 + milliseconds;
  return second === 60 && !beginsMonth(moment) ? undefined : moment;
}

/** The same as a Date: an invalid one for what is no time. */
export const isoDate = (text: string): Date => new Date(parseIsoTime(text) ?? Number.NaN);

function beginsMonth(moment: number): boolean {
  const date = new Date(moment);
  return date.getUTCDate() === 1 && moment % 86_400_000 === 0;
}
