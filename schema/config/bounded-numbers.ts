import * as v from "valibot";
import { show } from "./faults.ts";

/** A schema of an integer with bounds. `unit` ends the message of a refusal, such as " (seconds)". */
export function integer(min: number, max: number, unit = "") {
  return v.custom<number>(
    (input) => typeof input === "number" && Number.isInteger(input) && input >= min && input <= max,
    ({ input }) => `must be an integer from ${min} to ${max}${unit}, got ${show(input)}`,
  );
}

/** A schema of a number with bounds. */
export function number(min: number, max: number) {
  return v.custom<number>(
    (input) => typeof input === "number" && input >= min && input <= max,
    ({ input }) => `must be a number from ${min} to ${max}, got ${show(input)}`,
  );
}
