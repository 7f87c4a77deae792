/** When a destination counts as failing or degraded: for all of them, and for one alone. */
import * as v from "valibot";
import { DEFAULT_ALERT_RESULTS, DEFAULT_HEALTH, type HealthRules } from "../vocabulary/destination-states.ts";
import { MAX_HEALTH_RESULTS, MAX_HEALTH_WINDOW_SECONDS, MIN_HEALTH_WINDOW_SECONDS } from "../vocabulary/limits.ts";
import { integer, number } from "./bounded-numbers.ts";
import { at, type Faults, type Place } from "./faults.ts";

const share = number(0, 1);
const results = integer(1, MAX_HEALTH_RESULTS);

/** What is left out of a destination's own is as for all of them, and what is left out there has its default. */
export const Health = v.strictObject({
  windowSeconds: v.exactOptional(integer(MIN_HEALTH_WINDOW_SECONDS, MAX_HEALTH_WINDOW_SECONDS, " (seconds)")),
  leastResults: v.exactOptional(results),
  failingBelow: v.exactOptional(share),
  degradedBelow: v.exactOptional(share),
  manyFailures: v.exactOptional(results),
  degradedBelowWithMany: v.exactOptional(share),
});
type Health = v.InferOutput<typeof Health>;

/** The part of a configuration that this is about. */
interface Judged {
  readonly health?: Health | undefined;
  readonly destinations: { readonly [name: string]: { readonly health?: Health | undefined } };
}

/** By which rules a destination is judged; without a name, those that have none of their own. */
export function healthRulesOf({ health, destinations }: Judged, name?: string): HealthRules {
  const own = name !== undefined && Object.hasOwn(destinations, name) ? destinations[name]?.health : undefined;
  return { ...DEFAULT_HEALTH, ...health, ...own };
}

/** Rules as the database keeps them: of all destinations without a name, and of each that has some of its own. */
export type StoredHealthRules = HealthRules & {
  readonly destination?: string;
  /** How many results must have ended before a state is worth an alert. */
  readonly alertResults: number;
};

/** All rules of a configuration, those of all destinations first. */
export function storedHealthRules(config: Judged): StoredHealthRules[] {
  const named = Object.keys(config.destinations).filter((name) => config.destinations[name]?.health !== undefined);
  const usual = config.health?.leastResults ?? DEFAULT_ALERT_RESULTS;
  return [
    { ...healthRulesOf(config), alertResults: usual },
    ...named.map((destination) => ({
      destination,
      ...healthRulesOf(config, destination),
      alertResults: config.destinations[destination]?.health?.leastResults ?? usual,
    })),
  ];
}

/** Adds the faults of rules that contradict each other, at the place where they are written. */
export function addHealthFaults(config: Judged, faults: Faults): void {
  const health = at(undefined, "health");
  if (config.health !== undefined) addContradiction(healthRulesOf(config), config.health, health, faults);
  for (const [name, { health: own }] of Object.entries(config.destinations)) {
    const place = at(at(at(undefined, "destinations"), name), "health");
    if (own !== undefined) addContradiction(healthRulesOf(config, name), own, place, faults);
  }
}

function addContradiction(rules: HealthRules, written: Health, place: Place, faults: Faults): void {
  if (rules.failingBelow <= rules.degradedBelow) return;
  const [key, limit] =
    written.failingBelow === undefined
      ? (["degradedBelow", `at least failingBelow, ${rules.failingBelow}`] as const)
      : (["failingBelow", `at most degradedBelow, ${rules.degradedBelow}`] as const);
  // A contradiction that this object only inherits is told where it is written.
  if (written[key] !== undefined) faults.add(at(place, key), `must be ${limit}, got ${rules[key]}`);
}
