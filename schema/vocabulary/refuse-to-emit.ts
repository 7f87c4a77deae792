import { firstDayText } from "./first-day.ts";
import { MisconfiguredError } from "./misconfigured-error.ts";

/** The method `emit` of an entrypoint that takes no events, which a producer's binding may lead to by mistake. */
export const refuseToEmit = (fault: "emit_at_operator" | "emit_at_executor") => async (): Promise<never> => {
  throw new MisconfiguredError(firstDayText(fault));
};
