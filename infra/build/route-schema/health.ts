import {
  DEFAULT_ALERT_RESULTS,
  DEFAULT_HEALTH,
  type HealthRules,
} from "../../../schema/vocabulary/destination-states.ts";
import * as limits from "../../../schema/vocabulary/limits.ts";
import { integer, type Schema } from "./json-schema.ts";

const results = (description: string): Schema => integer(1, limits.MAX_HEALTH_RESULTS, description);
const share = (description: string): Schema => ({ type: "number", minimum: 0, maximum: 1, description });

const RULES: Readonly<Record<keyof HealthRules, Schema>> = {
  windowSeconds: integer(
    limits.MIN_HEALTH_WINDOW_SECONDS,
    limits.MAX_HEALTH_WINDOW_SECONDS,
    `How far back results count, in seconds; default ${DEFAULT_HEALTH.windowSeconds}.`,
  ),
  leastResults: results(
    `How many dispatches must have ended in the window; with fewer it is idle; default ${DEFAULT_HEALTH.leastResults}. Alerts need as many, or ${DEFAULT_ALERT_RESULTS} if it is left out.`,
  ),
  failingBelow: share(
    `Failing below this share of delivered dispatches, 0 to 1; default ${DEFAULT_HEALTH.failingBelow}.`,
  ),
  degradedBelow: share(`Degraded below this share; default ${DEFAULT_HEALTH.degradedBelow}.`),
  manyFailures: results(
    `With so many failures or more, degraded already below degradedBelowWithMany; default ${DEFAULT_HEALTH.manyFailures}.`,
  ),
  degradedBelowWithMany: share(
    `Degraded below this share if there are manyFailures; default ${DEFAULT_HEALTH.degradedBelowWithMany}.`,
  ),
};

/** The rules by which destinations are judged. */
export const HEALTH: Schema = { type: "object", properties: RULES, additionalProperties: false };
