import { type CheckName, MAX_CLOCK_SKEW_SECONDS } from "./checks.ts";
import { FIRST_DAY, MIGRATE } from "./first-day.ts";

/** The texts of a check, for people. */
interface CheckWords {
  /** What is wrong. */
  readonly what: string;
  /** What to do. */
  readonly todo: string;
}

/** By the name of the check. */
export const CHECK_WORDS = {
  database_unreachable: {
    what: "the database does not answer",
    todo: "check that the database is up; if it is, check this Worker's DATABASE_URL, and who may connect",
  },
  migrations_behind: {
    what: "the database is older than the deployed code",
    todo: `run ${MIGRATE}`,
  },
  database_unfit: {
    what: "the hub cannot work with this database",
    todo: "set DATABASE_URL to the primary of a PostgreSQL 15 or newer with the encoding UTF8 that accepts writes",
  },
  hub_silent: FIRST_DAY.hub_silent,
  executor_silent: FIRST_DAY.executor_silent,
  queue_unconsumed: FIRST_DAY.queue_unconsumed,
  nothing_delivered: FIRST_DAY.nothing_delivered,
  binding_missing: {
    what: "the executor lacks what a destination needs, and its dispatches end misconfigured, or wait for their Workflow",
    todo: "bind it to the executor under this name (npx cf-eventhub-workflows doctor says where), or disable its routes",
  },
  run_failed: {
    what: "the last run of the hub or of the executor failed, wholly or in part",
    todo: "the log of that Worker says why: reconcile.part_failed, or the error of the run",
  },
  overdue: {
    what: "dispatches are overdue, and nobody works on them",
    todo: "look at the executor's log; `ops problems` names the oldest of each destination",
  },
  lost: {
    what: "dispatches were given up as lost, and nobody has retried them",
    todo: "find out what happened to their Workflow instances, then retry them: `ops list --status lost`, `ops retry --status lost`",
  },
  configurations_differ: {
    what: "the hub and the executor have different route configurations, or one of them is deployed twice",
    todo: "deploy both with the same routing.json, and each once: the hub makes dispatches by its own, and the executor delivers them by its own",
  },
  versions_differ: {
    what: "the hub and the executor have different versions of the package, or one of them is deployed twice",
    todo: "deploy both with the same version, and each once",
  },
  clock_skew: {
    what: `a Worker's clock differs from the database's by more than ${MAX_CLOCK_SKEW_SECONDS} seconds`,
    todo: "check the clock of the database's host; the hub uses the database's clock, and ids of events use the Workers'",
  },
  database_risky: {
    what: "a setting of the database breaks a guarantee of the hub",
    todo: "set synchronous_commit, autovacuum and track_counts to on, and statement_timeout to 0 or at least 10 seconds",
  },
  invalid_index: {
    what: "an index is invalid: Postgres maintains it but does not use it",
    todo: `drop it, and run ${MIGRATE} again, or rebuild it: REINDEX INDEX CONCURRENTLY`,
  },
  vacuum_behind: {
    what: "autovacuum cannot keep up with a table, which becomes slow",
    todo: "end transactions that have been open for long (pg_stat_activity), raise autovacuum_vacuum_cost_limit, or run VACUUM",
  },
} as const satisfies Readonly<Record<CheckName, CheckWords>>;
