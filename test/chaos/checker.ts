import { checkArrivals } from "./check-arrivals.ts";
import { checkCallTimes } from "./check-call-times.ts";
import { checkCalls } from "./check-calls.ts";
import { checkDelays } from "./check-delays.ts";
import { checkDispatches } from "./check-dispatches.ts";
import { checkEmissions } from "./check-emissions.ts";
import { checkFlow } from "./check-flow.ts";
import { checkOperated } from "./check-operated.ts";
import { checkSilence } from "./check-silence.ts";
import { checkWaits } from "./check-waits.ts";
import type { Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** Finds everything in the evidence that violates an invariant. Pure: it looks at nothing else. */
export function check(evidence: Evidence): Violation[] {
  return [
    checkEmissions,
    checkDelays,
    checkDispatches,
    checkCalls,
    checkCallTimes,
    checkArrivals,
    checkWaits,
    checkSilence,
    checkFlow,
    checkOperated,
  ].flatMap((part) => part(evidence));
}
