import { type BareCollector, type Manner, startBareCollector } from "../support/bare-collector.ts";
import type { Journal } from "./journal.ts";
import type { Random } from "./random.ts";

/** How often each fault happens to a request for spans; all other requests are accepted at once. */
const SHARES: Readonly<Record<Exclude<Manner, "quick">, number>> = { hang: 0.5, reset: 0.2, slow: 0.2 };

/** Starts a collector that mostly misbehaves, until the campaign has ended. Its misbehaviour is counted as faults. */
export const startCollector = (journal: Journal, random: Random): Promise<BareCollector> =>
  startBareCollector(() => {
    const manner = random.pick(SHARES) ?? "quick";
    journal.count(`collector: ${manner}`);
    return manner;
  });
