/** Every default that the README or the documentation of the types promises. */

import { MAX_GROUP_SIZE } from "./limits.ts";

// Routes

/** Seconds before the first attempt. */
export const DEFAULT_DELAY_SECONDS = 0;

/** The number of retries after the first attempt. */
export const DEFAULT_MAX_RETRIES = 5;

/** The wait between two attempts, in seconds. */
export const DEFAULT_RETRY_DELAY: { readonly type: "constant"; readonly interval: number } = {
  type: "constant",
  interval: 5,
};

/** How long to wait for a destination's answer, in seconds. */
export const DEFAULT_TIMEOUT_SECONDS = 30;

/** How long a dispatch is overdue before it can be `lost`, in seconds: a day. */
export const DEFAULT_LOST_AFTER_SECONDS = 86_400;

/** The source of CloudEvents that carry payloads which were not emitted as such. */
export const DEFAULT_CLOUD_EVENT_SOURCE = "/cf-eventhub";

/** The type of CloudEvents that carry payloads which were not emitted as such. */
export const DEFAULT_CLOUD_EVENT_TYPE = "cf-eventhub.event";

// Destinations

/** The most dispatches that share a Workflow instance, or a call of `handleBatch`. */
export const DEFAULT_GROUP_SIZE = MAX_GROUP_SIZE;

/** How many of the dispatches that it held a resumed destination gets per second. */
export const DEFAULT_DRAIN_PER_SECOND = 50;

/** How many calls a rate allows at once. */
export const DEFAULT_BURST = 1;

/** How far back a breaker counts a destination's failures, in seconds. */
export const DEFAULT_BREAKER_SECONDS = 60;

/** How often a breaker lets one dispatch through, in seconds. */
export const DEFAULT_PROBE_SECONDS = 60;

// Operators

/** The items of a page. */
export const DEFAULT_PAGE_ITEMS = 50;

/** The operations of a page, unless its caller says how many. */
export const DEFAULT_LISTED_OPERATIONS = 100;

/** The items of one look of a tail. */
export const DEFAULT_TAIL_ITEMS = 200;

/** The most dispatches (or events) that one operation deals with. */
export const DEFAULT_BULK_ITEMS = 100_000;

/** How many dispatches of bulk work become due per second. */
export const DEFAULT_PER_SECOND = 50;

/** How far back `stats`, `traffic` and `problems` look, in seconds: a day. */
export const DEFAULT_PERIOD_SECONDS = 86_400;

/** The buckets of `stats` and `traffic`. */
export const DEFAULT_BUCKET = "hour";

/** How many events a comparison of two route configurations looks at. */
export const DEFAULT_COMPARED_EVENTS = 1_000;

// The Workers

/** How long something must be overdue before reconciling looks at it, in seconds. */
export const DEFAULT_GRACE_SECONDS = 60;

/** The same in the local stack, where somebody is watching. */
export const LOCAL_GRACE_SECONDS = 5;

/** The share of the traces that start at the hub and are recorded: all of them. */
export const DEFAULT_SAMPLE_RATE = 1;

/** The token for the metrics in the local stack. It is no secret, since only this machine can reach the stack. */
export const LOCAL_METRICS_TOKEN = "local-metrics-token";

/** When the executor reconciles and the hub ticks even if the alarm has not rung, as cron expressions: once a day, as a backstop. */
export const DEFAULT_SCHEDULES: readonly string[] = ["0 4 * * *"];

/** The same for a hub without an alarm: every minute. */
export const SCHEDULES_WITHOUT_ALARM: readonly string[] = ["* * * * *"];

/** When metrics are pushed, if they are, as cron expressions: every minute. */
export const DEFAULT_PUSH_SCHEDULES: readonly string[] = ["* * * * *"];

/** Up to this many dispatches, a bulk action in a production environment needs no typed confirmation. */
export const DEFAULT_CONFIRM_ABOVE = 100;
