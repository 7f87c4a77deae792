/** Every default that README or the types' documentation promises. */

import { MAX_GROUP_SIZE } from "./limits.ts";

// Routes

/** Seconds before the first attempt. */
export const DEFAULT_DELAY_SECONDS = 0;

/** Retries after the first attempt. */
export const DEFAULT_MAX_RETRIES = 5;

/** The wait between two attempts, in seconds. */
export const DEFAULT_RETRY_DELAY: { readonly type: "constant"; readonly interval: number } = {
  type: "constant",
  interval: 5,
};

/** The wait for a destination's answer, in seconds. */
export const DEFAULT_TIMEOUT_SECONDS = 30;

/** How long a dispatch is overdue before it can be `lost`, in seconds: a day. */
export const DEFAULT_LOST_AFTER_SECONDS = 86_400;

/** The source of CloudEvents that carry payloads which were not emitted as such. */
export const DEFAULT_CLOUD_EVENT_SOURCE = "/cf-eventhub";

/** The type of CloudEvents that carry payloads which were not emitted as such. */
export const DEFAULT_CLOUD_EVENT_TYPE = "cf-eventhub.event";

// Destinations

/** Dispatches that share a Workflow instance, or a call of `handleBatch`, at most. */
export const DEFAULT_GROUP_SIZE = MAX_GROUP_SIZE;

/** Dispatches a second that a resumed destination gets of what was held. */
export const DEFAULT_DRAIN_PER_SECOND = 50;

/** Calls that a rate allows at once. */
export const DEFAULT_BURST = 1;

/** How far back a breaker counts a destination's failures, in seconds. */
export const DEFAULT_BREAKER_SECONDS = 60;

/** How often a breaker lets one dispatch through, in seconds. */
export const DEFAULT_PROBE_SECONDS = 60;

// Operators

/** Items of a page. */
export const DEFAULT_PAGE_ITEMS = 50;

/** Dispatches (or events) that one operation deals with, at most. */
export const DEFAULT_BULK_ITEMS = 100_000;

/** Dispatches of bulk work that become due in a second. */
export const DEFAULT_PER_SECOND = 50;

/** How far back `stats`, `traffic` and `problems` look, in seconds: a day. */
export const DEFAULT_PERIOD_SECONDS = 86_400;

/** The buckets of `stats` and `traffic`. */
export const DEFAULT_BUCKET = "hour";

/** Events that a comparison of two route configurations looks at. */
export const DEFAULT_COMPARED_EVENTS = 1_000;

// The Workers

/** How long something must be overdue before reconciling looks at it, in seconds. */
export const DEFAULT_GRACE_SECONDS = 60;

/** The same in the local stack, where one sits and watches. */
export const LOCAL_GRACE_SECONDS = 5;

/** When the executor reconciles and the hub ticks, as cron expressions: every minute. */
export const DEFAULT_SCHEDULES: readonly string[] = ["* * * * *"];
