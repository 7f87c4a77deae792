import { MAX_DELAY_SECONDS } from "../../schema/vocabulary/limits.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const TIME = "(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)";
const MONTH = `(?<month>${MONTHS.join("|")})`;

/**
 * The three forms of a date in HTTP: the current one, that of RFC 850, and that of C's asctime. @see
 * https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats
 */
const DATES = [
  `^[a-z]{3}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`,
  `^[a-z]{6,9}, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT$`,
  `^[a-z]{3} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`,
].map((form) => new RegExp(form, "i"));

/** Reads a date of HTTP in any of the three forms, as milliseconds; `undefined` for any other text. */
function readDate(text: string, now: number): number | undefined {
  const found = DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) return undefined;
  const { year = "", month = "", day = "", hour, minute, second } = found;
  const at = (fullYear: number) =>
    Date.UTC(fullYear, MONTHS.indexOf(month.toLowerCase()), Number(day), Number(hour), Number(minute), Number(second));
  if (new Date(at(2000)).getUTCDate() !== Number(day) && Number(second) < 60) return undefined;
  if (year.length > 2) return at(Number(year));
  // RFC 9110: two digits that seem to lie more than 50 years ahead mean a year of the previous century.
  const guess = Math.floor(new Date(now).getUTCFullYear() / 100) * 100 + Number(year);
  const ahead = new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50);
  return at(guess) > ahead ? at(guess - 100) : at(guess);
}

/** The content of a `Retry-After`: a wait of 0 to {@link MAX_DELAY_SECONDS} seconds, and its text. Without seconds if it cannot be read. */
export interface RetryAfter {
  seconds: number | undefined;
  said: string;
}

/**
 * Reads a `Retry-After`: seconds, possibly with a fraction, or a date. A date is compared with the `Date` of the same answer, since both come from
 * one clock. Only without a `Date` is it compared with `now`, in milliseconds.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function readRetryAfter(headers: Pick<Headers, "get">, now = Date.now()): RetryAfter | undefined {
  const text = headers.get("retry-after")?.trim();
  if (text === undefined) return undefined;
  const seconds = secondsOf(text, readDate(headers.get("date")?.trim() ?? "", now) ?? now);
  if (seconds === undefined)
    return { seconds, said: `Retry-After ${JSON.stringify(text.slice(0, 40))} is not understood` };
  const kept = Math.min(Math.max(seconds, 0), MAX_DELAY_SECONDS);
  return { seconds: kept, said: `Retry-After: ${kept} s${seconds > kept ? ", the longest wait" : ""}` };
}

function secondsOf(text: string, now: number): number | undefined {
  if (/^\+?\d+(?:\.\d*)?$/.test(text)) return Number(text);
  // A time in the past means now.
  if (/^-\d+(?:\.\d*)?$/.test(text)) return 0;
  const date = readDate(text, now);
  return date === undefined ? undefined : (date - now) / 1_000;
}
