/** Periods to choose from, in seconds. */
export const PERIODS: Readonly<Record<string, number>> = {
  "1h": 3_600,
  "24h": 86_400,
  "7d": 604_800,
  "30d": 2_592_000,
};

/** A period in a sentence: `in the last hour`. */
export const PERIOD_WORDS: Readonly<Record<string, string>> = {
  "1h": "hour",
  "24h": "24 hours",
  "7d": "7 days",
  "30d": "30 days",
};

/** The period in a URL, or a day. */
export const periodOf = (text: string | undefined): string =>
  text !== undefined && Object.hasOwn(PERIODS, text) ? text : "24h";
