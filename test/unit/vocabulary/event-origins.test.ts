import { expect, test } from "vitest";
import { EVENT_ORIGINS, hasOwnKind, originOf } from "../../../schema/vocabulary/event-origins.ts";

test("an event belongs to the hub if its kind begins with eventhub., and otherwise to a producer", () => {
  expect(EVENT_ORIGINS).toEqual(["hub", "producers"]);
  const payloads = [{ kind: "eventhub.failed" }, { kind: "eventhub" }, { kind: 1 }, {}];
  expect(payloads.map(hasOwnKind)).toEqual([true, false, false, false]);
  expect(payloads.map(originOf)).toEqual(["hub", "producers", "producers", "producers"]);
});
