import fc from "fast-check";

/** How many times as many cases as a test names; not set in `npm test`. */
const times = timesOf(process.env.FUZZ);

function timesOf(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`FUZZ must be a whole number from 1 on, got ${JSON.stringify(text)}`);
  return Number(text);
}

/** What `npm test` takes at least of the cases that a test names. */
const AT_LEAST = 500;

// A test run decides the same whenever it is repeated; `npm run fuzz` looks further, from seeds that fast-check prints.
fc.configureGlobal(times === undefined ? { seed: 20_261_124 } : {});

/**
 * For `fc.assert`: a quarter of so many cases, always the same ones, where that is still {@link AT_LEAST}; or with the environment's `FUZZ` set
 * to a number, so many times as many, and others each time.
 */
export const cases = (count: number): { numRuns: number } => ({
  numRuns: times === undefined ? Math.min(count, Math.max(Math.ceil(count / 4), AT_LEAST)) : count * times,
});
