import fc from "fast-check";

const times = Number(process.env.FUZZ ?? 0);

// A test run decides the same whenever it is repeated; `npm run fuzz` looks further, from seeds that fast-check prints.
fc.configureGlobal(times > 0 ? {} : { seed: 20_261_124 });

/** For `fc.assert`: so many cases, always the same ones; or with the environment's `FUZZ` set to a number, so many times as many, and others each time. */
export const cases = (count: number): { numRuns: number } => ({ numRuns: count * Math.max(times, 1) });
