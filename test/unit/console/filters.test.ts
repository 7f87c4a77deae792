import { expect, test } from "vitest";
import { ALL_FILTERS, FILTERS, type FilterName } from "../../../schema/vocabulary/filters.ts";

test("the form of a filter has these labels, and an address these names, which people keep as bookmarks", () => {
  const told = (name: FilterName) => {
    const part: { label: string; field?: string } = FILTERS[name];
    return [part.label, part.field];
  };
  expect(Object.fromEntries(ALL_FILTERS.map((name) => [name, told(name)]))).toEqual({
    since: ["From (UTC)", undefined],
    until: ["To (UTC)", undefined],
    idempotencyKey: ["Idempotency key", "key"],
    traceId: ["Trace id", "trace"],
    payload: ["Payload path", undefined],
    invalid: ["Not as defined", "invalid"],
    matched: ["Matched a route", "matched"],
    status: ["Status", undefined],
    destination: ["Destination", "destination"],
    route: ["Route", "route"],
    key: ["Key of limits or order", "any-key"],
    flowKey: ["Key of limits", "flow-key"],
    orderKey: ["Key of order", "order-key"],
    reason: ["Reason contains", "reason"],
    resultedSince: ["Period is when it", undefined],
    resultedUntil: ["Period is when it", undefined],
    retried: ["Retried manually", "retried"],
    overdue: ["overdue", undefined],
    eventId: ["Event id", "event"],
    operationId: ["Operation id", "operation"],
    ids: ["Ids, as pasted", undefined],
  });
});

test("a destination and a reason are in front, and the other fields behind More filters", () => {
  expect(ALL_FILTERS.filter((name) => "inFront" in FILTERS[name] && FILTERS[name].inFront)).toEqual([
    ...["destination", "reason"],
  ]);
});
