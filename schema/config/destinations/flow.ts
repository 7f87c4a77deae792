import * as v from "valibot";
import { codePoints, isLonger, isStorable } from "../../text/unicode.ts";
import { DEFAULT_BURST } from "../../vocabulary/defaults.ts";
import {
  MAX_BURST,
  MAX_CONCURRENCY,
  MAX_FLOW_KEY_LENGTH,
  MAX_PATH_LENGTH,
  MAX_RATE_LIMIT,
  MAX_RATE_SECONDS,
  MAX_REFILL_DAYS,
  MAX_WEIGHT,
  MAX_WEIGHTS,
  MIN_RATE_LIMIT,
  MIN_WEIGHT,
} from "../../vocabulary/limits.ts";
import { integer, number } from "../bounded-numbers.ts";
import { isRecord, show } from "../faults.ts";

/** The path of a key in the payload. The hub checks that it is a JSONPath of one value, when it compiles the paths. */
const key = v.custom<string>(
  (input) => typeof input === "string" && input !== "" && !isLonger(input, MAX_PATH_LENGTH),
  ({ input }) =>
    typeof input === "string" && input !== ""
      ? `must have at most ${MAX_PATH_LENGTH} characters, got ${codePoints(input)}`
      : `must be a JSONPath such as $.customer.id, got ${show(input)}`,
);

/** How many calls may start: in any window at most `limit` x window / `perSeconds` + `burst`. */
export const Rate = v.pipe(
  v.strictObject({
    limit: number(MIN_RATE_LIMIT, MAX_RATE_LIMIT),
    perSeconds: integer(1, MAX_RATE_SECONDS, " (seconds)"),
    burst: v.optional(integer(1, MAX_BURST), DEFAULT_BURST),
  }),
  // A longer refill would exceed the dates that Postgres can store.
  v.check(
    ({ limit, perSeconds, burst }) => (burst * perSeconds) / limit <= MAX_REFILL_DAYS * 86_400,
    `must allow the whole burst again within ${MAX_REFILL_DAYS} days, but burst x perSeconds / limit is more`,
  ),
);
type Rate = v.InferOutput<typeof Rate>;

type Weights = Readonly<Record<string, number>>;

const weight = number(MIN_WEIGHT, MAX_WEIGHT);

/** Weights by key. Read without valibot's record, which leaves out keys such as `constructor`. */
const Weights = v.pipe(
  v.custom<Weights>(isRecord, ({ input }) => `must be an object of numbers by key, got ${show(input)}`),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const weights = dataset.value;
    const keys = Object.keys(weights);
    if (keys.length > MAX_WEIGHTS) {
      addIssue({ message: `must have at most ${MAX_WEIGHTS} keys, got ${keys.length}` });
      return;
    }
    for (const key of keys) {
      const value = weights[key];
      const message = weightFault(key, value);
      if (message !== undefined)
        addIssue({ message, path: [{ type: "object", origin: "value", input: { ...weights }, key, value }] });
    }
  }),
  v.transform((weights): Weights => Object.fromEntries(Object.entries(weights))),
);

function weightFault(key: string, value: unknown): string | undefined {
  if (isLonger(key, MAX_FLOW_KEY_LENGTH))
    return `is not a key: a key has at most ${MAX_FLOW_KEY_LENGTH} characters; longer ones are hashed`;
  if (!isStorable(key)) return "is not a key: Postgres cannot store it";
  const result = v.safeParse(weight, value);
  return result.success ? undefined : result.issues[0].message;
}

/** One limit: for the whole destination, or with a `key` for each key. Keys take turns in proportion to their `weights` (default 1). */
const Limit = v.pipe(
  v.strictObject({
    key: v.exactOptional(key),
    rate: v.exactOptional(Rate),
    concurrency: v.exactOptional(integer(1, MAX_CONCURRENCY)),
    weights: v.exactOptional(Weights),
  }),
  v.forward(
    v.partialCheck(
      [["key"], ["weights"]],
      ({ key, weights }) => key !== undefined || weights === undefined,
      "needs a key: weights belong to keys",
    ),
    ["weights"],
  ),
  v.check(
    ({ rate, concurrency, weights }) => rate !== undefined || concurrency !== undefined || weights !== undefined,
    ({ input }) =>
      (input as { key?: string }).key === undefined
        ? "must have a rate or a concurrency"
        : "must have a rate, a concurrency or weights: {} for turns alone",
  ),
);
type Limit = v.InferOutput<typeof Limit>;

/** All limits apply together: the strictest decides. */
const Limits = v.pipe(
  v.array(Limit, ({ input }) => `must be an array of limits, got ${show(input)}`),
  v.minLength(1, "must have at least one limit; leave it out if you want none"),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const limits = dataset.value;
    for (const [index, limit] of limits.entries()) {
      const first = limits.findIndex((other) => (other.key === undefined) === (limit.key === undefined));
      if (first === index) continue;
      const message = `is a second limit with${limit.key === undefined ? "out" : ""} a key, after limits[${first}]: there can be only one`;
      addIssue({ message, path: [{ type: "array", origin: "value", input: limits, key: index, value: limit }] });
    }
  }),
);

const ON_FAILURE =
  'must be "hold" or "skip": when one has failed for good, whether the rest of its key waits for an operator or goes on';

/** The dispatches of one key are called one after another. */
const Order = v.strictObject(
  { key, onFailure: v.picklist(["hold", "skip"], ({ input }) => `${ON_FAILURE}; got ${show(input)}`) },
  // `onFailure` is deliberately without a default, unlike the other optional settings: either choice would surprise somebody.
  ({ expected, message }) => (expected === '"onFailure"' ? `is required, and ${ON_FAILURE}` : message),
);
type Order = v.InferOutput<typeof Order>;

/** Settings for every kind of destination that limit how fast it is called, and in which order. */
export const flow = {
  limits: v.exactOptional(Limits),
  order: v.exactOptional(Order),
  /** What else waits when the destination asks for a wait (`retryAfterSeconds`, `Retry-After`). By default, only the called dispatch waits. */
  cooldown: v.exactOptional(
    v.picklist(["key", "destination"], ({ input }) => `must be "key" or "destination", got ${show(input)}`),
  ),
};

interface Flow {
  readonly limits?: readonly Limit[];
  readonly order?: Order;
  readonly cooldown?: "key" | "destination";
}

/** The fault of a destination's `cooldown` in combination with its other settings. */
export function cooldownFault({ limits, order, cooldown }: Flow): string | undefined {
  if (cooldown === undefined) return undefined;
  if (limits === undefined && order === undefined) return "needs limits or an order";
  if (cooldown === "key" && limits?.some(({ key }) => key !== undefined) !== true)
    return 'must be "destination", because no limit has a key';
  return undefined;
}

/** The limits and order of a destination, in the form that the database's functions take (`p_flow`). */
export interface FlowRules {
  rate?: Rate;
  concurrency?: number;
  /** The limit of each key. */
  key?: Omit<Limit, "key">;
  /** A dispatch that fails for good holds its key. */
  hold?: true;
}

/** The rules of a destination; `undefined` if it has neither limits nor an order. */
export function flowRulesOf(destination: Flow | undefined): FlowRules | undefined {
  const { limits = [], order } = destination ?? {};
  if (limits.length === 0 && order === undefined) return undefined;
  const rules: FlowRules = {};
  for (const { key, ...limit } of limits) {
    if (key === undefined) Object.assign(rules, limit);
    else rules.key = limit;
  }
  if (order?.onFailure === "hold") rules.hold = true;
  return rules;
}
