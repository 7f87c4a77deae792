/** A date, or a date and a time with its offset, as in RFC 3339, with optional seconds. It has no nested repetition, so it takes linear time. */
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d)))?$/;

/** The form of a time, for a refusal. */
export const ISO_TIME_RULE = "an ISO 8601 time with its zone (2026-11-23T08:00:00Z) or a date (2026-11-23)";

/**
 * The one grammar of times from people and programs. Returns milliseconds since 1970. It accepts an ISO 8601 time in the form of RFC 3339
 * (`2026-11-20T08:00:00.5+01:00`, with optional seconds), or a date alone, which means midnight UTC. `undefined` for anything else: a time without a
 * zone would mean another moment on another machine. Digits after the milliseconds are cut off.
 *
 * `24:00` is midnight of the next day. A leap second (`23:59:60` in UTC, on the last day of a month) is the second after it, as in POSIX.
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
  // The fraction of a leap second is dropped, since it belongs to no other second.
  const milliseconds = second === 60 ? 0 : Number(fraction.padEnd(3, "0").slice(0, 3));
  const moment = midnight.getTime() + (minutes * 60 + second) * 1000 + milliseconds;
  return second === 60 && !beginsMonth(moment) ? undefined : moment;
}

/** The same as a Date, which is invalid if the text is not a time. */
export const isoDate = (text: string): Date => new Date(parseIsoTime(text) ?? Number.NaN);

function beginsMonth(moment: number): boolean {
  const date = new Date(moment);
  return date.getUTCDate() === 1 && moment % 86_400_000 === 0;
}
