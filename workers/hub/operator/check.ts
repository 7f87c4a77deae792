import * as v from "valibot";
import { MAX_FILTER_PATH, toPostgresPath } from "../../../schema/payload/postgres-path.ts";
import { isLonger, isStorable } from "../../../schema/text/unicode.ts";
import { DEFAULT_BULK_ITEMS, DEFAULT_PAGE_ITEMS, DEFAULT_PER_SECOND } from "../../../schema/vocabulary/defaults.ts";
import { ISO_TIME_RULE, isoDate } from "../../../schema/vocabulary/iso-time.ts";
import { DISPATCH_STATUSES } from "../../../schema/vocabulary/statuses.ts";
import { OperatorError } from "./operator-error.ts";

/** Most ids in a filter. */
export const MAX_FILTER_IDS = 1_000;

/** Longest text that a filter looks for in payloads, in characters: it is kept with the operation. */
export const MAX_FILTER_VALUE = 10_000;

/** Longest bucket of counts, in seconds: a year. */
export const MAX_BUCKET_SECONDS = 31_536_000;

/** Most items of a page. */
export const MAX_PAGE_ITEMS = 500;

const text = (max: number) =>
  v.pipe(
    v.string(),
    v.minLength(1, "must not be empty"),
    v.check((input) => !isLonger(input, max), `must have at most ${max} characters`),
    v.check(isStorable, "must be text that Postgres can store"),
  );

const integer = (min: number, max: number) => {
  const message = `must be an integer from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

const MOMENT_FAULT = `must be a Date, ${ISO_TIME_RULE}, from 1970 to 9999`;

const moment = v.pipe(
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

export const Id = id;

export const EventFilterSchema = v.strictObject({
  ids: v.exactOptional(ids),
  since: v.exactOptional(moment),
  until: v.exactOptional(moment),
  idempotencyKey: v.exactOptional(text(255)),
  payload: v.exactOptional(payload),
});

export const DispatchFilterSchema = v.strictObject({
  ...EventFilterSchema.entries,
  eventId: v.exactOptional(id),
  status: v.exactOptional(status),
  destination: v.exactOptional(text(100)),
  route: v.exactOptional(text(100)),
  resultedSince: v.exactOptional(moment),
  resultedUntil: v.exactOptional(moment),
  reason: v.exactOptional(text(1_000)),
  operationId: v.exactOptional(id),
  retried: v.exactOptional(v.boolean("must be true or false")),
  overdue: v.exactOptional(v.boolean("must be true or false")),
});

export const PageSchema = v.strictObject({
  order: v.optional(v.picklist(["newest", "oldest"], "must be newest or oldest"), "newest"),
  limit: v.optional(integer(1, MAX_PAGE_ITEMS), DEFAULT_PAGE_ITEMS),
  cursor: v.exactOptional(text(500)),
});

const action = { actor: v.exactOptional(text(200)), operationId: v.exactOptional(id) };
const bulk = {
  ...action,
  dryRun: v.optional(v.boolean("must be true or false"), false),
  limit: v.optional(integer(1, 10_000_000), DEFAULT_BULK_ITEMS),
};
const RATE = "must be 1 to 10,000";
const perSecond = v.optional(v.pipe(v.number(RATE), v.minValue(1, RATE), v.maxValue(10_000, RATE)), DEFAULT_PER_SECOND);
const overrides = {
  maxRetries: v.exactOptional(integer(0, 1_000)),
  timeoutSeconds: v.exactOptional(integer(1, 600)),
  delaySeconds: v.optional(integer(0, 31_536_000), 0),
};

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
export const NameSchema = text(100);
export const ProblemsSchema = v.strictObject({
  since: v.exactOptional(moment),
  destination: v.exactOptional(NameSchema),
});
export const ReasonSchema = text(1_000);

/** Checks one argument. @throws OperatorError `invalid_arguments` with the place and what it must be */
export function check<TSchema extends v.GenericSchema>(
  schema: TSchema,
  input: unknown,
  name: string,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, input);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = [name, ...(issue.path ?? []).map((item) => String(item.key))].join(".").slice(0, 200);
  const fault =
    issue.expected === "never"
      ? "is not known"
      : issue.message.startsWith("Invalid ")
        ? `must be ${issue.expected}`
        : issue.message;
  throw new OperatorError("invalid_arguments", `${place}: ${fault}`);
}
