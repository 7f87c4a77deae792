const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MOMENT = /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** How long something took, and where a page ended, which holds an id. */
const VARYING = /^(p\d\d_?ms|cursor)$/i;
const STEP_MS = 600_000;

/**
 * An answer without what differs from run to run: ids by the order in which they were first seen, moments in steps of ten minutes from a start,
 * and no durations. So two runs can be compared as they are.
 */
export function normaliser(startMs: number): <T>(value: T) => unknown {
  const seen = new Map<string, string>();
  const idOf = (id: string) => {
    const known = seen.get(id) ?? `#${seen.size}`;
    seen.set(id, known);
    return known;
  };
  const moment = (ms: number) => (Number.isNaN(ms) ? "no moment" : `${Math.round((ms - startMs) / STEP_MS)} steps`);
  const normalise = (value: unknown): unknown => {
    if (value instanceof Date) return moment(value.getTime());
    if (typeof value === "string") {
      return value.replaceAll(UUID, idOf).replaceAll(MOMENT, (text) => moment(Date.parse(text)));
    }
    if (Array.isArray(value)) return value.map(normalise);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, VARYING.test(key) ? typeof item : normalise(item)]),
    );
  };
  return normalise;
}
