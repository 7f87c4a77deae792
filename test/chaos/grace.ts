/** The grace of the campaign's stack, in seconds: short, so that a run contains many recoveries. All the alarm's times are short with it. */
export const GRACE_SECONDS = 2;
