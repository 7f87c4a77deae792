/** What goes wrong on a first day, before anything of the user's own does: one table of what is said, which code, tests and README share. */

import { COMPATIBILITY_DATE } from "./deployment.ts";
import { MIN_COMPATIBILITY_DATE } from "./platform-limits.ts";

/** A fault of what was deployed. It stays until a person mends it. */
interface FirstDayFault {
  /** The name that is set, bound or exported, and what is wrong with it. */
  readonly what: string;
  /** What to do. */
  readonly todo: string;
}

/** The form of a `DATABASE_URL`. */
const URL_FORM = "postgresql://user:password@host/database";

/** The command that brings a database up to date. */
export const MIGRATE = "npx cf-eventhub-workflows migrate";

const DEV = "npx cf-eventhub-workflows dev";

/** By name. */
export const FIRST_DAY = {
  no_database_url: {
    what: "DATABASE_URL is not set",
    todo: `give this Worker the secret (npx wrangler secret put DATABASE_URL; on your machine a line in .dev.vars, or ${DEV}): ${URL_FORM}`,
  },
  not_a_database_url: {
    what: "DATABASE_URL is not a Postgres connection string",
    todo: `it must be like ${URL_FORM}`,
  },
  local_database: {
    what: "DATABASE_URL names a Postgres of your machine or network, and the hub speaks Neon's HTTP protocol",
    todo: `start the hub with ${DEV}, which puts an endpoint before it, or set DATABASE_ENDPOINT to one; deployed, give the URL of a Neon database`,
  },
  not_an_endpoint: {
    what: "DATABASE_ENDPOINT is not a URL",
    todo: "it must be like http://127.0.0.1:4444/sql, or left out for a Neon database",
  },
  no_routes_given: {
    what: "no route configuration",
    todo: "the Worker's class needs `protected override readonly configuration = routing`, with routing imported from routing.json; or give a small one in the variable EVENTHUB_ROUTING",
  },
  routes_not_json: {
    what: "EVENTHUB_ROUTING is not JSON",
    todo: "it holds a small route configuration, as JSON; a large one is a module of the Worker",
  },
  no_handler: {
    what: "its Worker has no such method",
    todo: 'bind the Worker that implements it, with its "entrypoint" unless it is the default export; it must be a class that extends WorkerEntrypoint',
  },
  emit_at_operator: {
    what: "this binding leads to the hub's entrypoint Operator, which takes no events",
    todo: 'a producer binds the hub itself: leave "entrypoint" out of { "binding": "EVENTHUB", "service": "eventhub-hub" }',
  },
  emit_at_executor: {
    what: "this binding leads to the executor, which takes no events",
    todo: 'a producer binds the hub: { "binding": "EVENTHUB", "service": "eventhub-hub" }',
  },
  console_not_at_operator: {
    what: "OPERATOR is bound to a Worker that does not have the operators' calls",
    todo: 'bind the hub\'s entrypoint: { "binding": "OPERATOR", "service": "eventhub-hub", "entrypoint": "Operator" }, and export a class Operator from the hub\'s main file',
  },
  console_not_at_hub: {
    what: "EVENTHUB is bound to a Worker that takes no events",
    todo: 'bind the hub itself, without "entrypoint": { "binding": "EVENTHUB", "service": "eventhub-hub" }',
  },
  hub_silent: {
    what: "the hub's cron does not run",
    todo: 'deploy the hub with "triggers": { "crons": ["* * * * *"] }: without it nothing routes what is emitted in SQL, and bulk work stands still',
  },
  executor_silent: {
    what: "the executor's cron does not run",
    todo: 'deploy the executor with "triggers": { "crons": ["* * * * *"] }: without it nobody finds what was lost on its way',
  },
  queue_unconsumed: {
    what: "nobody takes the messages of the hub's queue",
    todo: 'the executor needs "queues": { "consumers": [{ "queue": ... }] } with the queue that hub and executor have as EVENTHUB_QUEUE; if it has that, its log says why its queue handler fails',
  },
  old_compatibility_date: {
    what: `this Worker's compatibility_date is older than ${MIN_COMPATIBILITY_DATE}, and so it cannot call others by RPC`,
    todo: `set a newer one in its wrangler configuration, such as ${COMPATIBILITY_DATE}`,
  },
} as const satisfies Readonly<Record<string, FirstDayFault>>;

/** The name of a fault. */
export type FirstDayFaultName = keyof typeof FIRST_DAY;

/** What a person reads of a fault: what is wrong, perhaps more exactly, and what to do. */
export function firstDayText(name: FirstDayFaultName, detail?: string): string {
  const { what, todo } = FIRST_DAY[name];
  return `${what}${detail === undefined ? "" : ` (${detail})`}; ${todo}`;
}
