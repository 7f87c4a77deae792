const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MOMENT = /\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** Estimates, which change with time alone. */
const ESTIMATED: ReadonlySet<string> = new Set(["secondsLeft"]);

/** Durations, and cursors, which hold an id. */
const VARYING = /^(p\d\d_?ms|cursor)$/i;
const STEP_MS = 600_000;

/**
 * Returns a function that removes from an answer what differs between runs: ids are numbered in the order in which they are first seen, times become
 * steps of ten minutes since the start, and durations are left out. So two runs can be compared.
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
      Object.entries(value).map(([key, item]) => [
        key,
        ESTIMATED.has(key) ? "estimated" : VARYING.test(key) ? typeof item : normalise(item),
      ]),
    );
  };
  return normalise;
}
