/** False if an ISO 8601 time names a day that its month does not have: `Date` takes it for one of the next month. */
export function hasDay(isoTime: string): boolean {
  const day = isoTime.slice(0, "2026-01-31".length);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
