import { firstDayText } from "./first-day.ts";
import { MisconfiguredError } from "./misconfigured-error.ts";

/**
 * Gives an entrypoint that takes no events an `emit` that says so, since a producer's binding may lead there by mistake. It is on the prototype,
 * because RPC reaches nothing else, and not in the class's type, because nobody should call it.
 */
export function refuseToEmit(entrypoint: object, fault: "emit_at_operator" | "emit_at_executor"): void {
  Object.defineProperty(entrypoint, "emit", {
    value: async (): Promise<never> => {
      throw new MisconfiguredError(firstDayText(fault));
    },
    writable: true,
    configurable: true,
  });
}
