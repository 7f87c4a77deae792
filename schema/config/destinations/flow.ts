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
import { isRecord, show } from "../faults.ts";
import { integer, number } from "../numbers.ts";

/** Where a key stands in the payload. That it is a JSONPath of one value is checked where paths are compiled, in the hub. */
const key = v.custom<string>(
  (input) => typeof input === "string" && input !== "" && !isLonger(input, MAX_PATH_LENGTH),
  ({ input }) =>
    typeof input === "string" && input !== ""
      ? `must have at most ${MAX_PATH_LENGTH} characters, got ${codePoints(input)}`
      : `must be a JSONPath such as $.customer.id, got ${show(input)}`,
);

/** Calls that may begin: in any window at most `limit` x window / `perSeconds` + `burst`. */
export const Rate = v.pipe(
  v.strictObject({
    limit: number(MIN_RATE_LIMIT, MAX_RATE_LIMIT),
    perSeconds: integer(1, MAX_RATE_SECONDS, " (seconds)"),
    burst: v.optional(integer(1, MAX_BURST), DEFAULT_BURST),
  }),
  // What takes longer leaves the dates that Postgres has.
  v.check(
    ({ limit, perSeconds, burst }) => (burst * perSeconds) / limit <= MAX_REFILL_DAYS * 86_400,
    `must allow burst again within ${MAX_REFILL_DAYS} days: burst x perSeconds / limit is more`,
  ),
);
type Rate = v.InferOutput<typeof Rate>;

type Weights = Readonly<Record<string, number>>;

const weight = number(MIN_WEIGHT, MAX_WEIGHT);

/** By key. Read by hand: valibot's record leaves out keys such as `constructor`. */
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
    return `is no key: a key has at most ${MAX_FLOW_KEY_LENGTH} characters, longer ones are hashed`;
  if (!isStorable(key)) return "is no key: Postgres cannot store it";
  const result = v.safeParse(weight, value);
  return result.success ? undefined : result.issues[0].message;
}

/** One limit: of the whole destination, or with a `key` of each key; with `weights` keys take turns by them (default 1). */
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
      "stands beside a key only: they are weights of keys",
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

/** All hold together: the strictest counts. */
const Limits = v.pipe(
  v.array(Limit, ({ input }) => `must be an array of limits, got ${show(input)}`),
  v.minLength(1, "must have a limit: without any, leave it out"),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const limits = dataset.value;
    for (const [index, limit] of limits.entries()) {
      const first = limits.findIndex((other) => (other.key === undefined) === (limit.key === undefined));
      if (first === index) continue;
      const message = `is another limit with${limit.key === undefined ? "out" : ""} a key beside limits[${first}]: there can be one`;
      addIssue({ message, path: [{ type: "array", origin: "value", input: limits, key: index, value: limit }] });
    }
  }),
);

const ON_FAILURE =
  'must be "hold" or "skip": whether what follows in its key waits for an operator when one has failed for good, or goes on';

/** Dispatches of one key are called one after the other. */
const Order = v.strictObject(
  { key, onFailure: v.picklist(["hold", "skip"], ({ input }) => `${ON_FAILURE}; got ${show(input)}`) },
  // Of the keys that may be missing this one has no default by intent: each of the two surprises somebody.
  ({ expected, message }) => (expected === '"onFailure"' ? `is required, and ${ON_FAILURE}` : message),
);
type Order = v.InferOutput<typeof Order>;

/** What every kind of destination may have, so that it is called no faster than it bears, in turn, and in order. */
export const flow = {
  limits: v.exactOptional(Limits),
  order: v.exactOptional(Order),
  /** What a wait holds up that the destination asks for (`retryAfterSeconds`, `Retry-After`); left out, the one dispatch. */
  cooldown: v.exactOptional(
    v.picklist(["key", "destination"], ({ input }) => `must be "key" or "destination", got ${show(input)}`),
  ),
};

interface Flow {
  readonly limits?: readonly Limit[];
  readonly order?: Order;
  readonly cooldown?: "key" | "destination";
}

/** What is wrong with a destination's `cooldown` by what stands beside it. */
export function cooldownFault({ limits, order, cooldown }: Flow): string | undefined {
  if (cooldown === undefined) return undefined;
  if (limits === undefined && order === undefined) return "stands beside limits or an order only";
  if (cooldown === "key" && limits?.some(({ key }) => key !== undefined) !== true)
    return 'must be "destination", since no limit has a key';
  return undefined;
}

/** Limits of a destination and its order, as the database's functions take them (`p_flow`). */
export interface FlowRules {
  rate?: Rate;
  concurrency?: number;
  /** Of each key. */
  key?: Omit<Limit, "key">;
  /** What has failed for good holds its key. */
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
