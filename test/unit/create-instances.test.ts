import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MAX_CREATED_INSTANCES } from "../../schema/vocabulary/platform-limits.ts";
import { createInstances } from "../../workers/executor/consume/create-instances.ts";
import type { Group } from "../../workflows/group.ts";

beforeEach(() => {
  vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const groupOf = (n: number): Group => ({
  workflow: "DISPATCH",
  dueAt: 0,
  timeoutSeconds: 30,
  members: [{ id: `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`, generation: 0 }],
});
const groups = (count: number) => Array.from({ length: count }, (_, n) => groupOf(n));

/** A Workflow that accepts or refuses a batch by its groups, and the size of each call. */
function engine(refusal: (batch: readonly Group[]) => string | undefined) {
  const calls: number[] = [];
  const createBatch = async ({ instances }: { instances: { id: string; params: Group }[] }) => {
    calls.push(instances.length);
    const refused = refusal(instances.map(({ params }) => params));
    if (refused !== undefined) throw new Error(refused);
    return { created: instances.map(({ id }) => ({ id })), errors: [] };
  };
  return { workflow: { createBatch } as unknown as Parameters<typeof createInstances>[0], calls };
}

test("after a rate limit no further call is made, and the refused instances are left to their messages", async () => {
  const { workflow, calls } = engine(() => "workflow.rate_limited: Too Many Requests (HTTP 429)");
  const created = await createInstances(workflow, groups(MAX_CREATED_INSTANCES));
  expect(calls).toEqual([MAX_CREATED_INSTANCES]);
  expect(created.map(({ state }) => state)).toEqual(Array(MAX_CREATED_INSTANCES).fill("uncertain"));
});

test("an instance that the engine refuses is found by bisection, and the others are created", async () => {
  const poison = groupOf(2).members[0]?.id;
  const { workflow, calls } = engine((batch) =>
    batch.some(({ members }) => members[0]?.id === poison) ? "instance.invalid_options: not valid" : undefined,
  );
  const created = await createInstances(workflow, groups(8));
  expect(calls).toEqual([8, 4, 2, 2, 1, 1, 4]);
  expect(created.filter(({ state }) => state === "uncertain").map(({ group }) => group.members[0]?.id)).toEqual([
    poison,
  ]);
});

test.each([
  [MAX_CREATED_INSTANCES, [MAX_CREATED_INSTANCES]],
  [MAX_CREATED_INSTANCES + 1, [MAX_CREATED_INSTANCES, 1]],
])("%i instances are created in calls of %j", async (count, expected) => {
  const { workflow, calls } = engine(() => undefined);
  expect(await createInstances(workflow, groups(count))).toHaveLength(count);
  expect(calls).toEqual(expected);
});
