import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import {
  DESTINATION_KINDS,
  type DestinationInput,
  RESERVED_BINDINGS,
} from "../../../schema/config/destinations/index.ts";
import { DEFAULT_DRAIN_PER_SECOND, DEFAULT_GROUP_SIZE } from "../../../schema/vocabulary/defaults.ts";
import {
  MAX_DESTINATION_NAME_LENGTH,
  MAX_GROUP_SIZE,
  MAX_HEADER_NAME_LENGTH,
  MAX_HEADER_VALUE_LENGTH,
  MAX_PREFIX_LENGTH,
} from "../../../schema/vocabulary/limits.ts";
import { FLOW } from "./flow.ts";
import { oneOf, type Schema, when } from "./json-schema.ts";

type Kind = DestinationInput["kind"];
type KeyOf<D> = D extends unknown ? keyof D : never;
type Setting = KeyOf<DestinationInput>;

/** The name of a binding or a secret that is none of the hub's own. */
export const NAME: Schema = {
  type: "string",
  pattern: `^(?!EVENTHUB_|(?:${RESERVED_BINDINGS.join("|")})$)[A-Za-z_][A-Za-z0-9_]{0,${MAX_DESTINATION_NAME_LENGTH - 1}}$`,
};

/** What each kind is. */
const KINDS: Readonly<Record<Kind, string>> = {
  worker: "A consumer: a service binding of the executor's to a Worker with handle(payload, context).",
  r2: "An R2 bucket that gets each payload as an object.",
  queue: "A Queue that gets each payload as a message.",
  workflow: "A Workflow of yours: an instance for each event.",
  hub: "Another hub, which takes each event as one of its own.",
  webhook: "An HTTPS endpoint that gets each payload as a signed POST (Standard Webhooks).",
};

/** What each setting means, and what valibot's schema says in code where JSON Schema has a word for it. */
const SETTINGS: Readonly<Record<Setting, Schema>> = {
  kind: { description: "What the destination's name means in the executor." },
  batch: { description: "The consumer has handleBatch(items) and gets up to groupSize events in one call." },
  groupSize: {
    description: `How many dispatches share a Workflow instance, at most: 1 to ${MAX_GROUP_SIZE}, default ${DEFAULT_GROUP_SIZE}; with "batch": true, how many share a call.`,
  },
  workflow: {
    description:
      "A Workflow of its own instead of DISPATCH, so that its concurrency limit bounds this destination: the name of its binding.",
  },
  drainPerSecond: {
    description: `How many of the held dispatches it gets in a second when it is resumed; default ${DEFAULT_DRAIN_PER_SECOND}.`,
  },
  breaker: {
    description:
      "Pauses the destination by itself when so many calls in a row of time have all failed; probes, and resumes it at the first success.",
  },
  ...FLOW,
  format: { description: "It gets a CloudEvent 1.0 in the structured JSON form; left out, the payload as it is." },
  prefix: { description: "Put before every key, e.g. orders/.", maxLength: MAX_PREFIX_LENGTH },
  url: { description: "Where the POST goes: https, and no private address." },
  secrets: {
    description:
      "Names of the executor's secrets that sign (whsec_...): one, or two during a rotation, the new one first.",
    items: NAME,
  },
  headers: {
    type: "object",
    description: "Headers to add. The hub's own and the connection's are refused.",
    propertyNames: { pattern: `^[A-Za-z0-9-]{1,${MAX_HEADER_NAME_LENGTH}}$` },
    additionalProperties: { type: "string", maxLength: MAX_HEADER_VALUE_LENGTH, pattern: "^[\\t\\x20-\\x7e]*$" },
  },
  allowHosts: { description: "Hosts that url may be at: example.com, *.example.com; default any public one." },
};

/** The settings of a breaker. */
const BREAKER: Readonly<Record<string, string>> = {
  failures: "How many calls must have ended in that time, all of them failed.",
  seconds: "How far back calls count, in seconds.",
  probeSeconds: "How often one dispatch is let through, in seconds.",
};

/** One kind, as its schema in schema/config has it. */
function declared(kind: Kind): Schema {
  // What is checked in code alone stays the hub's to check.
  const {
    $schema: _,
    properties = {},
    ...rest
  } = toJsonSchema(DESTINATION_KINDS[kind].schema, {
    typeMode: "input",
    errorMode: "ignore",
  });
  const described = Object.entries(properties).map(([name, schema]) => [
    name,
    { ...(schema as JsonSchema), ...SETTINGS[name as Setting] },
  ]);
  return { ...rest, description: KINDS[kind], properties: withBreaker(Object.fromEntries(described)) };
}

function withBreaker(properties: Record<string, Schema>): Record<string, Schema> {
  const { breaker } = properties;
  if (breaker?.properties === undefined) return properties;
  const described = Object.entries(breaker.properties).map(([name, schema]) => [
    name,
    { ...(schema as JsonSchema), description: BREAKER[name] },
  ]);
  return { ...properties, breaker: { ...breaker, properties: Object.fromEntries(described) } };
}

const isKind = (kind: Kind): Schema => ({ properties: { kind: { const: kind } }, required: ["kind"] });

/** One declared destination: its `kind` says what else it may have; without one it is a `worker`. */
export function destination(): Schema {
  const { required: _, ...worker } = declared("worker");
  const others = (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== "worker");
  return {
    type: "object",
    properties: { kind: { ...oneOf(KINDS, "What the destination's name means in the executor."), default: "worker" } },
    allOf: [
      ...others.map((kind) => when(isKind(kind), declared(kind))),
      when({ anyOf: [isKind("worker"), { not: { required: ["kind"] } }] }, worker),
    ],
  };
}
