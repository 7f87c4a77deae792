/** How long a dry run counts, in milliseconds. Somebody waits for it before acting. */
const PREVIEW_MS = 5_000;

/** When a dry run returns what it has counted so far, in milliseconds since 1970. */
export const previewUntil = (deadline: number): number => Math.min(deadline, Date.now() + PREVIEW_MS);
