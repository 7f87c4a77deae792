import type { ConfiguredEvent } from "../../../schema/config/events.ts";
import type { RouteConfigInput, RouteInput } from "../../../schema/config/routes.ts";
import { MAX_FILTER_PATH } from "../../../schema/payload/postgres-path.ts";
import * as defaults from "../../../schema/vocabulary/defaults.ts";
import {
  DEFAULT_EVENT_CHECK,
  DEFAULT_KIND_MEMBER,
  DEFAULT_UNKNOWN_CHECK,
} from "../../../schema/vocabulary/event-checks.ts";
import * as limits from "../../../schema/vocabulary/limits.ts";
import { CONDITION } from "./conditions.ts";
import { destination, NAME } from "./destinations.ts";
import { HEALTH } from "./health.ts";
import { integer, oneOf, type Schema, text } from "./json-schema.ts";

const seconds = (description: string, otherwise = "") =>
  integer(0, limits.MAX_DELAY_SECONDS, `${description}, in seconds${otherwise}.`);
const retryDelay: Schema = { $ref: "#/definitions/retryDelay" };

const strict = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required: [...required],
  additionalProperties: false,
});

const RETRY_DELAY: Schema = {
  description: "The wait before a retry: always the same, or doubling up to a maximum, with full jitter.",
  defaultSnippets: [
    { label: "constant", description: "always the same", body: { type: "constant", interval: 5 } },
    { label: "exponential", description: "doubling, with jitter", body: { type: "exponential", base: 2, max: 600 } },
  ],
  oneOf: [
    strict({ type: { const: "constant" }, interval: seconds("The wait") }, ["type", "interval"]),
    strict(
      { type: { const: "exponential" }, base: seconds("The first wait, at most"), max: seconds("The longest wait") },
      ["type", "base", "max"],
    ),
  ],
};

const CLOUD_EVENTS = strict({
  source: {
    type: "string",
    minLength: 1,
    default: defaults.DEFAULT_CLOUD_EVENT_SOURCE,
    description: "Their source, a URI reference.",
  },
  type: { type: "string", minLength: 1, default: defaults.DEFAULT_CLOUD_EVENT_TYPE, description: "Their type." },
});

const ROUTE: Readonly<Record<keyof RouteInput, Schema>> = {
  name: text(
    limits.MAX_ROUTE_NAME_LENGTH,
    "Shown to operators, and used by a dispatch to find its route again. Must be unique. A transform needs it. By default its place, such as routes[0].",
  ),
  enabled: { type: "boolean", default: true, description: "False: the route matches no event." },
  destination: { ...NAME, description: "A binding of the executor, or a name in `destinations`." },
  from: oneOf(
    { hub: "What the hub emits itself (eventhub.*).", producers: "What producers emit." },
    "Whose events it takes; both by default.",
  ),
  condition: {
    allOf: [{ $ref: "#/definitions/condition" }],
    description: "What an event must satisfy; by default the route takes every event.",
  },
  delaySeconds: seconds("The wait before the first attempt", "; default `defaultDelaySeconds`"),
  maxRetries: integer(0, limits.MAX_RETRIES, "Retries after the first attempt; default `defaultMaxRetries`."),
  retryDelay: { allOf: [retryDelay], description: "The wait before a retry; default `defaultRetryDelay`." },
  timeoutSeconds: integer(
    1,
    limits.MAX_TIMEOUT_SECONDS,
    "The wait for the destination's answer, in seconds; default `defaultTimeoutSeconds`.",
  ),
  transform: text(
    limits.MAX_TRANSFORM_LENGTH,
    "JSONata that makes the payload for the destination, e.g. { 'order': id }. Such a route needs a name.",
  ),
};

const CHECK = oneOf(
  {
    reject: "The call is refused, with all faults.",
    warn: "It is stored, marked and delivered.",
    off: "Nobody looks.",
  },
  "What happens to an event that its schema refuses.",
);

const EVENT: Readonly<Record<keyof ConfiguredEvent, Schema>> = {
  schema: { type: ["object", "boolean"], description: "JSON Schema, draft 2020-12, of the whole payload." },
  description: text(limits.MAX_EVENT_DESCRIPTION_LENGTH, "For people: when it is emitted, and what it means."),
  examples: { type: "array", items: { type: "object" }, description: "Example payloads, for people." },
  key: text(
    limits.MAX_EVENT_DESCRIPTION_LENGTH,
    "JSONPath of the value that identifies its subject: a hint for the keys of limits and orders.",
  ),
  version: text(limits.MAX_EVENT_KIND_LENGTH, "The version of the schema, for people."),
  check: { ...CHECK, description: `${CHECK.description} By default as \`eventDefaults.check\` says.` },
};

const days = (description: string) => integer(1, limits.MAX_RETENTION_DAYS, description);

const CONFIGURATION: Readonly<Record<keyof RouteConfigInput, Schema>> = {
  $schema: { type: "string", description: "Where this schema is; the hub does not read it." },
  defaultDelaySeconds: {
    ...seconds("Default for routes: the wait before the first attempt"),
    default: defaults.DEFAULT_DELAY_SECONDS,
  },
  defaultMaxRetries: {
    ...integer(0, limits.MAX_RETRIES, "Default for routes: retries after the first attempt."),
    default: defaults.DEFAULT_MAX_RETRIES,
  },
  defaultRetryDelay: {
    allOf: [retryDelay],
    default: defaults.DEFAULT_RETRY_DELAY,
    description: "Default for routes: the wait before a retry.",
  },
  defaultTimeoutSeconds: {
    ...integer(1, limits.MAX_TIMEOUT_SECONDS, "Default for routes: the wait for an answer, in seconds."),
    default: defaults.DEFAULT_TIMEOUT_SECONDS,
  },
  lostAfterSeconds: {
    ...seconds("How long a dispatch is overdue before it can be lost"),
    default: defaults.DEFAULT_LOST_AFTER_SECONDS,
  },
  retention: {
    ...strict({
      payloadDays: days("After how many days payloads are removed."),
      rowDays: days("After how many days events are deleted, with everything that belongs to them."),
    }),
    description: "How long events are kept; for ever if left out.",
  },
  health: {
    ...HEALTH,
    description: "When destinations count as failing or degraded, in the console, ops, SQL and the metrics.",
  },
  cloudEvents: {
    ...CLOUD_EVENTS,
    description: "Attributes of the CloudEvents made for payloads that were not emitted as CloudEvents.",
  },
  events: {
    type: "object",
    propertyNames: text(limits.MAX_EVENT_KIND_LENGTH, "The kind of an event."),
    additionalProperties: { $ref: "#/definitions/event" },
    description: "The definition of each kind of event: emit checks events, and routes are checked against it.",
  },
  eventDefaults: {
    ...strict({
      kind: {
        ...text(limits.MAX_EVENT_KIND_LENGTH, "The member that names an event's kind."),
        default: DEFAULT_KIND_MEMBER,
      },
      check: { ...CHECK, default: DEFAULT_EVENT_CHECK },
      unknown: {
        ...CHECK,
        default: DEFAULT_UNKNOWN_CHECK,
        description: "What happens to an event whose kind is not defined.",
      },
    }),
    description: "Settings for all kinds of events.",
  },
  indexes: {
    type: "array",
    maxItems: limits.MAX_PAYLOAD_INDEXES,
    uniqueItems: true,
    items: { type: "string", maxLength: MAX_FILTER_PATH, pattern: "^\\$[.\\[]" },
    description:
      "Paths into payloads, such as $.order.id, that get an index to find their values fast among millions of events; eventhub migrate --routing makes the indexes.",
  },
  destinations: {
    type: "object",
    propertyNames: NAME,
    additionalProperties: { $ref: "#/definitions/destination" },
    description: "Declares the names that routes send to; a name that is not declared is a worker.",
  },
  routes: {
    type: "array",
    maxItems: limits.MAX_ROUTES,
    items: { $ref: "#/definitions/route" },
    description: "Every route that matches an event sends it to its destination.",
  },
};

const route: Schema = {
  ...strict(ROUTE, ["destination"]),
  dependencies: { transform: ["name"] },
  defaultSnippets: [
    {
      label: "route",
      description: "events of one kind to one destination",
      body: { name: "$1", condition: { path: "$.kind", exact: "$2" }, destination: "$3" },
    },
  ],
};

/** The JSON Schema of a route configuration. `eventhub routes check` checks what it cannot express (paths, patterns, expressions). */
export function routeSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Routes of cf-eventhub",
    ...strict(CONFIGURATION, ["routes"]),
    definitions: {
      route,
      event: strict(EVENT, ["schema"]),
      condition: CONDITION,
      destination: destination(),
      retryDelay: RETRY_DELAY,
    },
  };
}
