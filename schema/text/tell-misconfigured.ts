import { MisconfiguredError } from "../vocabulary/misconfigured-error.ts";
import { errorText } from "./error-text.ts";
import { log } from "./log.ts";

/**
 * Runs work that depends on how this Worker was deployed. A fault is rethrown, and also logged here, since the caller may be somebody else's Worker.
 */
export function tellMisconfigured<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MisconfiguredError) log("error", "misconfigured", { error: errorText(error) });
    throw error;
  }
}
