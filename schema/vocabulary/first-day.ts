/** What goes wrong on a first day, before any code of the user runs. Code, tests and README share this one table of messages. */

import { COMPATIBILITY_DATE } from "./deployment.ts";
import { DELIVERED_MINUTES } from "./heartbeats.ts";
import { MIN_COMPATIBILITY_DATE } from "./platform-limits.ts";

/** A fault of a deployment. It stays until a person corrects it. */
interface FirstDayFault {
  /** The setting, binding or export, and what is wrong with it. */
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
    todo: `set this secret of the Worker (npx wrangler secret put DATABASE_URL; on your machine, a line in .dev.vars, or ${DEV}): ${URL_FORM}`,
  },
  not_a_database_url: {
    what: "DATABASE_URL is not a Postgres connection string",
    todo: `it must look like ${URL_FORM}`,
  },
  local_database: {
    what: "DATABASE_URL names a Postgres of your machine or network, but the hub speaks Neon's HTTP protocol",
    todo: `start the hub with ${DEV}, which puts such an endpoint in front of it, or set DATABASE_ENDPOINT to one; when deployed, use the URL of a Neon database`,
  },
  not_an_endpoint: {
    what: "DATABASE_ENDPOINT is not a URL",
    todo: "it must look like http://127.0.0.1:4444/sql; leave it out for a Neon database",
  },
  no_routes_given: {
    what: "no route configuration",
    todo: "the Worker's class needs `protected override readonly configuration = routing`, with routing imported from routing.json; or put a small configuration into the variable EVENTHUB_ROUTING",
  },
  routes_not_json: {
    what: "EVENTHUB_ROUTING is not JSON",
    todo: "it must hold a small route configuration as JSON; put a large one into a module of the Worker",
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
    what: "OPERATOR is bound to a Worker that does not have the operators' methods",
    todo: 'bind the hub\'s entrypoint: { "binding": "OPERATOR", "service": "eventhub-hub", "entrypoint": "Operator" }, and export a class Operator from the hub\'s main file',
  },
  console_not_at_hub: {
    what: "EVENTHUB is bound to a Worker that takes no events",
    todo: 'bind the hub itself, without "entrypoint": { "binding": "EVENTHUB", "service": "eventhub-hub" }',
  },
  hub_silent: {
    what: "nothing calls the hub: neither its alarm nor a cron",
    todo: 'deploy the hub with its alarm (EVENTHUB_ALARM), or with "triggers": { "crons": ["* * * * *"] }: otherwise events emitted in SQL are not routed, and bulk work does not continue',
  },
  executor_silent: {
    what: "nothing makes the executor look: neither the hub's alarm nor a cron",
    todo: 'bind the alarm to both (EVENTHUB_ALARM), or give the executor "triggers": { "crons": ["* * * * *"] }: otherwise nobody finds what was lost on its way; the alarm asks by the queue, which the executor must consume',
  },
  queue_unconsumed: {
    what: "nobody consumes the messages of the hub's queue",
    todo: 'the executor needs "queues": { "consumers": [{ "queue": ... }] } with the queue that hub and executor have as EVENTHUB_QUEUE; if it has that already, its log says why its queue handler fails',
  },
  nothing_delivered: {
    what: `nothing is delivered: dispatches are overdue, and no attempt was recorded in the last ${DELIVERED_MINUTES} minutes`,
    todo: "the executor's log says why: its errors, and batch.consumed for each batch it takes; where it says nothing, look at the queue and at the Workflow's instances in Cloudflare's dashboard",
  },
  old_compatibility_date: {
    what: `this Worker's compatibility_date is older than ${MIN_COMPATIBILITY_DATE}, so it cannot call other Workers over RPC`,
    todo: `set a newer one in its wrangler configuration, such as ${COMPATIBILITY_DATE}`,
  },
} as const satisfies Readonly<Record<string, FirstDayFault>>;

/** The name of a fault. */
export type FirstDayFaultName = keyof typeof FIRST_DAY;

/** The text of a fault: what is wrong, with a detail if there is one, and what to do. */
export function firstDayText(name: FirstDayFaultName, detail?: string): string {
  const { what, todo } = FIRST_DAY[name];
  return `${what}${detail === undefined ? "" : ` (${detail})`}; ${todo}`;
}
