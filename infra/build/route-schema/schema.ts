import type { ConfiguredEvent } from "../../../schema/config/events.ts";
import type { RouteConfigInput, RouteInput } from "../../../schema/config/routes.ts";
import * as defaults from "../../../schema/vocabulary/defaults.ts";
import {
  DEFAULT_EVENT_CHECK,
  DEFAULT_KIND_MEMBER,
  DEFAULT_UNKNOWN_CHECK,
} from "../../../schema/vocabulary/event-checks.ts";
import * as limits from "../../../schema/vocabulary/limits.ts";
import { CONDITION } from "./conditions.ts";
import { destination, NAME } from "./destinations.ts";
import { integer, oneOf, type Schema, text } from "./json-schema.ts";

const seconds = (description: string) => integer(0, limits.MAX_DELAY_SECONDS, `${description}, in seconds.`);
const retryDelay: Schema = { $ref: "#/definitions/retryDelay" };

const strict = (properties: Record<string, Schema>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required: [...required],
  additionalProperties: false,
});

const RETRY_DELAY: Schema = {
  description: "The wait before a retry: always the same, or doubling up to a most, with full jitter.",
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
    "What operators see, and how a dispatch finds its route again: no two routes have one name. A transform needs it.",
  ),
  enabled: { type: "boolean", default: true, description: "False: no event takes this route." },
  destination: { ...NAME, description: "The executor's binding, or a name of `destinations`." },
  from: oneOf(
    { hub: "What the hub emits itself (eventhub.*).", producers: "What producers emit." },
    "Whose events it takes; both if left out.",
  ),
  condition: { $ref: "#/definitions/condition" },
  delaySeconds: seconds("The wait before the first attempt"),
  maxRetries: integer(0, limits.MAX_RETRIES, "Retries after the first attempt."),
  retryDelay,
  timeoutSeconds: integer(1, limits.MAX_TIMEOUT_SECONDS, "The wait for the destination's answer, in seconds."),
  transform: text(
    limits.MAX_TRANSFORM_LENGTH,
    "JSONata that makes the payload which the destination gets, e.g. { 'order': id }. Such a route needs a name.",
  ),
};

const CHECK = oneOf(
  {
    reject: "The call is refused with all faults.",
    warn: "It is stored, marked and delivered.",
    off: "Nobody looks.",
  },
  "What becomes of an event that its schema refuses.",
);

const EVENT: Readonly<Record<keyof ConfiguredEvent, Schema>> = {
  schema: { type: ["object", "boolean"], description: "JSON Schema, draft 2020-12, of the whole payload." },
  description: text(limits.MAX_EVENT_DESCRIPTION_LENGTH, "For people: when it is emitted, and what it means."),
  examples: { type: "array", items: { type: "object" }, description: "Payloads, for people." },
  key: text(
    limits.MAX_EVENT_DESCRIPTION_LENGTH,
    "JSONPath of what names the thing that it is about: a hint for the keys of limits and orders.",
  ),
  version: text(limits.MAX_EVENT_KIND_LENGTH, "Of the schema, for people."),
  check: CHECK,
};

const days = (description: string) => integer(1, limits.MAX_RETENTION_DAYS, description);

const CONFIGURATION: Readonly<Record<keyof RouteConfigInput, Schema>> = {
  $schema: { type: "string", description: "Where this schema is; the hub does not read it." },
  defaultDelaySeconds: {
    ...seconds("For routes that say nothing else: the wait before the first attempt"),
    default: defaults.DEFAULT_DELAY_SECONDS,
  },
  defaultMaxRetries: {
    ...integer(0, limits.MAX_RETRIES, "For routes that say nothing else: retries after the first attempt."),
    default: defaults.DEFAULT_MAX_RETRIES,
  },
  defaultRetryDelay: {
    allOf: [retryDelay],
    default: defaults.DEFAULT_RETRY_DELAY,
    description: "For routes that say nothing else: the wait before a retry.",
  },
  defaultTimeoutSeconds: {
    ...integer(1, limits.MAX_TIMEOUT_SECONDS, "For routes that say nothing else: the wait for an answer, in seconds."),
    default: defaults.DEFAULT_TIMEOUT_SECONDS,
  },
  lostAfterSeconds: {
    ...seconds("How long a dispatch is overdue before it can be lost"),
    default: defaults.DEFAULT_LOST_AFTER_SECONDS,
  },
  retention: {
    ...strict({
      payloadDays: days("After how many days payloads are removed."),
      rowDays: days("After how many days whole events are removed, with all that belongs to them."),
    }),
    description: "How long events are kept; what is left out stays for ever.",
  },
  cloudEvents: {
    ...CLOUD_EVENTS,
    description: "The attributes of CloudEvents that carry payloads which were not emitted as such.",
  },
  events: {
    type: "object",
    propertyNames: text(limits.MAX_EVENT_KIND_LENGTH, "The kind of an event."),
    additionalProperties: { $ref: "#/definitions/event" },
    description: "What each kind of event is like: emit checks it, and routes are checked against it.",
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
        description: "What becomes of an event whose kind is not defined.",
      },
    }),
    description: "What holds for all kinds of events.",
  },
  destinations: {
    type: "object",
    propertyNames: NAME,
    additionalProperties: { $ref: "#/definitions/destination" },
    description: "What the names are that routes send to; one that is not declared is a worker.",
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

/** The JSON Schema of a route configuration. What it cannot say (paths, patterns, expressions) `eventhub routes check` checks. */
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
