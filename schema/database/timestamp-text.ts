/** A text that Postgres does not write for a `timestamptz` under `DateStyle` ISO: `01/05/2026` may be of January or of May. */
export class ForeignTimestamp extends Error {
  override readonly name = "ForeignTimestamp";
}

/** What nearly all are: `Date` reads it, in a third of the time. */
const ISO_UTC = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

/** As `DateStyle` ISO has it, and JSON under any: the offset is that of the session's `TimeZone`, with seconds where that has some. */
const ISO = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/**
 * The moment that Postgres wrote, in milliseconds. `infinity` is an invalid Date: there is none that holds it.
 *
 * @throws ForeignTimestamp for what is written in another `DateStyle`.
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
