import { expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { bindingFaults } from "../../workflows/binding-fault.ts";

/** Bindings are recognised by their class. */
class R2Bucket {}
class WorkerQueue {}

const destinations = {
  ARCHIVE: { kind: "r2" },
  JOBS: { kind: "queue" },
  SLOW: { kind: "r2", workflow: "EVENTHUB_WORKFLOW_SLOW" },
  LARGE: { kind: "r2", workflow: ["EVENTHUB_WORKFLOW_LARGE", "EVENTHUB_WORKFLOW_2_LARGE"] },
  HOOK: { kind: "webhook", url: "https://example.com/", secrets: ["HOOK_NEW", "HOOK_OLD"] },
  UNUSED: { kind: "r2" },
} as const;
const routes = (...names: string[]) => names.map((destination) => ({ destination }));

const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const all = {
  DISPATCH: {},
  EVENTHUB_WORKFLOW_SLOW: {},
  ARCHIVE: new R2Bucket(),
  JOBS: new WorkerQueue(),
  SLOW: new R2Bucket(),
  HOOK_NEW: secret,
  HOOK_OLD: secret,
};
const config = parseRouteConfig({ destinations, routes: routes("ARCHIVE", "JOBS", "SLOW", "HOOK", "ARCHIVE") });

test("no fault is found in an executor with every binding that its destinations need", () => {
  expect(bindingFaults(all, config)).toEqual([]);
});

test("a missing binding, a binding of another type, and a missing or invalid secret are faults", () => {
  const { ARCHIVE: _, EVENTHUB_WORKFLOW_SLOW: __, HOOK_OLD: ___, ...some } = all;
  expect(bindingFaults({ ...some, JOBS: new R2Bucket(), HOOK_NEW: "no secret" }, config)).toEqual([
    "the executor has no binding ARCHIVE",
    "the executor's binding JOBS is an R2 bucket, not a Queue",
    "the executor has no binding EVENTHUB_WORKFLOW_SLOW, the Workflow of SLOW",
    expect.stringMatching(/^the secret HOOK_NEW must be /),
    "the executor has no secret HOOK_OLD",
  ]);
});

test("the faults name each of several Workflows that is not bound", () => {
  const large = parseRouteConfig({ destinations, routes: routes("LARGE") });
  expect(bindingFaults({ EVENTHUB_WORKFLOW_LARGE: {}, LARGE: new R2Bucket() }, large)).toEqual([
    "the executor has no binding EVENTHUB_WORKFLOW_2_LARGE, the Workflow of LARGE",
  ]);
});

test("bindings that only disabled routes need, or none, may be missing", () => {
  const unused = parseRouteConfig({ destinations, routes: [{ destination: "ARCHIVE", enabled: false }] });
  expect(bindingFaults({ DISPATCH: {} }, unused)).toEqual([]);
});
