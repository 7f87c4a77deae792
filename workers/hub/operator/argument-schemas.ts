import * as v from "valibot";
import { MAX_FILTER_PATH, toPostgresPath } from "../../../schema/payload/postgres-path.ts";
import { type IssueWords, issueText } from "../../../schema/text/issue-text.ts";
import { isLonger, isStorable } from "../../../schema/text/unicode.ts";
import {
  DEFAULT_BULK_ITEMS,
  DEFAULT_LISTED_OPERATIONS,
  DEFAULT_PAGE_ITEMS,
  DEFAULT_PER_SECOND,
} from "../../../schema/vocabulary/defaults.ts";
import type { Taken } from "../../../schema/vocabulary/filter-part.ts";
import {
  type CheckedFilter,
  DISPATCH_FILTERS,
  EVENT_FILTERS,
  FILTERS,
  type FilterName,
} from "../../../schema/vocabulary/filters.ts";
import { ISO_TIME_RULE, isoDate } from "../../../schema/vocabulary/iso-time.ts";
import {
  MAX_ACTOR_LENGTH,
  MAX_DELAY_SECONDS,
  MAX_DESTINATION_NAME_LENGTH,
  MAX_REASON_LENGTH,
  MAX_RETRIES,
  MAX_ROUTE_NAME_LENGTH,
  MAX_TIMEOUT_SECONDS,
} from "../../../schema/vocabulary/limits.ts";
import {
  MAX_BUCKET_SECONDS,
  MAX_BULK_ITEMS,
  MAX_CURSOR_LENGTH,
  MAX_EXPECTED,
  MAX_FILTER_IDS,
  MAX_FILTER_VALUE,
  MAX_NOTE_LENGTH,
  MAX_PAGE_ITEMS,
  MAX_PER_SECOND,
  MAX_TOLD_PLACE,
} from "../../../schema/vocabulary/operator-limits.ts";
import { DISPATCH_STATUSES, OPERATION_ACTIONS } from "../../../schema/vocabulary/statuses.ts";
import { OperatorError } from "./operator-error.ts";

export const text = (max: number, min = 1) =>
  v.pipe(
    v.string(),
    v.minLength(min, "must not be empty"),
    v.check((input) => !isLonger(input, max), `must have at most ${max} characters`),
    v.check(isStorable, "must be text that Postgres can store"),
  );

export const integer = (min: number, max: number) => {
  const message = `must be an integer from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

const MOMENT_FAULT = `must be a Date, ${ISO_TIME_RULE}, from 1970 to 9999`;

export const moment = v.pipe(
  v.union([v.date(), v.string()], MOMENT_FAULT),
  v.transform((value) => (typeof value === "string" ? isoDate(value) : value)),
  v.check((date) => date.getTime() >= 0 && date.getUTCFullYear() < 10_000, MOMENT_FAULT),
);

const id = v.pipe(v.string("must be a UUID"), v.uuid("must be a UUID"), v.toLowerCase());
const ids = v.pipe(
  v.array(id, "must be an array of UUIDs"),
  v.minLength(1, "must not be empty"),
  v.maxLength(MAX_FILTER_IDS, `must have at most ${MAX_FILTER_IDS} ids`),
);

const VALUE_FAULT = `must be text that Postgres can store of at most ${MAX_FILTER_VALUE} characters, a number, true, false or null`;

const payload = v.strictObject({
  path: v.pipe(
    v.string(),
    v.check(
      (path) => toPostgresPath(path) !== undefined,
      `must be a JSONPath of names, indexes and wildcards, such as $.items[*].sku, of at most ${MAX_FILTER_PATH} characters`,
    ),
  ),
  equals: v.union(
    [
      v.pipe(
        v.string(),
        v.check((value) => !isLonger(value, MAX_FILTER_VALUE) && isStorable(value), VALUE_FAULT),
      ),
      v.pipe(v.number(), v.finite(VALUE_FAULT)),
      v.boolean(),
      v.null(),
    ],
    VALUE_FAULT,
  ),
});

const STATUSES = `must be one or several of ${DISPATCH_STATUSES.join(", ")}`;
const status = v.union(
  [
    v.pipe(
      v.picklist(DISPATCH_STATUSES),
      v.transform((one) => [one]),
    ),
    v.pipe(
      v.array(v.picklist(DISPATCH_STATUSES)),
      v.minLength(1),
      v.transform((several) => [...new Set(several)]),
    ),
  ],
  STATUSES,
);

export const boolean = v.boolean("must be true or false");

const CHECKS: {
  readonly [Type in keyof Taken]: (max?: number, min?: number) => v.GenericSchema<unknown, Taken[Type]>;
} = {
  text: (max = 0, min) => text(max, min),
  id: () => id,
  ids: () => ids,
  time: () => moment,
  boolean: () => boolean,
  statuses: () => status,
  payload: () => payload,
};

function filterOf<Name extends FilterName>(names: readonly Name[]): v.GenericSchema<unknown, CheckedFilter<Name>> {
  const entries = names.map((name) => {
    const part: { takes: keyof Taken; max?: number; min?: number } = FILTERS[name];
    return [name, v.exactOptional<v.GenericSchema>(CHECKS[part.takes](part.max, part.min))];
  });
  const schema: v.GenericSchema<unknown, object> = v.strictObject(Object.fromEntries(entries));
  return schema as v.GenericSchema<unknown, CheckedFilter<Name>>;
}

export const Id = id;
export const EventFilterSchema = filterOf(EVENT_FILTERS);
export const DispatchFilterSchema = filterOf(DISPATCH_FILTERS);

export const PageSchema = v.strictObject({
  order: v.optional(v.picklist(["newest", "oldest"], "must be newest or oldest"), "newest"),
  limit: v.optional(integer(1, MAX_PAGE_ITEMS), DEFAULT_PAGE_ITEMS),
  cursor: v.exactOptional(text(MAX_CURSOR_LENGTH)),
  look: v.exactOptional(integer(1, Number.MAX_SAFE_INTEGER)),
  about: v.optional(boolean, false),
});

export const action = { actor: v.exactOptional(text(MAX_ACTOR_LENGTH)), operationId: v.exactOptional(id) };
const bulk = {
  ...action,
  dryRun: v.optional(boolean, false),
  limit: v.optional(integer(1, MAX_BULK_ITEMS), DEFAULT_BULK_ITEMS),
  expected: v.exactOptional(v.strictObject({ dispatches: integer(0, MAX_EXPECTED), exact: boolean })),
};
const RATE = `must be 1 to ${MAX_PER_SECOND.toLocaleString("en")}`;
const perSecond = v.optional(
  v.pipe(v.number(RATE), v.minValue(1, RATE), v.maxValue(MAX_PER_SECOND, RATE)),
  DEFAULT_PER_SECOND,
);
const overrides = {
  maxRetries: v.exactOptional(integer(0, MAX_RETRIES)),
  timeoutSeconds: v.exactOptional(integer(1, MAX_TIMEOUT_SECONDS)),
  delaySeconds: v.optional(integer(0, MAX_DELAY_SECONDS), 0),
};

export const OperationFilterSchema = v.strictObject({
  actor: v.exactOptional(text(MAX_ACTOR_LENGTH)),
  action: v.exactOptional(v.picklist(OPERATION_ACTIONS, `must be one of ${OPERATION_ACTIONS.join(", ")}`)),
  since: v.exactOptional(moment),
  until: v.exactOptional(moment),
});
export const OperationPageSchema = v.strictObject({
  limit: v.optional(integer(1, MAX_PAGE_ITEMS), DEFAULT_LISTED_OPERATIONS),
  after: v.exactOptional(id),
});
export const ActionSchema = v.strictObject(action);
export const RetrySchema = v.strictObject({ ...action, ...overrides });
export const BulkSchema = v.strictObject(bulk);
export const RetryManySchema = v.strictObject({ ...bulk, perSecond });
export const ReplaySchema = v.strictObject({
  ...bulk,
  perSecond,
  routing: v.picklist(["same", "current"], "must be same or current"),
});
export const StatsSchema = v.strictObject({
  since: v.exactOptional(moment),
  bucket: v.exactOptional(
    v.union(
      [v.picklist(["minute", "hour", "day"]), integer(1, MAX_BUCKET_SECONDS)],
      "must be minute, hour, day or a number of seconds",
    ),
  ),
});
export const NameSchema = text(MAX_DESTINATION_NAME_LENGTH);
export const TrafficSchema = v.strictObject({
  ...StatsSchema.entries,
  until: v.exactOptional(moment),
  destination: v.exactOptional(NameSchema),
  route: v.exactOptional(text(MAX_ROUTE_NAME_LENGTH)),
});
export const RouteHealthSchema = v.strictObject({ destination: v.exactOptional(NameSchema) });
export const ProblemsSchema = v.strictObject({
  since: v.exactOptional(moment),
  destination: v.exactOptional(NameSchema),
});
export const ReasonSchema = text(MAX_REASON_LENGTH);
export const NoteSchema = text(MAX_NOTE_LENGTH);

const WORDS: IssueWords = { unknownKey: "is not known", unexpected: ({ expected }) => `must be ${expected}` };

/** Checks one argument. @throws OperatorError `invalid_arguments` with the place and the rule that it breaks */
export function check<TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
  name: string,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = [name, ...(issue.path ?? []).map((item) => String(item.key))].join(".").slice(0, MAX_TOLD_PLACE);
  throw new OperatorError("invalid_arguments", `${place}: ${issueText(issue, WORDS)}`);
}
