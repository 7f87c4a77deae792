import { expect, test } from "vitest";
import { foundText } from "../../../workers/console/pages/deployment/run-text.ts";

test("the work of a run is described in plain words, without the parts that had nothing to do", () => {
  expect(foundText({ routed: 0, operations: 1 })).toBe("went on with 1 operation");
  expect(foundText({ requeued: 3, lost: 1, nudged: 0, drained: 1_200, prunedPayloads: 2, prunedRows: 1 })).toBe(
    "enqueued again 3 dispatches, gave up as lost 1 dispatch, let go after a pause 1,200 dispatches, removed 2 payloads, deleted 1 event",
  );
  expect(foundText({ routed: 0, prunedRows: 0 })).toBe("nothing to do");
  expect(foundText({ failed: "prune, rescue", unbound: [] })).toBe("failed: prune, rescue");
  // A Worker of another version may count something else.
  expect(foundText({ polished: 2 })).toBe("polished 2");
});
