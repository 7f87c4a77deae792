import type { FilterPart, Taken } from "../../../schema/vocabulary/filter-part.ts";
import { DISPATCH_FILTERS, EVENT_FILTERS, FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";
import { MAX_FILTER_IDS, MAX_PAGE_ITEMS } from "../../../schema/vocabulary/operator-limits.ts";
import { DISPATCH_STATUSES, KEY_WAITS, KEYS_OF, OPERATION_ACTIONS } from "../../../schema/vocabulary/statuses.ts";
import type { ActionName, MethodName } from "../../../workers/hub/operator/operator-methods.ts";
import { defined } from "../ops/given-options.ts";
import { moment } from "../ops/read-times.ts";

/** The JSON Schema of one argument. */
type Schema = Readonly<Record<string, unknown>>;

/** The arguments that an assistant passes. The method that is called checks them. */
export type Given = Readonly<Record<string, unknown>>;

/** A tool: its purpose, its arguments, and the arguments of its method that they become. */
export interface Tool {
  description: string;
  takes: Readonly<Record<string, Schema>>;
  needs?: readonly string[];
  arguments?(given: Given): readonly unknown[];
}

/** The methods that answer a question. They exclude `tick`, which works on what others began, and `tail`, which follows what happens. */
export type ReadingName = Exclude<MethodName, ActionName | "tick" | "tail">;

/** The default number of items that an assistant reads at once. */
const PAGE_ITEMS = 20;

const ID: Schema = { type: "string", format: "uuid" };
const TEXT: Schema = { type: "string" };
const TIME: Schema = {
  type: "string",
  description: "90m, 12h or 7d (ago), or ISO 8601 with its zone",
};
const BUCKET: Schema = {
  description: "minute, hour, day, or seconds; default hour",
  anyOf: [{ enum: ["minute", "hour", "day"] }, { type: "integer" }],
};
const several = (values: readonly string[]): Schema => ({ type: "array", items: { enum: values }, minItems: 1 });

/** The schema of a filter part's value. */
const TAKES: { readonly [Type in keyof Taken]: Schema } = {
  text: TEXT,
  id: ID,
  ids: { type: "array", items: ID, minItems: 1, maxItems: MAX_FILTER_IDS },
  time: TIME,
  boolean: { type: "boolean" },
  statuses: several(DISPATCH_STATUSES),
  payload: {
    type: "object",
    properties: {
      path: { type: "string", description: "such as $.order.id or $.items[*].sku" },
      equals: { description: "text, a number, true, false or null: '17' is not 17" },
    },
    required: ["path", "equals"],
    additionalProperties: false,
  },
};

const PAGE: Readonly<Record<string, Schema>> = {
  order: { enum: ["newest", "oldest"], description: "default newest" },
  limit: { type: "integer", minimum: 1, maximum: MAX_PAGE_ITEMS, description: `default ${PAGE_ITEMS}` },
  cursor: { type: "string", description: "the cursor of the previous page, with the same filter" },
};

function filterSchema(names: readonly FilterName[]): Record<string, Schema> {
  const entries = names.map((name): [string, Schema] => {
    const part: FilterPart<keyof Taken> = FILTERS[name];
    const help = part.options[0]?.[1] ?? part.label;
    const schema = TAKES[part.takes];
    return [name, { ...schema, description: [help, schema.description].filter(Boolean).join("; ") }];
  });
  return Object.fromEntries(entries);
}

/** A time from an assistant, in the form of the terminal. Anything but text is left to the method's check. */
const momentOf = (value: unknown) => (typeof value === "string" ? moment(value) : value);

/** The same arguments, with times in ISO 8601. */
function withTimes(given: Given): Record<string, unknown> {
  const isTime = (name: string) => name === "since" || (Object.hasOwn(FILTERS, name) && takesTime(name as FilterName));
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, isTime(name) ? momentOf(value) : value]),
  );
}

const takesTime = (name: FilterName) => FILTERS[name].takes === "time";

/** A filter and a page, which are side by side in the arguments. */
function listing(given: Given): readonly unknown[] {
  const { order, limit = PAGE_ITEMS, cursor, ...filter } = given;
  return [withTimes(filter), defined({ order, limit, cursor })];
}

const byPlace =
  (name: string) =>
  (given: Given): readonly unknown[] => [given[name]];

/** What an assistant can ask, by the method that answers: everything that operators can read, and no action. */
export const TOOLS: { readonly [Name in ReadingName]: Tool } = {
  problems: {
    description:
      "What is wrong now: dispatches that ended without success and were not retried, by cause; overdue ones; parts that the deployment lacks. Ask this first.",
    takes: { since: { ...TIME, description: `${TIME.description}; default a day ago` }, destination: TEXT },
    arguments: (given) => [withTimes(given)],
  },
  listDispatches: {
    description: "Deliveries of events to destinations, with status and reason. Every part of the filter must hold.",
    takes: { ...filterSchema(DISPATCH_FILTERS), ...PAGE },
    arguments: listing,
  },
  getDispatch: {
    description: "One dispatch with each of its attempts: why it failed, what it waits for, when it is tried again.",
    takes: { id: ID },
    needs: ["id"],
    arguments: byPlace("id"),
  },
  listEvents: {
    description:
      "Events that were emitted. A page without items may have a cursor: then there is more to search; continue with it.",
    takes: { ...filterSchema(EVENT_FILTERS), ...PAGE },
    arguments: listing,
  },
  getEvent: {
    description: "One event with its payload and its dispatches. An event without dispatches matched no route.",
    takes: { id: ID },
    needs: ["id"],
    arguments: byPlace("id"),
  },
  find: {
    description:
      "Where a text stands: as an idempotency key, an indexed value of a payload, a key of limits or of an order, or within reasons. Ask this first for an order's or a customer's number.",
    takes: { text: TEXT },
    needs: ["text"],
    arguments: byPlace("text"),
  },
  stats: {
    description: "Results by time, destination and status, and what is ongoing.",
    takes: { since: TIME, bucket: BUCKET },
    arguments: (given) => [withTimes(given)],
  },
  traffic: {
    description:
      "Events emitted, dispatches ended and how long they took, by time; of all destinations, one, or one of its routes.",
    takes: { since: TIME, until: TIME, bucket: BUCKET, destination: TEXT, route: TEXT },
    arguments: (given) => [withTimes(given)],
  },
  routeHealth: {
    description: "How each route did in the last 24 hours: results, success rate and latency percentiles.",
    takes: { destination: TEXT },
    arguments: (given) => [given],
  },
  deployment: {
    description:
      "What is wrong with the deployment: silent crons, migrations that are behind the code, different configurations, clocks, indexes.",
    takes: {},
  },
  listDestinations: { description: "Every destination, its state and its health.", takes: {} },
  getDestination: {
    description: "One destination with its health.",
    takes: { name: TEXT },
    needs: ["name"],
    arguments: byPlace("name"),
  },
  listPaused: {
    description: "Destinations that are paused, and why; and those that were paused and still drain.",
    takes: {},
  },
  flows: {
    description: "Keys of destinations with limits or an order: how much waits, for what, and what holds an order.",
    takes: {
      of: { enum: KEYS_OF, description: "keys of limits (default) or of an order" },
      destination: TEXT,
      key: TEXT,
      waitingFor: several(KEY_WAITS),
      held: { type: "boolean" },
      order: { enum: ["key", "busiest"] },
      limit: PAGE.limit ?? {},
      cursor: PAGE.cursor ?? {},
    },
    arguments: listing,
  },
  catalogue: {
    description:
      "Every kind of event that is defined or was seen in a sample of the last days: its schema, the routes that take it, how many of the sample (`sample`, `looked`, `since`) are of it.",
    takes: {},
  },
  getConfiguration: { description: "The route configuration of --routing.", takes: {} },
  explain: {
    description: "For every route of --routing, whether it matches a payload, and why.",
    takes: { payload: { type: "object", description: "the event's payload" } },
    needs: ["payload"],
    arguments: byPlace("payload"),
  },
  listOperations: {
    description:
      "What operators did: who, what, when, how far it is; the newest first, what is older than the id `after`.",
    takes: {
      actor: TEXT,
      action: { enum: OPERATION_ACTIONS },
      since: TIME,
      until: TIME,
      limit: { type: "integer", minimum: 1, maximum: MAX_PAGE_ITEMS },
      after: ID,
    },
    arguments: ({ limit = PAGE_ITEMS, after, ...filter }) => [withTimes(filter), defined({ limit, after })],
  },
  getOperation: {
    description: "One operation with all its arguments and its progress.",
    takes: { id: ID },
    needs: ["id"],
    arguments: byPlace("id"),
  },
};

/** The name of a tool: that of its method, in the usual spelling of tools. */
export const toolName = (method: string) => method.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
