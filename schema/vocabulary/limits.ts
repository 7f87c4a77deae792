/** Every limit of ours that is published or that more than one file keeps to. The platform's are in platform-limits.ts. */

import { BILLED_MESSAGE_BYTES, MAX_SLEEP_SECONDS } from "./platform-limits.ts";

// Payloads and calls of `emit`

/** Largest payload of one event, in bytes of UTF-8 JSON. Ours, well below the 32 MiB of an RPC call. */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** Deepest nesting of a payload, in levels. Ours: far below where Postgres' JSON parser or a recursion in JavaScript ends. */
export const MAX_PAYLOAD_DEPTH = 500;

/** Most events in one call. Ours: one transaction and one round trip hold them. */
export const MAX_EVENTS_PER_CALL = 1_000;

/** Most dispatches that the events of one call may make. */
export const MAX_DISPATCHES_PER_CALL = 10_000;

/** Most JSON in one call, in bytes: it is held several times in the 128 MB of an isolate, and the database takes 64 MB a request. */
export const MAX_CALL_BYTES = 16 * 1024 * 1024;

/**
 * Most values in one call: members of objects and elements of arrays. Ours: Postgres takes about a microsecond for each, whatever its size,
 * so that 16 MiB of `[1,1,...]` would take it longer than a call may last. 16 MiB hold as many of 8 bytes each.
 */
export const MAX_CALL_VALUES = 2_000_000;

/** Longest idempotency key, in code points, as Postgres counts: its index entry holds 2.7 kB. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/**
 * Most hops behind an event. One limit for hubs and for consumers that emit: what goes further goes round in a circle. Small, since in a circle of two
 * routes each hop doubles the events; a longer process begins a chain anew where it knows better.
 */
export const MAX_HOPS = 8;

// Times of a dispatch

/** Longest delay of a first attempt and longest wait between two, in seconds: 365 days, the longest sleep of a Workflow. */
export const MAX_DELAY_SECONDS = MAX_SLEEP_SECONDS;

/** The same in days, for refusals. */
export const MAX_DELAY_DAYS = MAX_DELAY_SECONDS / 86_400;

/** Most retries after the first attempt. */
export const MAX_RETRIES = 1_000;

/** Longest wait for a destination's answer, in seconds; a step's timeout, which has to be longer, stays well below the platform's 30 minutes. */
export const MAX_TIMEOUT_SECONDS = 600;

/** Longest grace of reconciling, in seconds: a day. Ours: what is longer leaves no time before a dispatch counts as lost. */
export const MAX_GRACE_SECONDS = 86_400;

/** Longest retention, in days. Ours: ten years. */
export const MAX_RETENTION_DAYS = 3_650;

// Delivery

/** How long dispatches of one group are due after its first, in milliseconds. */
export const GROUP_WINDOW_MS = 1_000;

/** How long the first result of a flush waits for others, in milliseconds: a slow call delays its siblings' records by no more than this. */
export const FLUSH_INTERVAL_MS = 250;

/**
 * Longest wait that is sat out inside the step, in milliseconds. The engine's own retry costs more than the attempt it is for, and frees no place
 * among the running instances for so short a wait. @see https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_WAIT_IN_STEP_MS = 1_000;

/** Claims of one attempt without a record after which it counts as failed: else a handler that kills its executor would run for ever. */
export const MAX_CLAIMS = 5;

/** Generations in a row without one recorded attempt after which a dispatch may be `lost`. */
export const FRUITLESS_GENERATIONS = 5;

/** How far ahead held dispatches are told when they are due, in seconds: longer than crons are apart, so that the rate holds between two runs. */
export const DRAIN_AHEAD_SECONDS = 300;

// Route configurations, chosen so that a full one fits an isolate's 128 MB and its start-up time

/** Most routes of one configuration. */
export const MAX_ROUTES = 20_000;

/** Longest name of a route, in Unicode code points. */
export const MAX_ROUTE_NAME_LENGTH = 100;

/** Most kinds of events that a configuration defines. */
export const MAX_EVENT_KINDS = 2_000;

/** Longest kind of an event that is defined, its version, and the member that names kinds, in Unicode code points. */
export const MAX_EVENT_KIND_LENGTH = 200;

/** Longest description of a kind of event, in Unicode code points. */
export const MAX_EVENT_DESCRIPTION_LENGTH = 1_000;

/** Faults of events that are told of one call, and kept with one event. */
export const MAX_EVENT_FAULTS = 20;

/** Longest fault of an event, in UTF-16 units. */
export const MAX_EVENT_FAULT_LENGTH = 300;

/** Deepest nesting of `allOf`, `anyOf` and `not` in one condition: a bare comparator has depth 1. */
export const MAX_CONDITION_DEPTH = 32;

/** Most comparators and `allOf`, `anyOf`, `not` together in one route. */
export const MAX_OPERATORS_PER_ROUTE = 1_000;

/** Most values in one list (`in`, `anythingBut`, `cidr`). */
export const MAX_LIST_VALUES = 1_000;

/** Longest pattern of `match` and `wildcard`, in Unicode code points. */
export const MAX_PATTERN_LENGTH = 1_000;

/**
 * Most instructions of a compiled pattern. Linear time is not short time: in the worst case every instruction costs about 27 ns for every
 * character, so that a pattern of this size takes 14 s for a payload that is one string of a mebibyte. Ours; `[a-f0-9]{40}` has 42.
 */
export const MAX_PATTERN_INSTRUCTIONS = 500;

/** Longest `path`, in Unicode code points. */
export const MAX_PATH_LENGTH = 1_000;

/** Most `..` in one path, those in its filters too: each multiplies the time by the payload's size. Ours. */
export const MAX_DESCENDANT_SEGMENTS = 1;

/** Largest product of the numbers of selectors in a path's segments: `$["a","b"]["c","d"]` has 4. Ours. */
export const MAX_PATH_FANOUT = 64;

// Transforms

/** Longest expression of a `transform`, in characters. Ours: what a person can read. */
export const MAX_TRANSFORM_LENGTH = 10_000;

/**
 * Most work of one evaluation, in steps: one for each part of the expression that is evaluated, one for every 128 characters and every 16
 * members that are handled. A Worker's clock stands still while it computes, so that work is counted and not timed. Ours: about 0.2 s.
 */
export const MAX_TRANSFORM_STEPS = 100_000;

/** Most parts of an expression that wait for others at once, which is memory: recursion, and the members of one object. Ours. */
export const MAX_TRANSFORM_DEPTH = 10_000;

/** Longest list that an evaluation makes, in members: ranges, `$map`, paths. Ours. */
export const MAX_TRANSFORM_LIST_LENGTH = 10_000;

/** Longest text that an evaluation makes, in characters: the size of a payload. */
export const MAX_TRANSFORM_TEXT_LENGTH = 1024 * 1024;

/**
 * Largest value on the way, written out: characters, and 8 for every value in it. Values share parts, so that a few hundred bytes of memory can
 * be gigabytes of JSON. Ours: what is larger than any payload.
 */
export const MAX_TRANSFORM_WEIGHT = 16 * 1024 * 1024;

/**
 * How much larger than the payload the result may be, in bytes of JSON: a hundred results in one call of `handleBatch` stay below what an
 * isolate holds. At most MAX_PAYLOAD_BYTES in all.
 */
export const MAX_TRANSFORM_GROWTH_BYTES = 64 * 1024;

/** Longest picture of `$formatNumber`, `$fromMillis` and their like, in characters. Ours. */
export const MAX_PICTURE_LENGTH = 100;

// Destinations

/** Longest name of a destination, in characters: it is the name of a binding. */
export const MAX_DESTINATION_NAME_LENGTH = 100;

/** Most dispatches in one Workflow instance, and so in one call of `handleBatch`. Ours: the rows of one claim. */
export const MAX_GROUP_SIZE = 100;

/** Most calls of one Workflow instance under way at once. Ours: what a consumer's isolate of 128 MB and its own database bear. */
export const MAX_CALLS_IN_FLIGHT = 16;

/** Most dispatches in an instance after the platform has refused a call, or an executor has died, in a larger one; after that each is alone. Ours. */
export const SMALL_GROUP_SIZE = 10;

/** How long after the claim further calls of a group begin, in milliseconds: what would wait longer for a place goes to other instances. Ours. */
export const CALLS_BEGIN_MS = 2_000;

/** For how long it is remembered how large a destination's groups may be, in milliseconds: an hour. Then larger ones are tried again. */
export const LEARNED_SIZE_MS = 3_600_000;

/** Most calls in the life of one Workflow instance. Ours: half of the 10,000 subrequests that the platform gives it. @see https://developers.cloudflare.com/workflows/reference/limits/ */
export const MAX_CALLS_IN_INSTANCE = 5_000;

/** Most payload in one group, in bytes: it comes in one answer of the database and is held in one isolate. RPC itself ends at 32 MiB. */
export const MAX_GROUP_BYTES = 4 * 1024 * 1024;

/** Least `limit` of a rate: a call in a thousand times its `perSeconds`. Ours. */
export const MIN_RATE_LIMIT = 0.001;

/** Largest `limit` of a rate. Ours: more than one destination of a hub gets. */
export const MAX_RATE_LIMIT = 100_000;

/** Longest `perSeconds` of a rate: a day. Ours. */
export const MAX_RATE_SECONDS = 86_400;

/** Largest `burst` of a rate. Ours. */
export const MAX_BURST = 100_000;

/** Longest time after which a rate allows its whole `burst` again, in days. Ours: Postgres reckons with the moment. */
export const MAX_REFILL_DAYS = 365;

/** Largest `concurrency` of a limit. Ours: the calls under way are counted for each that begins. */
export const MAX_CONCURRENCY = 10_000;

/** Least weight of a key. Ours. */
export const MIN_WEIGHT = 0.001;

/** Largest weight of a key. Ours. */
export const MAX_WEIGHT = 1_000;

/** Most keys with a weight of their own. Ours: they go to the database with each statement. */
export const MAX_WEIGHTS = 1_000;

/** Longest key of a limit or an order as it is, in Unicode code points: of a longer one the beginning stays, and a hash. Ours: it stands in an index. */
export const MAX_FLOW_KEY_LENGTH = 200;

/** How much of a longer key stays, in Unicode code points: what a person knows it by. */
export const HASHED_FLOW_KEY_LENGTH = 100;

/** Largest message on dispatches that we send, in bytes: what a Queue bills as one. It takes twice as much. */
export const MAX_MESSAGE_BYTES = BILLED_MESSAGE_BYTES;

/** Longest prefix of an R2 destination's keys, in characters. Ours. */
export const MAX_PREFIX_LENGTH = 200;

/** Longest URL of a webhook, in characters. Ours. */
export const MAX_URL_LENGTH = 2_000;

/** Longest name of a webhook's own header, in characters. Ours. */
export const MAX_HEADER_NAME_LENGTH = 100;

/** Longest value of a webhook's own header, in characters. Ours: what a token needs. */
export const MAX_HEADER_VALUE_LENGTH = 1_000;

/** Fewest random bytes of a webhook's key: the standard's. @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
export const MIN_WEBHOOK_KEY_BYTES = 24;

/** Most random bytes of a webhook's key: the standard's. */
export const MAX_WEBHOOK_KEY_BYTES = 64;

// Operators

/** Most events of one comparison of two route configurations: all are read over the network. */
export const MAX_COMPARED_EVENTS = 1_000_000;

/** How much the clocks of Access and of the console may differ, in seconds: a token is used the moment it was made. */
export const CLOCK_TOLERANCE_SECONDS = 10;

// Texts of people

/** Longest reason kept of an attempt, or given for a pause, in characters. */
export const MAX_REASON_LENGTH = 1_000;

/** Longest name of who acts, in characters. */
export const MAX_ACTOR_LENGTH = 200;

/** Longest name of an environment that the console shows, in characters. */
export const MAX_ENVIRONMENT_NAME_LENGTH = 40;

/** Longest `name` of an EventHub's resources, in characters: with the longest suffix it is a queue's or a Worker's, which have 63 at most. */
export const MAX_RESOURCE_NAME_LENGTH = 50;
