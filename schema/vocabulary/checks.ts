/** The checks of a deployment, in one table that the command `ops doctor`, the console, `GET /health` and the metrics share. */

/**
 * By name, worst first. True: the hub cannot deliver while the check finds something, and `GET /health` answers 503. False: not everything stops, but
 * something needs attention. The texts for people are in check-words.ts, which the hub's script does not contain.
 */
export const CHECKS = {
  database_unreachable: { stops: true },
  migrations_behind: { stops: true },
  database_unfit: { stops: true },
  hub_silent: { stops: true },
  executor_silent: { stops: true },
  queue_unconsumed: { stops: true },
  nothing_delivered: { stops: true },
  binding_missing: { stops: false },
  run_failed: { stops: false },
  overdue: { stops: false },
  lost: { stops: false },
  configurations_differ: { stops: false },
  versions_differ: { stops: false },
  clock_skew: { stops: false },
  database_risky: { stops: false },
  invalid_index: { stops: false },
  vacuum_behind: { stops: false },
} as const satisfies Readonly<Record<string, { readonly stops: boolean }>>;

/** The name of a check. */
export type CheckName = keyof typeof CHECKS;

/** The names of all checks, worst first. */
export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

/** For how many minutes the parts of a deployment may have different versions or configurations: a deployment takes less. */
export const DEPLOYMENT_MINUTES = 10;

/** How many seconds a Worker's clock may differ from the database's: the way to the database accounts for less. */
export const MAX_CLOCK_SKEW_SECONDS = 5;

/**
 * Autovacuum does not keep up with a table that has this many times the dead rows at which autovacuum starts, so many minutes after its last vacuum.
 */
export const DEAD_ROWS_FACTOR = 10;
export const UNVACUUMED_MINUTES = 10;

/** A number of dead rows that is never too many. */
export const DEAD_ROWS_BORNE = 10_000;
