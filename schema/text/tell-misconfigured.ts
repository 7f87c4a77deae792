import { MisconfiguredError } from "../vocabulary/misconfigured-error.ts";
import { errorText, log } from "./log.ts";

/** Does what depends on how this Worker was deployed. Its fault is thrown on, and logged here too: the caller may be somebody else's Worker. */
export function tellMisconfigured<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MisconfiguredError) log("error", "misconfigured", { error: errorText(error) });
    throw error;
  }
}
