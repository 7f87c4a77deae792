/** The structure of a route configuration, and nothing else: the executor reads it, too, and must not contain the matcher's libraries. */

import * as v from "valibot";
import { CloudEventSettings } from "../payload/check-cloud-event.ts";
import { type IssueWords, issueText } from "../text/issue-text.ts";
import { isLonger, isStorable } from "../text/unicode.ts";
import {
  DEFAULT_DELAY_SECONDS,
  DEFAULT_LOST_AFTER_SECONDS,
  DEFAULT_MAX_RETRIES,
  DEFAULT_RETRY_DELAY,
  DEFAULT_TIMEOUT_SECONDS,
} from "../vocabulary/defaults.ts";
import { EVENT_ORIGINS } from "../vocabulary/event-origins.ts";
import {
  MAX_DELAY_SECONDS,
  MAX_RETENTION_DAYS,
  MAX_RETRIES,
  MAX_ROUTE_NAME_LENGTH,
  MAX_ROUTES,
  MAX_TIMEOUT_SECONDS,
  MAX_TRANSFORM_LENGTH,
} from "../vocabulary/limits.ts";
import { integer } from "./bounded-numbers.ts";
import { type Condition, type Inspector, readCondition } from "./conditions.ts";
import {
  DEFAULT_DESTINATION,
  Destination,
  destinationNameFault,
  type WrittenDestination,
} from "./destinations/index.ts";
import {
  type ConfiguredEvent,
  type ConfiguredEventInput,
  ConfiguredEventSchema,
  ConfiguredEvents,
  countFault,
  EventSettings,
  kindFault,
} from "./events.ts";
import { at, Faults, isRecord, type Place, placeName, RouteConfigError, show } from "./faults.ts";
import { addHealthFaults, Health } from "./health.ts";
import { readIndexes } from "./read-indexes.ts";

export type { Comparator, Condition } from "./conditions.ts";
export { RouteConfigError, type RouteConfigFault } from "./faults.ts";

const seconds = integer(0, MAX_DELAY_SECONDS, " (seconds)");
const timeoutSeconds = integer(1, MAX_TIMEOUT_SECONDS, " (seconds)");
const maxRetries = integer(0, MAX_RETRIES);

const ConstantDelay = v.strictObject({ type: v.literal("constant"), interval: seconds });
const ExponentialDelay = v.strictObject({ type: v.literal("exponential"), base: seconds, max: seconds });
const RetryDelay = v.variant("type", [ConstantDelay, ExponentialDelay], ({ received }) => {
  return `must be "constant" or "exponential", got ${received === "undefined" ? "nothing" : received}`;
});

/** The wait before a retry, in seconds: always `interval`, or doubling from `base` up to `max`. */
export type RetryDelay = v.InferOutput<typeof RetryDelay>;

const days = integer(1, MAX_RETENTION_DAYS, " (days)");

/**
 * After how many days payloads are removed, and after how many days events are deleted, with everything that belongs to them. Whatever is left out is
 * kept for ever.
 */
const Retention = v.strictObject({ payloadDays: v.exactOptional(days), rowDays: v.exactOptional(days) });

const Settings = v.object({
  defaultDelaySeconds: v.optional(seconds, DEFAULT_DELAY_SECONDS),
  defaultMaxRetries: v.optional(maxRetries, DEFAULT_MAX_RETRIES),
  defaultRetryDelay: v.optional(RetryDelay, DEFAULT_RETRY_DELAY),
  defaultTimeoutSeconds: v.optional(timeoutSeconds, DEFAULT_TIMEOUT_SECONDS),
  lostAfterSeconds: v.optional(seconds, DEFAULT_LOST_AFTER_SECONDS),
  retention: v.exactOptional(Retention),
  /** When destinations count as failing or degraded; each may have rules of its own. */
  health: v.exactOptional(Health),
  cloudEvents: v.exactOptional(CloudEventSettings),
  /** Settings for all kinds of `events`. */
  eventDefaults: v.exactOptional(EventSettings),
});

const RouteSettings = v.object({
  name: v.optional(
    v.custom<string>(
      (input) =>
        typeof input === "string" && input !== "" && isStorable(input) && !isLonger(input, MAX_ROUTE_NAME_LENGTH),
      ({ input }) =>
        `must be a string of 1 to ${MAX_ROUTE_NAME_LENGTH} characters that Postgres can store, got ${show(input)}`,
    ),
  ),
  enabled: v.optional(
    v.custom<boolean>(
      (input) => typeof input === "boolean",
      ({ input }) => `must be true or false, got ${show(input)}`,
    ),
    true,
  ),
  destination: v.custom<string>(
    (input) => typeof input === "string" && destinationNameFault(input) === undefined,
    ({ input }) =>
      (typeof input === "string" ? destinationNameFault(input) : undefined) ?? `must be a string, got ${show(input)}`,
  ),
  /** Which events the route takes: the hub's own, or those of producers. Default both. */
  from: v.exactOptional(v.picklist(EVENT_ORIGINS, ({ input }) => `must be "hub" or "producers", got ${show(input)}`)),
  delaySeconds: v.exactOptional(seconds),
  maxRetries: v.exactOptional(maxRetries),
  retryDelay: v.exactOptional(RetryDelay),
  timeoutSeconds: v.exactOptional(timeoutSeconds),
  /** JSONata that makes the payload for the destination. A route with a transform needs a `name`. */
  transform: v.exactOptional(
    v.custom<string>(
      (input) => typeof input === "string" && input !== "" && !isLonger(input, MAX_TRANSFORM_LENGTH),
      ({ input }) => `must be a JSONata expression of 1 to ${MAX_TRANSFORM_LENGTH} characters, got ${show(input)}`,
    ),
  ),
});

/** One route as configured, with its own settings only. For the others, the configuration's defaults apply. */
export type Route = v.InferOutput<typeof RouteSettings> & {
  /** If left out, the route matches every event. */
  condition?: Condition;
};

/** A route as written. */
export type RouteInput<Path extends string = string> = v.InferInput<typeof RouteSettings> & {
  condition?: Condition<Path>;
};

/** A configuration after reading, with its defaults. */
export type RouteConfig = v.InferOutput<typeof Settings> & {
  /** By name; has no prototype. */
  destinations: { readonly [name: string]: Destination };
  routes: readonly Route[];
  /** By kind; has no prototype. Missing if the configuration defines none. */
  events?: { readonly [kind: string]: ConfiguredEvent };
  /** Paths into payloads that have an index, which `eventhub migrate` makes. */
  indexes?: readonly string[];
};

/** A configuration as written. */
export type RouteConfigInput = v.InferInput<typeof Settings> & {
  /** The URL of the JSON Schema with which editors complete and check the file. The hub does not read it. */
  $schema?: string;
  destinations?: { readonly [name: string]: WrittenDestination };
  /** The JSON Schema of each kind of event. */
  events?: { readonly [kind: string]: ConfiguredEventInput };
  /** Paths into payloads, such as `$.order.id`, whose values must be found fast. `eventhub migrate --routing` makes an index for each. */
  indexes?: readonly string[];
  routes: readonly RouteInput[];
};

const CONFIG_KEYS: ReadonlySet<string> = new Set([
  ...["$schema", "destinations", "events", "indexes", "routes"],
  ...Object.keys(Settings.entries),
]);
const ROUTE_KEYS: ReadonlySet<string> = new Set([...Object.keys(RouteSettings.entries), "condition"]);

/**
 * Reads the structure of a configuration. Its paths and patterns are left to `compileRoutes`.
 *
 * @throws RouteConfigError with every fault.
 */
export function parseRouteConfig(input: unknown): RouteConfig {
  const faults = new Faults();
  const config = readRouteConfig(input, faults);
  if (config === undefined || faults.list.length > 0) throw new RouteConfigError(faults.list);
  return config;
}

/** Reads as much of a configuration as is valid. Adds everything else to `faults`, and calls `inspect` for every valid comparator. */
export function readRouteConfig(input: unknown, faults: Faults, inspect?: Inspector): RouteConfig | undefined {
  if (!isRecord(input)) {
    faults.add(undefined, `must be an object with routes, got ${show(input)}`);
    return undefined;
  }
  refuseUnknownKeys(input, CONFIG_KEYS, undefined, faults);
  if (Object.hasOwn(input, "$schema") && typeof input.$schema !== "string") {
    faults.add(at(undefined, "$schema"), `must be a string, got ${show(input.$schema)}`);
  }
  const settings = read(Settings, input, undefined, faults);
  const destinations = readDestinations(input.destinations, at(undefined, "destinations"), faults);
  const routes = readRoutes(input.routes, at(undefined, "routes"), faults, inspect);
  const events = readEvents(input.events, at(undefined, "events"), faults);
  const indexes = readIndexes(input.indexes, at(undefined, "indexes"), faults);
  if (settings !== undefined) addHealthFaults({ ...settings, destinations }, faults);
  return settings && { ...settings, destinations, routes, ...(events && { events }), ...(indexes && { indexes }) };
}

function readEvents(input: unknown, place: Place, faults: Faults): RouteConfig["events"] {
  if (input === undefined) return undefined;
  const given = read(ConfiguredEvents, input, place, faults);
  const events: Record<string, ConfiguredEvent> = Object.create(null);
  const excess = countFault(Object.keys(given ?? {}).length);
  if (excess !== undefined) faults.add(place, excess);
  for (const [kind, written] of Object.entries(given ?? {})) {
    const here = at(place, kind);
    const fault = kindFault(kind);
    if (fault !== undefined) faults.add(here, fault);
    const event = read(ConfiguredEventSchema, written, here, faults);
    if (event !== undefined) events[kind] = event;
  }
  return events;
}

function readDestinations(input: unknown, place: Place, faults: Faults): RouteConfig["destinations"] {
  const destinations: Record<string, Destination> = Object.create(null);
  if (input === undefined) return destinations;
  if (!isRecord(input)) {
    faults.add(place, `must be an object of destinations by name, got ${show(input)}`);
    return destinations;
  }
  for (const name of Object.keys(input)) {
    const here = at(place, name);
    const nameFault = destinationNameFault(name);
    if (nameFault !== undefined) faults.add(here, nameFault);
    const destination = read(Destination, input[name], here, faults);
    if (destination !== undefined) destinations[name] = destination;
  }
  return destinations;
}

function readRoutes(input: unknown, place: Place, faults: Faults, inspect: Inspector | undefined): Route[] {
  if (!Array.isArray(input)) {
    faults.add(place, `must be an array of routes, got ${show(input)}`);
    return [];
  }
  if (input.length > MAX_ROUTES) {
    faults.add(place, `must have at most ${MAX_ROUTES} routes, got ${input.length}`);
    return [];
  }
  const names = new Map<string, number>();
  const routes: Route[] = [];
  for (let index = 0; index < input.length; index++) {
    const here = at(place, index);
    const route = readRoute(input[index], here, faults, inspect);
    if (route === undefined) continue;
    // A route without a name is called by its place. If two routes had one name, their dispatches would share a transform.
    const name = route.name ?? placeName(here);
    const taken = names.get(name);
    if (taken === undefined) names.set(name, index);
    else if (route.name !== undefined)
      faults.add(at(here, "name"), `is already the name of routes[${taken}]: ${show(name)}`);
    else faults.add(at(at(place, taken), "name"), `is how ${name} is called, which has no name of its own`);
    routes.push(route);
  }
  return routes;
}

function readRoute(input: unknown, place: Place, faults: Faults, inspect: Inspector | undefined): Route | undefined {
  if (!isRecord(input)) {
    faults.add(place, `must be a route (an object), got ${show(input)}`);
    return undefined;
  }
  refuseUnknownKeys(input, ROUTE_KEYS, place, faults);
  const settings = read(RouteSettings, input, place, faults);
  // By the time of the delivery, the place in the list may belong to another route.
  if (settings?.transform !== undefined && settings.name === undefined) {
    faults.add(at(place, "name"), "is required with a transform: a dispatch finds its route again by its name");
  }
  if (input.condition === undefined) return settings;
  const condition = readCondition(input.condition, at(place, "condition"), faults, inspect);
  return settings && condition && { ...settings, condition };
}

/** Parses a value with a schema and adds the schema's issues as faults. For own properties only: a schema would find inherited ones. */
function read<TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
  place: Place | undefined,
  faults: Faults,
): v.InferOutput<TSchema> | undefined {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const where = (issue.path ?? []).reduce<Place | undefined>(
      (parent, item) => at(parent, item.key as string | number),
      place,
    );
    faults.add(where, issueText(issue, WORDS));
  }
  return undefined;
}

const WORDS: IssueWords = {
  unknownKey: "is not a known key",
  unexpected({ type, expected, input }) {
    // The schema of an object reports a missing key as the key's name in quotes.
    if (type === "object" || type === "strict_object") {
      return expected === "Object" ? `must be an object, got ${show(input)}` : "is required";
    }
    return `must be ${expected ?? "valid"}, got ${show(input)}`;
  },
};

function refuseUnknownKeys(
  input: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
  place: Place | undefined,
  faults: Faults,
): void {
  for (const key of Object.keys(input)) if (!known.has(key)) faults.add(at(place, key), WORDS.unknownKey);
}

/** The source and type of CloudEvents that carry payloads which were not emitted as CloudEvents. */
export const cloudEventOrigin = ({ cloudEvents }: RouteConfig) => cloudEvents ?? v.parse(CloudEventSettings, {});

/** True if a route has this name: its own, or its place in the list. */
export function hasRoute({ routes }: RouteConfig, name: string): boolean {
  return routes.some((route, index) => (route.name ?? `routes[${index}]`) === name);
}

const routedNames = new WeakMap<RouteConfig, ReadonlySet<string>>();

/** The destination with this `name`, as declared. A worker with defaults if only a route names it; `undefined` if nothing does. */
export function destinationOf(config: RouteConfig, name: string): Destination | undefined {
  if (Object.hasOwn(config.destinations, name)) return config.destinations[name];
  let names = routedNames.get(config);
  if (names === undefined) {
    names = new Set(config.routes.map((route) => route.destination));
    routedNames.set(config, names);
  }
  return names.has(name) ? DEFAULT_DESTINATION : undefined;
}
