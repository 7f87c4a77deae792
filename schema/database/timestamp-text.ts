/** A text that Postgres does not write for a `timestamptz` under `DateStyle` ISO: `01/05/2026` may be in January or in May. */
export class ForeignTimestamp extends Error {
  override readonly name = "ForeignTimestamp";
}

/** The form of nearly all timestamps: `Date` reads it, in a third of the time. */
const ISO_UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

/** The form under `DateStyle` ISO, and of JSON under any style. The offset is that of the session's `TimeZone`, with seconds if it has some. */
const ISO = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/**
 * Parses the time that Postgres wrote, with a precision of milliseconds. `infinity` becomes an invalid Date, since no Date can hold it.
 *
 * @throws ForeignTimestamp for a text in another `DateStyle`.
 */
export function readTimestamp(text: string): Date {
  if (ISO_UTC.test(text)) return new Date(text);
  const [, date, time, sign, hours, minutes = "0", seconds = "0"] = ISO.exec(text) ?? [];
  if (sign === undefined) {
    if (/^-?infinity$/.test(text)) return new Date(Number.NaN);
    throw new ForeignTimestamp(`${JSON.stringify(text.slice(0, 60))} is not written in DateStyle ISO`);
  }
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
  return new Date(Date.parse(`${date}T${time}Z`) - (sign === "-" ? -offset : offset));
}
