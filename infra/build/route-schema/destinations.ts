import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import {
  DESTINATION_KINDS,
  type DestinationInput,
  RESERVED_BINDINGS,
} from "../../../schema/config/destinations/index.ts";
import { DEFAULT_DRAIN_PER_SECOND } from "../../../schema/vocabulary/defaults.ts";
import {
  MAX_DESTINATION_NAME_LENGTH,
  MAX_HEADER_NAME_LENGTH,
  MAX_HEADER_VALUE_LENGTH,
  MAX_PREFIX_LENGTH,
} from "../../../schema/vocabulary/limits.ts";
import { FLOW } from "./flow.ts";
import { HEALTH } from "./health.ts";
import { oneOf, type Schema, when } from "./json-schema.ts";

type Kind = DestinationInput["kind"];
type KeyOf<D> = D extends unknown ? keyof D : never;
type Setting = KeyOf<DestinationInput>;

/** The name of a binding or a secret, except those of the hub. */
export const NAME: Schema = {
  type: "string",
  pattern: `^(?!EVENTHUB_|(?:${RESERVED_BINDINGS.join("|")})$)[A-Za-z_][A-Za-z0-9_]{0,${MAX_DESTINATION_NAME_LENGTH - 1}}$`,
};

/** What each kind is. */
const KINDS = Object.fromEntries(
  Object.entries(DESTINATION_KINDS).map(([kind, { summary }]) => [kind, summary]),
) as Record<Kind, string>;

/** The meaning of each setting, and JSON Schema's keywords for what valibot's schema checks in code. */
const SETTINGS: Readonly<Record<Setting, Schema>> = {
  kind: { description: "What the destination's name stands for in the executor." },
  batch: { description: "The consumer has handleBatch(items) and gets up to groupSize events in one call." },
  groupSize: {
    description: 'How many dispatches may share a Workflow instance; with "batch": true, how many may share a call.',
  },
  workflow: {
    description:
      "A Workflow of its own instead of DISPATCH, so that its concurrency limit bounds this destination: the name of its binding, or of up to 16 that share its instances.",
  },
  health: {
    ...HEALTH,
    description: "When it counts as failing or degraded; what is left out is as for all destinations.",
  },
  drainPerSecond: {
    default: DEFAULT_DRAIN_PER_SECOND,
    description: "How many held dispatches per second it gets after a resume.",
  },
  breaker: {
    description:
      "Pauses the destination by itself when at least this many calls within a time have all failed; then probes it, and resumes it at the first success.",
  },
  ...FLOW,
  format: {
    description: "It gets a CloudEvent 1.0 in the structured JSON form; without this setting, the payload as it is.",
  },
  prefix: { description: "Prefix of every key, e.g. orders/.", maxLength: MAX_PREFIX_LENGTH },
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
  allowHosts: { description: "Hosts that url may have: example.com, *.example.com; default any public host." },
};

/** The settings of a breaker. */
const BREAKER: Readonly<Record<string, string>> = {
  failures: "How many calls must have ended within `seconds`, all of them failed.",
  seconds: "How far back calls count, in seconds.",
  probeSeconds: "How often one dispatch is let through to probe, in seconds.",
};

/** One kind, from its schema in schema/config. */
function declared(kind: Kind): Schema {
  // Whatever only code can check is left to the hub.
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

/** One declared destination. Its `kind` decides which other settings it may have; without one it is a `worker`. */
export function destination(): Schema {
  const { required: _, ...worker } = declared("worker");
  const others = (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== "worker");
  return {
    type: "object",
    properties: {
      kind: { ...oneOf(KINDS, "What the destination's name stands for in the executor."), default: "worker" },
    },
    allOf: [
      ...others.map((kind) => when(isKind(kind), declared(kind))),
      when({ anyOf: [isKind("worker"), { not: { required: ["kind"] } }] }, worker),
    ],
  };
}
