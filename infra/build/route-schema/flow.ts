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
    perSeconds: integer(1, limits.MAX_RATE_SECONDS, "The seconds that limit applies to."),
    burst: {
      ...integer(1, limits.MAX_BURST, "How many may begin at once, after a time without any."),
      default: DEFAULT_BURST,
    },
  },
  required: ["limit", "perSeconds"],
  additionalProperties: false,
  description: "In any window, at most limit x window / perSeconds + burst calls begin, retries included.",
};

const limit: Schema = {
  type: "object",
  properties: {
    key: text(
      limits.MAX_PATH_LENGTH,
      "RFC 9535 JSONPath of one value in the payload, e.g. $.customer.id: the limit applies to each of its values. Without it, the limit applies to the whole destination.",
    ),
    rate,
    concurrency: integer(1, limits.MAX_CONCURRENCY, "How many calls may be in flight."),
    weights: {
      type: "object",
      additionalProperties: number(limits.MIN_WEIGHT, limits.MAX_WEIGHT, "Its turns for each turn of the others."),
      propertyNames: { maxLength: limits.MAX_FLOW_KEY_LENGTH },
      maxProperties: limits.MAX_WEIGHTS,
      description: "How many turns a key gets for each turn of the others, by key; 1 for keys that are left out.",
    },
  },
  additionalProperties: false,
  anyOf: [{ required: ["rate"] }, { required: ["concurrency"] }, { required: ["weights"] }],
  dependencies: { weights: ["key"] },
};

/** The settings that limit how fast a destination is called, and that give its dispatches turns and an order. */
export const FLOW = {
  limits: {
    type: "array",
    items: limit,
    minItems: 1,
    maxItems: 2,
    description:
      "How fast it may be called: one limit for the whole destination, and one for each key. Both apply together; dispatches over them wait.",
    defaultSnippets: [
      {
        label: "rate",
        description: "calls per second",
        body: [{ rate: { limit: 100, perSeconds: 1, burst: 20 } }],
      },
      {
        label: "per key",
        description: "calls in flight per key, in turns",
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
          hold: "The dispatches behind it in its key wait until an operator retries, skips or cancels it.",
          skip: "The dispatches behind it in its key go on without it.",
        },
        "What happens to the key when one of its dispatches has failed for good.",
      ),
    },
    required: ["key", "onFailure"],
    additionalProperties: false,
    description: "Events of one key are called one after the other, in the order in which they were emitted.",
  },
  cooldown: oneOf(
    {
      key: "All dispatches of its key wait as long.",
      destination: "All dispatches of the destination wait as long.",
    },
    "What else waits when the destination asks for a wait (retryAfterSeconds, Retry-After); by default only the dispatch that was called.",
  ),
} as const satisfies Record<string, Schema>;
