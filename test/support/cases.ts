import fc from "fast-check";

/** The factor by which the number of cases is multiplied; not set in `npm test`. */
const times = timesOf(process.env.FUZZ);

function timesOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`FUZZ must be a whole number from 1 on, got ${JSON.stringify(text)}`);
  return Number(text);
}

/** The fewest cases that `npm test` runs if a test asks for more. */
const AT_LEAST = 500;

// A test run has the same result whenever it is repeated. `npm run fuzz` tries other cases, from seeds that fast-check prints.
fc.configureGlobal(times === undefined ? { seed: 20_261_124 } : {});

/**
 * Options for `fc.assert`: a quarter of `count` cases, but not fewer than {@link AT_LEAST}, and always the same ones. If the environment's `FUZZ` is
 * a number, that many times `count`, and other cases each time.
 */
export const cases = (count: number): { numRuns: number } => ({
  numRuns: times === undefined ? Math.min(count, Math.max(Math.ceil(count / 4), AT_LEAST)) : count * times,
});
