import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { IN_WORKERD, relatedTests, SLOW } from "../../mutation/related.ts";

const none = { integration: false, workerd: false };
const testsOf = (file: string, wanted = none) => relatedTests(file, wanted).map((related) => related.test);

test("the tests that are known by name exist", () => {
  expect([...SLOW, ...IN_WORKERD].filter((path) => !existsSync(path))).toEqual([]);
});

test("a slow test is left out, unless it imports the file itself; one whose name ends alike is not", () => {
  const slow = "test/unit/transform-fuzz.test.ts";
  expect(testsOf("workflows/transform/compile.ts")).toContain(slow);
  expect(testsOf("workflows/transform/meter.ts")).toContain("test/unit/transform.test.ts");
  expect(testsOf("workflows/transform/meter.ts")).not.toContain(slow);
  expect(testsOf("schema/vocabulary/platform-limits.ts")).toContain("test/unit/testing/fake-event-hub.test.ts");
});

test("the tests in workerd are for what an executor imports, and only if they are wanted", () => {
  const wanted = { integration: false, workerd: true };
  const pull = "workflows/flow/pull.ts";
  expect(testsOf(pull, wanted)).toEqual([...testsOf(pull), ...IN_WORKERD]);
  expect(testsOf(pull)).not.toContain(IN_WORKERD[0]);
  const console = "workers/console/format/refresh-seconds.ts";
  expect(testsOf(console, wanted)).toEqual(testsOf(console));
});
