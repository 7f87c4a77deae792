/** Formats times in the reader's own zone or in UTC. Uses only `Intl`, since the browser's scripts include these functions. */

/** `UTC`, or the reader's own zone. */
export type Zone = "UTC" | undefined;

/** The name of a zone, such as `Europe/Berlin`. */
export const zoneName = (zone: Zone): string => zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Each format is made once, because making one takes longer than using it a hundred times. Swedish times look like ISO 8601. */
function format(zone: Zone, options: Intl.DateTimeFormatOptions, locale = "sv-SE"): Intl.DateTimeFormat {
  const key = `${locale} ${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(locale, { ...options, ...(zone === undefined ? {} : { timeZone: zone }) });
  formats.set(key, made);
  return made;
}

/** `2026-11-24`. */
export const dayOf = (at: Date, zone: Zone): string => format(zone, { dateStyle: "short" }).format(at);

/** The time of day to the minute, `14:02`, or to the second, `14:02:11`. */
export const timeOfDay = (at: Date, zone: Zone, style: "short" | "medium" = "short"): string =>
  format(zone, { timeStyle: style }).format(at);

/** `14:02`, with the day if it differs from that of `now`: `2026-11-23 14:02`. */
export const clock = (at: Date, now: Date, zone: Zone): string =>
  dayOf(at, zone) === dayOf(now, zone) ? timeOfDay(at, zone) : `${dayOf(at, zone)} ${timeOfDay(at, zone)}`;

/** To the millisecond and without the zone's name: `2026-11-24 14:02:11.090`. */
export const exactIn = (at: Date, zone: Zone): string =>
  `${dayOf(at, zone)} ${timeOfDay(at, zone, "medium")}.${String(at.getUTCMilliseconds()).padStart(3, "0")}`;

/** To the minute, with its day: `2026-11-24 14:02`. */
export const minuteIn = (at: Date, zone: Zone): string => exactIn(at, zone).slice(0, 16);

/** The zone's short name at a moment: `UTC`, `CET`, `GMT+5:30`. */
export const zoneAt = (at: Date, zone: Zone): string =>
  format(zone, { timeZoneName: "short" }, "en-GB")
    .formatToParts(at)
    .find(({ type }) => type === "timeZoneName")?.value ?? "UTC";

/** A moment in the format of a field for times, without a zone: `2026-11-24T14:02:11`. */
export const fieldOf = (at: Date, zone: Zone): string => exactIn(at, zone).slice(0, 19).replace(" ", "T");

/** The moment in a field for times. */
export const momentOf = (field: string, zone: Zone): Date => new Date(zone === "UTC" ? `${field}Z` : field);
