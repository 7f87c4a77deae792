/** Every limit of ours that is published, or that more than one file uses. The platform's limits are in platform-limits.ts. */

import { BILLED_MESSAGE_BYTES, MAX_SLEEP_SECONDS } from "./platform-limits.ts";

// Payloads and calls of `emit`

/**
 * The largest payload of one event, in bytes of UTF-8 JSON. Ours, well below the 32 MiB of an RPC call.
 *
 * @beyond `emit` refuses the call: `[too_large]`.
 */
export const MAX_PAYLOAD_BYTES = 1024 * 1024;

/**
 * The deepest nesting of a payload, in levels. Ours: far below the limits of Postgres' JSON parser and of a recursion in JavaScript.
 *
 * @beyond `emit` refuses the call: `[invalid_payload]`, with the place.
 */
export const MAX_PAYLOAD_DEPTH = 500;

/** The most events in one call. Ours: one transaction and one round trip hold them. @beyond `emit` refuses the call: `[too_large]`. */
export const MAX_EVENTS_PER_CALL = 1_000;

/** The most dispatches that the events of one call may make. @beyond `emit` refuses the call: `[too_large]`. */
export const MAX_DISPATCHES_PER_CALL = 10_000;

/**
 * The most JSON in one call, in bytes: it is held several times in the 128 MB of an isolate, and the database takes 64 MB per request.
 *
 * @beyond `emit` refuses the call: `[too_large]`.
 */
export const MAX_CALL_BYTES = 16 * 1024 * 1024;

/**
 * The most values in one call: members of objects and elements of arrays. Ours: Postgres takes about a microsecond for each, whatever its size, so 16
 * MiB of `[1,1,...]` would take longer than a call may last. With 8 bytes per value, 16 MiB hold this many.
 *
 * @beyond `emit` refuses the call: `[too_large]`.
 */
export const MAX_CALL_VALUES = 2_000_000;

/**
 * The longest idempotency key, in code points, as Postgres counts: its index entry holds 2.7 kB.
 *
 * @beyond `emit` refuses the call: `[invalid_options]`.
 */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;

/**
 * The most hops behind an event: one limit for hubs and for consumers that emit. A longer chain is taken for a cycle. The limit is low, since in a
 * cycle of two routes each hop doubles the events. A process that needs more hops, and knows better, begins a new chain.
 *
 * @beyond `emit` refuses the call: `[loop]`.
 */
export const MAX_HOPS = 8;

// Trace context

/** The number of hex digits of a trace id. @beyond A `traceparent` with another length is ignored. */
export const TRACE_ID_LENGTH = 32;

/**
 * The longest `tracestate`, in characters: W3C requires everybody to propagate this much. A longer one loses whole members.
 *
 * @beyond Whole members are left out.
 */
export const MAX_TRACESTATE_LENGTH = 512;

/**
 * The most members of a `tracestate`; one with more is ignored.
 *
 * @beyond The whole `tracestate` is ignored.
 * @see https://www.w3.org/TR/trace-context/#tracestate-header-field-values
 */
export const MAX_TRACESTATE_MEMBERS = 32;

/**
 * The longest `baggage`, in characters (all ASCII): W3C requires everybody to propagate this much. A longer one loses its last members.
 *
 * @beyond The last members are left out.
 */
export const MAX_BAGGAGE_LENGTH = 8_192;

/** The most members of a `baggage`. @beyond The last members are left out. @see https://www.w3.org/TR/baggage/#limits */
export const MAX_BAGGAGE_MEMBERS = 64;

/** The most events or dispatches that one log line lists with their ids. @beyond The line counts the rest, without their ids. */
export const MAX_LOGGED_IDS = 20;

/** The most spans in one request to the collector. @beyond The rest goes with the next request. */
export const MAX_SPANS_PER_EXPORT = 512;

/**
 * The most spans that an isolate keeps for the collector; further ones are dropped.
 *
 * @beyond Further spans are dropped, and counted in the log line `trace.spans_dropped`.
 */
export const MAX_WAITING_SPANS = 2_048;

/**
 * The longest wait for the collector's answer, in milliseconds.
 *
 * @beyond The request's spans are dropped, with the log line `trace.spans_dropped`. Deliveries go on.
 */
export const EXPORT_TIMEOUT_MS = 5_000;

/**
 * For how long a collector that has failed gets nothing, in milliseconds. The spans of that time are dropped.
 *
 * @beyond The collector is asked again.
 */
export const EXPORT_PAUSE_MS = 30_000;

// Times of a dispatch

/**
 * The longest delay of a first attempt, and the longest wait between two, in seconds: 365 days, the longest sleep of a Workflow.
 *
 * @beyond A configuration or a call is refused. A longer `retryAfterSeconds` or `Retry-After` counts as this.
 */
export const MAX_DELAY_SECONDS = MAX_SLEEP_SECONDS;

/** The same in days, for refusals. */
export const MAX_DELAY_DAYS = MAX_DELAY_SECONDS / 86_400;

/** The most retries after the first attempt. @beyond The configuration is refused, with the place of the fault. */
export const MAX_RETRIES = 1_000;

/**
 * The longest wait for a destination's answer, in seconds. A step's timeout must be longer, and stays well below the platform's 30 minutes.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_TIMEOUT_SECONDS = 600;

/**
 * The longest grace of reconciling, in seconds: a day. Ours: a longer one would leave no time before a dispatch counts as lost.
 *
 * @beyond The variable is refused, and the default applies (log line `variable.refused`).
 */
export const MAX_GRACE_SECONDS = 86_400;

/** The longest retention, in days. Ours: ten years. @beyond The configuration is refused, with the place of the fault. */
export const MAX_RETENTION_DAYS = 3_650;

// Delivery

/** How long after the first dispatch of a group the others may be due, in milliseconds. @beyond The dispatch goes to another Workflow instance. */
export const GROUP_WINDOW_MS = 1_000;

/**
 * How long the first result of a flush waits for others, in milliseconds. A slow call delays the records of its siblings by no more than this.
 *
 * @beyond What has ended by then is recorded; the rest follows.
 */
export const FLUSH_INTERVAL_MS = 250;

/**
 * The longest wait that is spent within the step, in milliseconds. For so short a wait, the engine's own retry would cost more than the attempt, and
 * free no place among the running instances.
 *
 * @beyond The Workflow sleeps until then.
 * @see https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_WAIT_IN_STEP_MS = 1_000;

/**
 * After this many claims without a record, the attempt counts as failed. Otherwise a handler that kills its executor would run for ever.
 *
 * @beyond The attempt counts as failed, and the dispatch is retried if it has retries left.
 */
export const MAX_CLAIMS = 5;

/**
 * After this many generations in a row without a recorded attempt, a dispatch may be `lost`.
 *
 * @beyond The dispatch can become `lost`, once it is overdue by `lostAfterSeconds`.
 */
export const FRUITLESS_GENERATIONS = 5;

/**
 * How far ahead a drain assigns times to held dispatches, in seconds. It is longer than the interval of crons, so that the rate holds between two
 * runs.
 *
 * @beyond The next look tells the rest when they are due.
 */
export const DRAIN_AHEAD_SECONDS = 300;

// Route configurations. With these limits, a full one fits an isolate's 128 MB and its start-up time

/** The most routes of one configuration. @beyond The configuration is refused, with the place of the fault. */
export const MAX_ROUTES = 20_000;

/** The longest name of a route, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_ROUTE_NAME_LENGTH = 100;

/**
 * The shortest window by which a destination's results are judged, in seconds. Ours: what is shorter is noise.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MIN_HEALTH_WINDOW_SECONDS = 60;

/**
 * The longest one, in seconds: a day, as far back as the view `destination_health` counts.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_HEALTH_WINDOW_SECONDS = 86_400;

/**
 * The most results, or failures, that a rule about a destination's health can require.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_HEALTH_RESULTS = 1_000_000;

/**
 * The most paths into payloads that have an index. Each index slows every emit, and takes some 60 bytes of disk per event with such a path. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_PAYLOAD_INDEXES = 10;

/** The most kinds of events that a configuration defines. @beyond The configuration is refused, with the place of the fault. */
export const MAX_EVENT_KINDS = 2_000;

/**
 * The longest name of a defined kind, its longest version, and the longest name of the member that names kinds, in Unicode code points.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_EVENT_KIND_LENGTH = 200;

/** The longest description of a kind of event, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_EVENT_DESCRIPTION_LENGTH = 1_000;

/** The most faults of events that the answer of one call lists, and that are stored with one event. @beyond The first faults are told. */
export const MAX_EVENT_FAULTS = 20;

/** The longest fault of an event, in UTF-16 units. @beyond The text is cut. */
export const MAX_EVENT_FAULT_LENGTH = 300;

/**
 * The deepest nesting of `allOf`, `anyOf` and `not` in one condition; a bare comparator has depth 1.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_CONDITION_DEPTH = 32;

/** The most comparators and `allOf`, `anyOf`, `not` together in one route. @beyond The configuration is refused, with the place of the fault. */
export const MAX_OPERATORS_PER_ROUTE = 1_000;

/** The most values in one list (`in`, `anythingBut`, `cidr`). @beyond The configuration is refused, with the place of the fault. */
export const MAX_LIST_VALUES = 1_000;

/** The longest pattern of `match` and `wildcard`, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_PATTERN_LENGTH = 1_000;

/**
 * The most instructions of a compiled pattern. Linear time may still be long: in the worst case, every instruction costs about 27 ns per character. A
 * pattern of this size then takes 14 s for a payload with one string of a mebibyte. Ours; `[a-f0-9]{40}` has 42.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_PATTERN_INSTRUCTIONS = 500;

/** The longest `path`, in Unicode code points. @beyond The configuration is refused, with the place of the fault. */
export const MAX_PATH_LENGTH = 1_000;

/**
 * The most `..` in one path, including its filters: each multiplies the time by the payload's size. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_DESCENDANT_SEGMENTS = 1;

/**
 * The largest product of the numbers of selectors in a path's segments: `$["a","b"]["c","d"]` has 4. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_PATH_FANOUT = 64;

// Transforms

/**
 * The longest expression of a `transform`, in characters. Ours: what a person can read.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_TRANSFORM_LENGTH = 10_000;

/**
 * The most work of one evaluation, in steps: one for each part of the expression that is evaluated, and one for every 128 characters and every 16
 * members that are handled. Work is counted and not timed, because a Worker's clock stands still while it computes. Ours: about 0.2 s.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_STEPS = 100_000;

/**
 * The most parts of an expression that wait for others at once: recursion, and the members of one object. Each takes memory. Ours.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_DEPTH = 10_000;

/**
 * The longest list that an evaluation makes, in members: ranges, `$map`, paths. Ours.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_LIST_LENGTH = 10_000;

/**
 * The longest text that an evaluation makes, in characters: the size of a payload.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_TEXT_LENGTH = 1024 * 1024;

/**
 * The largest intermediate value, written out: its characters, and 8 for every value in it. Values share parts, so a few hundred bytes of memory can
 * become gigabytes of JSON. Ours: larger than any payload.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_WEIGHT = 16 * 1024 * 1024;

/**
 * By how many bytes of JSON the result may exceed the payload: a hundred results in one call of `handleBatch` then fit into an isolate. The result
 * has at most MAX_PAYLOAD_BYTES.
 *
 * @beyond The dispatch is `misconfigured`.
 */
export const MAX_TRANSFORM_GROWTH_BYTES = 64 * 1024;

/**
 * The longest picture of `$formatNumber`, `$fromMillis` and similar functions, in characters. Ours.
 *
 * @beyond The evaluation ends, and the dispatch is `misconfigured`.
 */
export const MAX_PICTURE_LENGTH = 100;

// Destinations

/**
 * The longest name of a destination, in characters: it is the name of a binding.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_DESTINATION_NAME_LENGTH = 100;

/**
 * The most dispatches in one Workflow instance, and so in one call of `handleBatch`. Ours: the rows of one claim.
 *
 * @beyond A larger `groupSize` is refused with the configuration. More dispatches go to several instances.
 */
export const MAX_GROUP_SIZE = 100;

/**
 * The most Workflows of one destination. Ours: an account creates instances three times as fast as one of its Workflows.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_OWN_WORKFLOWS = 16;

/**
 * The most calls that one Workflow instance has in flight. Ours: as many as a consumer's isolate of 128 MB and its own database can bear.
 *
 * @beyond The other calls of the instance wait for a place.
 */
export const MAX_CALLS_IN_FLIGHT = 16;

/**
 * The most dispatches in an instance after the platform has refused a call, or an executor has died, in a larger one; after that, each is alone.
 * Ours.
 *
 * @beyond The dispatches go to several instances.
 */
export const SMALL_GROUP_SIZE = 10;

/**
 * How long after the claim further calls of a group start, in milliseconds. Dispatches that would wait longer for a place go to other instances.
 * Ours.
 *
 * @beyond What has not begun goes to other instances.
 */
export const CALLS_BEGIN_MS = 2_000;

/**
 * For how long the largest possible size of a destination's groups is remembered, in milliseconds: an hour. Then larger groups are tried again.
 *
 * @beyond Larger groups are tried again.
 */
export const LEARNED_SIZE_MS = 3_600_000;

/**
 * The most calls in the life of one Workflow instance. Ours: half of the 10,000 subrequests that the platform allows.
 *
 * @beyond The instance ends, and another one continues.
 * @see https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_CALLS_IN_INSTANCE = 5_000;

/**
 * The most payload in one group, in bytes: the database sends it in one answer, and one isolate holds it. The limit of RPC itself is 32 MiB.
 *
 * @beyond The dispatches go to several instances, or to several calls.
 */
export const MAX_GROUP_BYTES = 4 * 1024 * 1024;

/**
 * The least `limit` of a rate: one call in a thousand times its `perSeconds`. Ours.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MIN_RATE_LIMIT = 0.001;

/**
 * The largest `limit` of a rate. Ours: more than one destination of a hub gets.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_RATE_LIMIT = 100_000;

/** The longest `perSeconds` of a rate: a day. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_RATE_SECONDS = 86_400;

/** The largest `burst` of a rate. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_BURST = 100_000;

/**
 * The longest time after which a rate allows its whole `burst` again, in days. Ours: Postgres computes with that moment.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_REFILL_DAYS = 365;

/**
 * The largest `concurrency` of a limit. Ours: the calls in flight are counted for each one that starts.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_CONCURRENCY = 10_000;

/** The least weight of a key. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MIN_WEIGHT = 0.001;

/** The largest weight of a key. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_WEIGHT = 1_000;

/**
 * The most keys with a weight of their own. Ours: they are sent to the database with each statement.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_WEIGHTS = 1_000;

/**
 * The longest key of a limit or an order that is stored as it is, in Unicode code points. A longer one becomes its beginning and a hash. Ours: an
 * index contains it.
 *
 * @beyond The key becomes its beginning, `~`, and the SHA-256 of all of it.
 */
export const MAX_FLOW_KEY_LENGTH = 200;

/** How much of a longer key is kept, in Unicode code points: enough for a person to recognise it. @beyond Only the hash tells such keys apart. */
export const HASHED_FLOW_KEY_LENGTH = 100;

/**
 * The largest message about dispatches that we send, in bytes: a Queue bills it as one. The Queue would take twice as much.
 *
 * @beyond The dispatches go in several messages.
 */
export const MAX_MESSAGE_BYTES = BILLED_MESSAGE_BYTES;

/** The longest prefix of an R2 destination's keys, in characters. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_PREFIX_LENGTH = 200;

/** The longest URL of a webhook, in characters. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_URL_LENGTH = 2_000;

/** The longest name of a webhook's own header, in characters. Ours. @beyond The configuration is refused, with the place of the fault. */
export const MAX_HEADER_NAME_LENGTH = 100;

/**
 * The longest value of a webhook's own header, in characters. Ours: what a token needs.
 *
 * @beyond The configuration is refused, with the place of the fault.
 */
export const MAX_HEADER_VALUE_LENGTH = 1_000;

/**
 * The fewest random bytes of a webhook's key, from the standard.
 *
 * @beyond The dispatch is `misconfigured`.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export const MIN_WEBHOOK_KEY_BYTES = 24;

/** The most random bytes of a webhook's key, from the standard. @beyond The dispatch is `misconfigured`. */
export const MAX_WEBHOOK_KEY_BYTES = 64;

// Operators

/** The most events of one comparison of two route configurations: all are read over the network. @beyond The call is refused. */
export const MAX_COMPARED_EVENTS = 1_000_000;

/**
 * How much the clocks of Access and of the console may differ, in seconds: a token is used the moment it is made.
 *
 * @beyond The console refuses the token.
 */
export const CLOCK_TOLERANCE_SECONDS = 10;

/** The shortest token that admits callers of the metrics, in characters. @beyond The metrics Worker answers 503, and says so. */
export const MIN_TOKEN_LENGTH = 16;

// Texts of people

/**
 * The longest reason that is stored for an attempt, or given for a pause, in characters.
 *
 * @beyond The reason of an attempt is cut. A longer reason for a pause is refused.
 */
export const MAX_REASON_LENGTH = 1_000;

/** The longest name of an actor, in characters. @beyond The call is refused: `[invalid_arguments]`. */
export const MAX_ACTOR_LENGTH = 200;

/**
 * The longest name of an environment that the console shows, in characters.
 *
 * @beyond The console refuses to work, and the component refuses the configuration.
 */
export const MAX_ENVIRONMENT_NAME_LENGTH = 40;

/**
 * The longest `name` of an EventHub's resources, in characters. With the longest suffix, it is the name of a queue or a Worker, which has at most 63.
 *
 * @beyond The component refuses the `name`. Names that it makes itself are cut, with a hash.
 */
export const MAX_RESOURCE_NAME_LENGTH = 50;
