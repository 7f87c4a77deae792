/** The rules by which the results of a destination are judged. */
export interface HealthRules {
  /** How far back results count, in seconds. */
  readonly windowSeconds: number;
  /** How many must have ended in the window before a rate says anything. */
  readonly leastResults: number;
  /** Failing below this share of delivered, 0 to 1. */
  readonly failingBelow: number;
  /** Degraded below this share, 0 to 1. */
  readonly degradedBelow: number;
  /** From this many failures on, `degradedBelowWithMany` applies: at a large volume, a small share hurts many. */
  readonly manyFailures: number;
  /** Degraded below this share if there are many failures, 0 to 1. */
  readonly degradedBelowWithMany: number;
}

/** The rules if the route configuration has none. */
export const DEFAULT_HEALTH: HealthRules = {
  windowSeconds: 3_600,
  leastResults: 1,
  failingBelow: 0.5,
  degradedBelow: 0.95,
  manyFailures: 50,
  degradedBelowWithMany: 0.99,
};

/** The results from which the alert rules look at a state, if `leastResults` is not configured: one failure alone wakes nobody. */
export const DEFAULT_ALERT_RESULTS = 20;

/** The facts about a state of a destination. */
interface StateFacts {
  /** The state in a sentence, for people. */
  means(rules: HealthRules): string;
  /** How urgent it is: the highest first. */
  readonly rank: number;
}

/** Every state of a destination. SQL, the console and the command line use exactly these. */
export const DESTINATION_STATES = {
  failing: {
    means: (rules) => `less than ${percent(rules.failingBelow)} of what ended in ${windowWords(rules)} was delivered`,
    rank: 5,
  },
  degraded: {
    means: (rules) =>
      `less than ${percent(rules.degradedBelow)} of what ended in ${windowWords(rules)} was delivered, or less than ${percent(rules.degradedBelowWithMany)} with ${rules.manyFailures} failures or more`,
    rank: 4,
  },
  paused: { means: () => "held until it is resumed", rank: 3 },
  draining: { means: () => "resumed, but held dispatches are still going out", rank: 2 },
  delivering: { means: (rules) => `all or nearly all of what ended in ${windowWords(rules)} was delivered`, rank: 1 },
  idle: {
    means: (rules) =>
      rules.leastResults === 1
        ? `nothing ended in ${windowWords(rules)}`
        : `fewer than ${rules.leastResults} ended in ${windowWords(rules)}, too few to judge`,
    rank: 0,
  },
} as const satisfies Readonly<Record<string, StateFacts>>;

export type DestinationStateName = keyof typeof DESTINATION_STATES;

/** Their names, for checks and lists. */
export const DESTINATION_STATE_NAMES = Object.keys(DESTINATION_STATES) as [
  DestinationStateName,
  ...DestinationStateName[],
];

/** The states that follow from results and need an operator. The metrics report them, and the alert rules look at them. */
export const UNHEALTHY_STATES = ["failing", "degraded"] as const satisfies readonly DestinationStateName[];

/** `99.5 %`. */
const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;

const UNITS = [
  [3_600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

/** `the last hour`, `the last 15 minutes`, `the last 90 seconds`. */
function windowWords({ windowSeconds }: HealthRules): string {
  const [seconds, unit] = UNITS.find(([length]) => windowSeconds % length === 0) ?? UNITS[2];
  const n = windowSeconds / seconds;
  return n === 1 ? `the last ${unit}` : `the last ${n} ${unit}s`;
}
