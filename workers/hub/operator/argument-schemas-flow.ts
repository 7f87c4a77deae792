import * as v from "valibot";
import { number, integer as wholeNumber } from "../../../schema/config/bounded-numbers.ts";
import { Rate } from "../../../schema/config/destinations/flow.ts";
import { DEFAULT_PAGE_ITEMS } from "../../../schema/vocabulary/defaults.ts";
import {
  MAX_CONCURRENCY,
  MAX_FLOW_KEY_LENGTH,
  MAX_REASON_LENGTH,
  MAX_WEIGHT,
  MIN_WEIGHT,
} from "../../../schema/vocabulary/limits.ts";
import {
  MAX_FLOW_CURSOR_LENGTH,
  MAX_OVERRIDE_DAYS,
  MAX_PAGE_ITEMS,
} from "../../../schema/vocabulary/operator-limits.ts";
import { KEY_WAITS, KEYS_OF } from "../../../schema/vocabulary/statuses.ts";
import { action, boolean, integer, moment, NameSchema, text } from "./argument-schemas.ts";

/** A key as it is stored with dispatches: the shared key is empty. */
export const KeySchema = text(MAX_FLOW_KEY_LENGTH, 0);

const WAITS = `must be one or several of ${KEY_WAITS.join(", ")}`;
const waitingFor = v.union(
  [
    v.pipe(
      v.picklist(KEY_WAITS),
      v.transform((one) => [one]),
    ),
    v.pipe(v.array(v.picklist(KEY_WAITS)), v.minLength(1)),
  ],
  WAITS,
);

const of = v.exactOptional(v.picklist(KEYS_OF, `must be ${KEYS_OF.join(" or ")}`));

export const FlowFilterSchema = v.strictObject({
  of,
  destination: v.exactOptional(NameSchema),
  key: v.exactOptional(KeySchema),
  waitingFor: v.exactOptional(waitingFor),
  held: v.exactOptional(boolean),
});

export const FlowPageSchema = v.pipe(
  v.strictObject({
    order: v.optional(v.picklist(["key", "busiest"], "must be key or busiest"), "key"),
    limit: v.optional(integer(1, MAX_PAGE_ITEMS), DEFAULT_PAGE_ITEMS),
    cursor: v.exactOptional(text(MAX_FLOW_CURSOR_LENGTH)),
  }),
  v.forward(
    v.partialCheck(
      [["order"], ["cursor"]],
      ({ order, cursor }) => order === "key" || cursor === undefined,
      "works only with the order key: the busiest are one page",
    ),
    ["cursor"],
  ),
);

export const KeyActionSchema = v.strictObject({ ...action, of, reason: v.exactOptional(text(MAX_REASON_LENGTH)) });
export const ResetSchema = v.strictObject({ ...action, key: v.exactOptional(KeySchema) });

const UNTIL = `must be a time in the future, at most ${MAX_OVERRIDE_DAYS} days from now`;

export const FlowSettingSchema = v.pipe(
  v.strictObject({
    key: v.exactOptional(KeySchema),
    rate: v.exactOptional(v.nullable(Rate)),
    concurrency: v.exactOptional(v.nullable(wholeNumber(1, MAX_CONCURRENCY))),
    weight: v.exactOptional(number(MIN_WEIGHT, MAX_WEIGHT)),
    until: v.pipe(
      moment,
      v.check(
        (until) => until.getTime() > Date.now() && until.getTime() <= Date.now() + MAX_OVERRIDE_DAYS * 86_400_000,
        UNTIL,
      ),
    ),
  }),
  v.check(
    ({ rate, concurrency, weight }) => rate !== undefined || concurrency !== undefined || weight !== undefined,
    "must have a rate, a concurrency or, with a key, a weight",
  ),
  v.forward(
    v.partialCheck(
      [["key"], ["weight"]],
      ({ key, weight }) => key !== undefined || weight === undefined,
      "needs a key: only keys take turns",
    ),
    ["weight"],
  ),
);
