import { DEFAULT_BURST } from "../../../schema/vocabulary/defaults.ts";
import * as limits from "../../../schema/vocabulary/limits.ts";
import { integer, oneOf, type Schema, text } from "./json-schema.ts";

const number = (minimum: number, maximum: number, description: string): Schema => ({
  type: "number",
  minimum,
  maximum,
  description,
});

const rate: Schema = {
  type: "object",
  properties: {
    limit: number(limits.MIN_RATE_LIMIT, limits.MAX_RATE_LIMIT, "How many calls may begin in perSeconds."),
    perSeconds: integer(1, limits.MAX_RATE_SECONDS, "In how many seconds."),
    burst: {
      ...integer(1, limits.MAX_BURST, "How many may begin at once, after a time without any."),
      default: DEFAULT_BURST,
    },
  },
  required: ["limit", "perSeconds"],
  additionalProperties: false,
  description: "In any window at most limit x window / perSeconds + burst calls begin, retries too.",
};

const limit: Schema = {
  type: "object",
  properties: {
    key: text(
      limits.MAX_PATH_LENGTH,
      "RFC 9535 JSONPath of one value in the payload, e.g. $.customer.id: the limit is one of each of its values. Left out, it is one of the whole destination.",
    ),
    rate,
    concurrency: integer(1, limits.MAX_CONCURRENCY, "How many calls may be under way."),
    weights: {
      type: "object",
      additionalProperties: number(limits.MIN_WEIGHT, limits.MAX_WEIGHT, "Its turns, where others have one."),
      propertyNames: { maxLength: limits.MAX_FLOW_KEY_LENGTH },
      maxProperties: limits.MAX_WEIGHTS,
      description: "How many turns a key has where others have one: by key, 1 for those that are left out.",
    },
  },
  additionalProperties: false,
  anyOf: [{ required: ["rate"] }, { required: ["concurrency"] }, { required: ["weights"] }],
  dependencies: { weights: ["key"] },
};

/** What a destination may have so that it is called no faster than it bears, in turn, and in order. */
export const FLOW = {
  limits: {
    type: "array",
    items: limit,
    minItems: 1,
    maxItems: 2,
    description:
      "How fast it may be called: one limit of the whole destination, and one of each key. All hold together; what is over them waits.",
    defaultSnippets: [
      {
        label: "rate",
        description: "so many calls a second",
        body: [{ rate: { limit: 100, perSeconds: 1, burst: 20 } }],
      },
      {
        label: "per key",
        description: "so many calls under way of each key, in turns",
        body: [{ key: "\\$.$1", concurrency: 2 }],
      },
    ],
  },
  order: {
    type: "object",
    properties: {
      key: text(
        limits.MAX_PATH_LENGTH,
        "RFC 9535 JSONPath of one value in the payload, e.g. $.order.id: events with the same value are called one after the other.",
      ),
      onFailure: oneOf(
        {
          hold: "What follows in its key waits until an operator retries, skips or cancels it.",
          skip: "What follows in its key goes on without it.",
        },
        "What becomes of the key when one of its dispatches has failed for good.",
      ),
    },
    required: ["key", "onFailure"],
    additionalProperties: false,
    description: "Events of one key are called one after the other, in the order in which they were emitted.",
  },
  cooldown: oneOf(
    {
      key: "All of its key wait as long.",
      destination: "All of the destination wait as long.",
    },
    "What a wait holds up that the destination asks for (retryAfterSeconds, Retry-After); left out, the one dispatch.",
  ),
} as const satisfies Record<string, Schema>;
