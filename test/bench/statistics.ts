/** Several rounds of one measurement. */
export interface Spread {
  median: number;
  min: number;
  max: number;
  rounds: number;
}

/**
 * The value below which this share of the values lies.
 *
 * @throws RangeError if there are no values.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError("no values");
  return value;
}

export const median = (values: readonly number[]): number =>
  (quantile(values, 0.5) + quantile(values, values.length % 2 === 0 ? 0.5 - 1 / values.length : 0.5)) / 2;

export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), rounds: values.length };
}
