import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as limits from "../../../schema/vocabulary/limits.ts";
import * as platform from "../../../schema/vocabulary/platform-limits.ts";
import { tells } from "../../support/pages.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
/** As one line, whatever the width of a comment is. */
const contract = ["producer", "consumer", "payload"]
  .map((side) => read(`schema/contract/${side}.ts`))
  .join("\n")
  .replaceAll(/\s*\n\s*\*\s*/g, " ");

const n = (number: number) => number.toLocaleString("en");
/** Small numbers as they are written in a sentence. */
const WORDS: Readonly<Record<number, string>> = { 3: "three", 4: "four", 5: "five", 6: "six" };
const mib = (bytes: number) => `${bytes / 2 ** 20} MiB`;

test("our limits are these, and a limit that is changed is changed here too", () => {
  expect({ ...limits }).toEqual({
    MAX_PAYLOAD_BYTES: 1_048_576,
    MAX_PAYLOAD_DEPTH: 500,
    MAX_EVENTS_PER_CALL: 1_000,
    MAX_EVENT_KINDS: 2_000,
    MAX_EVENT_KIND_LENGTH: 200,
    MAX_EVENT_DESCRIPTION_LENGTH: 1_000,
    MAX_EVENT_FAULTS: 20,
    MAX_EVENT_FAULT_LENGTH: 300,
    MAX_DISPATCHES_PER_CALL: 10_000,
    MAX_CALL_BYTES: 16_777_216,
    MAX_CALL_VALUES: 2_000_000,
    MAX_IDEMPOTENCY_KEY_LENGTH: 255,
    MAX_HOPS: 8,
    MAX_DELAY_SECONDS: 31_536_000,
    MAX_DELAY_DAYS: 365,
    MAX_RETRIES: 1_000,
    MAX_TIMEOUT_SECONDS: 600,
    MAX_GRACE_SECONDS: 86_400,
    MAX_RETENTION_DAYS: 3_650,
    GROUP_WINDOW_MS: 1_000,
    FLUSH_INTERVAL_MS: 250,
    MAX_WAIT_IN_STEP_MS: 1_000,
    MAX_CLAIMS: 5,
    FRUITLESS_GENERATIONS: 5,
    DRAIN_AHEAD_SECONDS: 300,
    MAX_ROUTES: 20_000,
    MAX_ROUTE_NAME_LENGTH: 100,
    MAX_CONDITION_DEPTH: 32,
    MAX_OPERATORS_PER_ROUTE: 1_000,
    MAX_LIST_VALUES: 1_000,
    MAX_PATTERN_LENGTH: 1_000,
    MAX_PATTERN_INSTRUCTIONS: 500,
    MAX_PATH_LENGTH: 1_000,
    MAX_DESCENDANT_SEGMENTS: 1,
    MAX_PATH_FANOUT: 64,
    MAX_TRANSFORM_LENGTH: 10_000,
    MAX_TRANSFORM_STEPS: 100_000,
    MAX_TRANSFORM_DEPTH: 10_000,
    MAX_TRANSFORM_LIST_LENGTH: 10_000,
    MAX_TRANSFORM_TEXT_LENGTH: 1_048_576,
    MAX_TRANSFORM_WEIGHT: 16_777_216,
    MAX_TRANSFORM_GROWTH_BYTES: 65_536,
    MAX_PICTURE_LENGTH: 100,
    MAX_DESTINATION_NAME_LENGTH: 100,
    MAX_GROUP_SIZE: 100,
    MAX_CALLS_IN_FLIGHT: 16,
    SMALL_GROUP_SIZE: 10,
    CALLS_BEGIN_MS: 2_000,
    LEARNED_SIZE_MS: 3_600_000,
    MAX_CALLS_IN_INSTANCE: 5_000,
    MAX_GROUP_BYTES: 4_194_304,
    MIN_RATE_LIMIT: 0.001,
    MAX_RATE_LIMIT: 100_000,
    MAX_RATE_SECONDS: 86_400,
    MAX_BURST: 100_000,
    MAX_REFILL_DAYS: 365,
    MAX_CONCURRENCY: 10_000,
    MIN_WEIGHT: 0.001,
    MAX_WEIGHT: 1_000,
    MAX_WEIGHTS: 1_000,
    MAX_FLOW_KEY_LENGTH: 200,
    HASHED_FLOW_KEY_LENGTH: 100,
    MAX_MESSAGE_BYTES: 64_000,
    MAX_PREFIX_LENGTH: 200,
    MAX_URL_LENGTH: 2_000,
    MAX_HEADER_NAME_LENGTH: 100,
    MAX_HEADER_VALUE_LENGTH: 1_000,
    MIN_WEBHOOK_KEY_BYTES: 24,
    MAX_WEBHOOK_KEY_BYTES: 64,
    MAX_COMPARED_EVENTS: 1_000_000,
    CLOCK_TOLERANCE_SECONDS: 10,
    MAX_REASON_LENGTH: 1_000,
    MAX_ACTOR_LENGTH: 200,
    MAX_ENVIRONMENT_NAME_LENGTH: 40,
    MAX_RESOURCE_NAME_LENGTH: 50,
  });
});

test("the platform's limits are these", () => {
  expect({ ...platform }).toEqual({
    MIN_COMPATIBILITY_DATE: "2024-04-03",
    MAX_WAIT_UNTIL_MS: 30_000,
    MAX_SLEEP_SECONDS: 31_536_000,
    MAX_WORKFLOW_PARAMETER_BYTES: 1_048_576,
    MAX_WORKFLOW_NAME_LENGTH: 64,
    MAX_WORKFLOW_RETENTION_MS: 2_592_000_000,
    MAX_CREATED_INSTANCES: 100,
    MAX_QUEUE_MESSAGE_BYTES: 127_000,
    BILLED_MESSAGE_BYTES: 64_000,
    MAX_SEND_BATCH_BYTES: 240_000,
    MAX_SEND_BATCH_MESSAGES: 100,
    MAX_NEON_BYTES: 67_108_864,
    MAX_STATEMENT_PARAMETERS: 65_535,
    MAX_POSTGRES_INTEGER: 2_147_483_647,
  });
});

describe("the pages give the limit", () => {
  test.each<[keyof typeof limits, string]>([
    ["MAX_PAYLOAD_BYTES", `one payload (a JSON object up to ${mib(limits.MAX_PAYLOAD_BYTES)})`],
    ["MAX_EVENTS_PER_CALL", `up to ${n(limits.MAX_EVENTS_PER_CALL)} at once`],
    ["MAX_CALL_BYTES", `(${mib(limits.MAX_CALL_BYTES)} and`],
    ["MAX_CALL_VALUES", `${n(limits.MAX_CALL_VALUES)} members and elements together)`],
    ["MAX_PAYLOAD_DEPTH", `A payload nests up to ${n(limits.MAX_PAYLOAD_DEPTH)} levels deep`],
    [
      "MAX_DISPATCHES_PER_CALL",
      `The events of one call may make up to ${n(limits.MAX_DISPATCHES_PER_CALL)} dispatches`,
    ],
    ["MAX_HOPS", `a chain ends at ${limits.MAX_HOPS} hops, hubs on the way included`],
    ["MAX_HOPS", `is the end of a chain of ${limits.MAX_HOPS}: see`],
    ["MAX_IDEMPOTENCY_KEY_LENGTH", `\`idempotencyKey\` | up to ${limits.MAX_IDEMPOTENCY_KEY_LENGTH} characters`],
    ["MAX_DELAY_DAYS", `up to ${limits.MAX_DELAY_DAYS} days ahead`],
    [
      "MAX_DELAY_SECONDS",
      `"defaultDelaySeconds": 0,                                       // 0 to ${n(limits.MAX_DELAY_SECONDS)} (${limits.MAX_DELAY_DAYS} days)`,
    ],
    ["MAX_RETRIES", `// after the first attempt, 0 to ${n(limits.MAX_RETRIES)}`],
    ["MAX_TIMEOUT_SECONDS", `// 1 to ${limits.MAX_TIMEOUT_SECONDS}`],
    ["MAX_GRACE_SECONDS", `(0 to ${n(limits.MAX_GRACE_SECONDS)} s, default`],
    ["MAX_ROUTES", `${n(limits.MAX_ROUTES)} routes;`],
    ["MAX_CONDITION_DEPTH", `conditions ${limits.MAX_CONDITION_DEPTH} deep with`],
    ["MAX_OPERATORS_PER_ROUTE", `with ${n(limits.MAX_OPERATORS_PER_ROUTE)} operators;`],
    ["MAX_LIST_VALUES", `${n(limits.MAX_LIST_VALUES)} values in a list;`],
    ["MAX_PATTERN_LENGTH", `patterns, wildcards and paths of ${n(limits.MAX_PATTERN_LENGTH)} characters`],
    ["MAX_PATH_LENGTH", `patterns, wildcards and paths of ${n(limits.MAX_PATH_LENGTH)} characters`],
    ["MAX_ROUTE_NAME_LENGTH", `names of ${limits.MAX_ROUTE_NAME_LENGTH}.`],
    ["MAX_PATTERN_INSTRUCTIONS", `a program of more than ${limits.MAX_PATTERN_INSTRUCTIONS} instructions`],
    ["MAX_PATH_FANOUT", `that select more than ${limits.MAX_PATH_FANOUT} times over`],
    [
      "MIN_WEBHOOK_KEY_BYTES",
      `base64 of ${limits.MIN_WEBHOOK_KEY_BYTES} to ${limits.MAX_WEBHOOK_KEY_BYTES} random bytes`,
    ],
    [
      "MAX_WEBHOOK_KEY_BYTES",
      `base64 of ${limits.MIN_WEBHOOK_KEY_BYTES} to ${limits.MAX_WEBHOOK_KEY_BYTES} random bytes`,
    ],
    ["MIN_RATE_LIMIT", `\`limit\` ${limits.MIN_RATE_LIMIT} to ${n(limits.MAX_RATE_LIMIT)}, \`perSeconds\``],
    ["MAX_RATE_LIMIT", `\`limit\` ${limits.MIN_RATE_LIMIT} to ${n(limits.MAX_RATE_LIMIT)}, \`perSeconds\``],
    ["MAX_RATE_SECONDS", `\`perSeconds\` 1 to ${n(limits.MAX_RATE_SECONDS)},`],
    ["MAX_BURST", `\`burst\` (default 1) up to ${n(limits.MAX_BURST)} |`],
    ["MAX_REFILL_DAYS", `must be allowed again within ${limits.MAX_REFILL_DAYS} days.`],
    ["MAX_CONCURRENCY", `\`limits[].concurrency\` | 1 to ${n(limits.MAX_CONCURRENCY)} |`],
    ["MIN_WEIGHT", `${limits.MIN_WEIGHT} to ${n(limits.MAX_WEIGHT)} for each of up to ${n(limits.MAX_WEIGHTS)} keys`],
    ["MAX_WEIGHT", `${limits.MIN_WEIGHT} to ${n(limits.MAX_WEIGHT)} for each of up to ${n(limits.MAX_WEIGHTS)} keys`],
    ["MAX_WEIGHTS", `${limits.MIN_WEIGHT} to ${n(limits.MAX_WEIGHT)} for each of up to ${n(limits.MAX_WEIGHTS)} keys`],
    ["MAX_FLOW_KEY_LENGTH", `A key of more than ${limits.MAX_FLOW_KEY_LENGTH} characters becomes its first`],
    ["HASHED_FLOW_KEY_LENGTH", `becomes its first ${limits.HASHED_FLOW_KEY_LENGTH}, \`~\`, and the SHA-256`],
    ["MAX_ENVIRONMENT_NAME_LENGTH", `up to ${limits.MAX_ENVIRONMENT_NAME_LENGTH} characters, a colour`],
    ["GROUP_WINDOW_MS", limits.GROUP_WINDOW_MS === 1_000 ? "are due within the same second share an instance" : "?"],
    ["MAX_GROUP_SIZE", `share an instance: up to ${limits.MAX_GROUP_SIZE}, up to`],
    ["MAX_CALLS_IN_FLIGHT", `makes up to ${limits.MAX_CALLS_IN_FLIGHT} calls at once`],
    ["SMALL_GROUP_SIZE", `goes to instances of ${limits.SMALL_GROUP_SIZE} at most, and`],
    ["CALLS_BEGIN_MS", limits.CALLS_BEGIN_MS === 2_000 ? "has not begun within two seconds" : "?"],
    ["LEARNED_SIZE_MS", limits.LEARNED_SIZE_MS === 3_600_000 ? "for an hour, after which" : "?"],
    ["MAX_CALLS_IN_INSTANCE", `or ${n(limits.MAX_CALLS_IN_INSTANCE)} calls`],
    ["MAX_WAIT_IN_STEP_MS", limits.MAX_WAIT_IN_STEP_MS === 1_000 ? "A retry that is due within a second is made" : "?"],
    ["FLUSH_INTERVAL_MS", limits.FLUSH_INTERVAL_MS === 250 ? "within a quarter of a second after it was" : "?"],
    ["MAX_CLAIMS", `an attempt that was begun ${WORDS[limits.MAX_CLAIMS]} times without a result counts as failed`],
    ["FRUITLESS_GENERATIONS", `of which ${WORDS[limits.FRUITLESS_GENERATIONS]} Workflow instances in a row ended`],
    ["DRAIN_AHEAD_SECONDS", `${WORDS[limits.DRAIN_AHEAD_SECONDS / 60]} minutes ahead when they are due`],
    ["CLOCK_TOLERANCE_SECONDS", `with ${limits.CLOCK_TOLERANCE_SECONDS} s for clocks that differ`],
    ["MAX_RESOURCE_NAME_LENGTH", `up to ${limits.MAX_RESOURCE_NAME_LENGTH} characters; default resource`],
  ])("%s", (_, sentence) => expect(tells(sentence)).toBe(true));
});

describe("the types' documentation gives the limit", () => {
  test.each<[keyof typeof limits, string]>([
    ["MAX_IDEMPOTENCY_KEY_LENGTH", `1 to ${limits.MAX_IDEMPOTENCY_KEY_LENGTH} characters (Unicode code points)`],
    ["MAX_DELAY_SECONDS", `first attempt, 0 to ${n(limits.MAX_DELAY_SECONDS)} (${limits.MAX_DELAY_DAYS} days)`],
    ["MAX_DELAY_DAYS", `first attempt, at most ${limits.MAX_DELAY_DAYS} days ahead`],
    ["MAX_REASON_LENGTH", `For people; kept to ${n(limits.MAX_REASON_LENGTH)} characters`],
    ["MAX_GROUP_SIZE", `Gets up to ${limits.MAX_GROUP_SIZE} dispatches`],
  ])("%s", (_, sentence) => expect(contract).toContain(sentence));
});
