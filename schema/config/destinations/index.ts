import * as v from "valibot";
import { isLonger } from "../../text/unicode.ts";
import { DEFAULT_BATCH_SIZE, DEFAULT_GROUP_SIZE } from "../../vocabulary/defaults.ts";
import {
  MAX_BATCH_SIZE,
  MAX_DESTINATION_NAME_LENGTH,
  MAX_GROUP_SIZE,
  MAX_PREFIX_LENGTH,
  MAX_URL_LENGTH,
} from "../../vocabulary/limits.ts";
import { SETTING_NAMES } from "../../vocabulary/settings.ts";
import { care } from "./breaker-and-drain.ts";
import { WebhookHeaders } from "./webhook-headers.ts";
import { isAllowedHost, webhookUrlFault } from "./webhook-url.ts";

/** How a destination's dispatches share Workflow instances: 1 (an instance each) up to the most, which is the default. */
const groupSize = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_GROUP_SIZE)),
  DEFAULT_GROUP_SIZE,
);

/** The Workflow binding of every destination that has none of its own. */
export const DEFAULT_WORKFLOW = "DISPATCH";

/** What the Workflow binding of a destination's own is called: below `EVENTHUB_`, so that it cannot be a destination's name. */
const OWN_WORKFLOW = new RegExp(`^EVENTHUB_WORKFLOW_[A-Za-z0-9_]{1,${MAX_DESTINATION_NAME_LENGTH}}$`);

/**
 * The executor's binding of a Workflow of the destination's own, whose concurrency limit bounds what the consumer bears at once; left out, it
 * shares `DISPATCH` with the others.
 */
const workflow = v.exactOptional(
  v.pipe(
    v.string(),
    v.regex(OWN_WORKFLOW, ({ input }) => `must be like EVENTHUB_WORKFLOW_<name>, got ${JSON.stringify(input)}`),
  ),
);

/** `cloudevents`: it gets a CloudEvent 1.0 in the structured JSON form; left out, the payload as it is. */
const format = v.exactOptional(v.literal("cloudevents"));

/** What destinations of every kind have. */
const shared = { groupSize, workflow, ...care };

const WorkerDestination = v.pipe(
  v.strictObject({
    kind: v.literal("worker"),
    /** True: the consumer implements `handleBatch` and gets up to `groupSize` dispatches in one call; default false. */
    batch: v.optional(v.boolean(), false),
    groupSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_BATCH_SIZE))),
    workflow,
    format,
    ...care,
  }),
  v.forward(
    v.partialCheck(
      [["batch"], ["groupSize"]],
      ({ batch, groupSize = 1 }) => batch || groupSize <= MAX_GROUP_SIZE,
      `must be at most ${MAX_GROUP_SIZE} without "batch": true`,
    ),
    ["groupSize"],
  ),
  v.transform(({ groupSize, ...rest }) => ({
    ...rest,
    groupSize: groupSize ?? (rest.batch ? DEFAULT_BATCH_SIZE : DEFAULT_GROUP_SIZE),
  })),
);

const R2Destination = v.strictObject({
  kind: v.literal("r2"),
  ...shared,
  format,
  /** Put before every key, e.g. `webhooks/`; default none. */
  prefix: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (prefix) => !isLonger(prefix, MAX_PREFIX_LENGTH) && prefix.isWellFormed(),
        `must be text of at most ${MAX_PREFIX_LENGTH} characters`,
      ),
    ),
    "",
  ),
});

const QueueDestination = v.strictObject({ kind: v.literal("queue"), ...shared, format });

const WorkflowDestination = v.strictObject({ kind: v.literal("workflow"), ...shared, format });

const HubDestination = v.strictObject({ kind: v.literal("hub"), ...shared });

const SECRET_RULE = "must be the name of a secret of the executor's, and none of the hub's own";

/** Said without what stands there: it may be the secret itself. */
const secretName = v.pipe(
  v.string(SECRET_RULE),
  v.check((name) => destinationNameFault(name) === undefined && !name.startsWith("whsec_"), SECRET_RULE),
);

const WebhookDestination = v.pipe(
  v.strictObject({
    kind: v.literal("webhook"),
    ...shared,
    format,
    /** Where the POST goes: https, and no private address. Said of it is never what it is, which may hold a token. */
    url: v.pipe(
      v.string("must be a URL"),
      v.maxLength(MAX_URL_LENGTH, `must be at most ${MAX_URL_LENGTH} characters long`),
    ),
    /** Names of the executor's secrets that sign (`whsec_...`); two during a rotation, the new one first. */
    secrets: v.pipe(
      v.array(secretName, "must be an array of secrets' names"),
      v.minLength(1, "must name at least one secret"),
      v.maxLength(2, "must name at most two secrets"),
    ),
    /**
     * Headers to add, e.g. an API version. Refused are those that the hub sets (`webhook-*`, `content-type`, `user-agent`, `traceparent`, ...)
     * and those of the connection (`host`, `content-length`, `transfer-encoding`, ...).
     */
    headers: v.optional(WebhookHeaders, {}),
    /** Hosts that `url` may be at (`example.com`, `*.example.com`); default any public one. */
    allowHosts: v.optional(v.array(v.string())),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { url, allowHosts } = dataset.value;
    // http and private addresses are a matter of the executor that calls: a local stack may allow them.
    const fault =
      webhookUrlFault(url, { insecure: true }) ??
      (allowHosts !== undefined && !isAllowedHost(url, allowHosts) ? "must be at one of allowHosts" : undefined);
    if (fault !== undefined) {
      addIssue({
        message: fault,
        path: [{ type: "object", origin: "value", input: dataset.value, key: "url", value: url }],
      });
    }
  }),
);

const Declared = v.variant("kind", [
  WorkerDestination,
  R2Destination,
  QueueDestination,
  WorkflowDestination,
  HubDestination,
  WebhookDestination,
]);

/** One declared destination as written: what has a default may be left out. */
export type DestinationInput = v.InferInput<typeof Declared>;

/** One declared destination: `kind` tells what its binding in the executor is; `worker` where it is left out. */
export const Destination = v.pipe(
  v.custom<object>(
    (input) => typeof input === "object" && input !== null && !Array.isArray(input),
    "must be an object",
  ),
  v.transform((input): unknown => ("kind" in input ? input : { kind: "worker", ...input })),
  Declared,
);
export type Destination = v.InferOutput<typeof Destination>;

/** The destinations of one kind. */
export type DestinationOf<K extends Destination["kind"]> = Extract<Destination, { kind: K }>;

/** What a destination is that routes name without declaring it. */
export const DEFAULT_DESTINATION: Destination = { kind: "worker", batch: false, groupSize: DEFAULT_GROUP_SIZE };

/**
 * The names of the Workers' own settings and bindings: no destination and no secret of a webhook may be called so, or it would take a variable's
 * place, or lead a route to the queue. Everything that starts with `EVENTHUB_` is ours too.
 */
export const RESERVED_BINDINGS: readonly string[] = SETTING_NAMES.filter((name) => !name.startsWith("EVENTHUB_"));

const NAME = new RegExp(`^[A-Za-z_][A-Za-z0-9_]{0,${MAX_DESTINATION_NAME_LENGTH - 1}}$`);

/** The fault of a destination's name, or `undefined`: it must be a name that a binding can have, and not one of our own bindings'. */
export function destinationNameFault(name: string): string | undefined {
  if (!NAME.test(name)) {
    return `must be the name of a binding (1 to ${MAX_DESTINATION_NAME_LENGTH} letters, digits and _, no digit first), got ${JSON.stringify(name)}`;
  }
  if (name.startsWith("EVENTHUB_") || RESERVED_BINDINGS.includes(name)) {
    return `is the name of one of the hub's own bindings: ${name}`;
  }
  return undefined;
}
