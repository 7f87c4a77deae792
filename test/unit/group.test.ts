import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { type DispatchNotice, enqueue, pack } from "../../schema/queue/messages.ts";
import { GROUP_WINDOW_MS, MAX_GROUP_BYTES, MAX_MESSAGE_BYTES } from "../../schema/vocabulary/limits.ts";
import { MAX_SEND_BATCH_BYTES } from "../../schema/vocabulary/platform-limits.ts";
import { group, Work } from "../../workflows/group.ts";
import { instanceIdOf } from "../../workflows/instance-id.ts";

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const notice = (n: number, values: Partial<DispatchNotice> = {}): DispatchNotice => ({
  id: id(n),
  destination: "A",
  generation: 0,
  dueAt: 1_000,
  bytes: 10,
  timeoutSeconds: 30,
  ...values,
});

test("the parameters of an instance are accepted as we make them, with the shortest timeout too, and nothing else", () => {
  const [made] = group([notice(1, { timeoutSeconds: 1, watched: true })], { workflows: ["DISPATCH"], groupSize: 1 });
  const pull = { workflow: "DISPATCH", destination: "A", waitMs: 0 };
  expect(v.parse(Work, made)).toEqual(made);
  expect(v.parse(Work, pull)).toEqual(pull);
  expect(v.is(Work, { ...made, timeoutSeconds: 0 })).toBe(false);
  expect(v.is(Work, { ...pull, waitMs: Number.NaN })).toBe(false);
});

const sizes = (notices: DispatchNotice[], groupSize = 16) =>
  group(notices, { workflows: ["DISPATCH"], groupSize }).map(({ members }) => members.length);
const many = (count: number, values: Partial<DispatchNotice> = {}) =>
  Array.from({ length: count }, (_, n) => notice(n, values));

describe("a group", () => {
  test("has up to groupSize dispatches, and no more", () => {
    expect(sizes(many(16))).toEqual([16]);
    expect(sizes(many(17))).toEqual([16, 1]);
    expect(sizes(many(3), 1)).toEqual([1, 1, 1]);
    expect(sizes([])).toEqual([]);
  });

  test("has up to 4 MiB of payloads, and a larger dispatch is alone", () => {
    expect(sizes(many(4, { bytes: MAX_GROUP_BYTES / 4 }))).toEqual([4]);
    expect(sizes([...many(4, { bytes: MAX_GROUP_BYTES / 4 }), notice(9, { bytes: 1 })])).toEqual([4, 1]);
    expect(sizes(many(2, { bytes: MAX_GROUP_BYTES + 1 }))).toEqual([1, 1]);
  });

  test("has dispatches that are due within a second of its first", () => {
    expect(sizes([notice(1), notice(2, { dueAt: 1_000 + GROUP_WINDOW_MS })])).toEqual([2]);
    expect(sizes([notice(1), notice(2, { dueAt: 1_001 + GROUP_WINDOW_MS })])).toEqual([1, 1]);
  });

  test("keeps dispatches with a group limit apart, up to that limit; alone in an older message means one", () => {
    expect(sizes([notice(1), notice(2, { limit: 1 }), notice(3)])).toEqual([2, 1]);
    expect(sizes([notice(1), notice(2, { alone: true }), notice(3), notice(4, { alone: true })])).toEqual([2, 1, 1]);
    expect(sizes([...many(25, { limit: 10 }), ...many(3)])).toEqual([10, 10, 5, 3]);
    expect(sizes(many(5, { limit: 10 }), 4)).toEqual([4, 1]);
  });

  test("is due with its first dispatch, and has the longest timeout", () => {
    const [first] = group([notice(1, { dueAt: 1_500, timeoutSeconds: 5 }), notice(2, { timeoutSeconds: 60 })], {
      workflows: ["DISPATCH"],
      groupSize: 16,
    });
    expect(first).toEqual({
      workflow: "DISPATCH",
      dueAt: 1_000,
      timeoutSeconds: 60,
      members: [
        { id: id(2), generation: 0 },
        { id: id(1), generation: 0 },
      ],
    });
  });

  test("says whether the alarm watches any of its members; what was enqueued before says nothing of that", () => {
    const [some] = group([notice(1), notice(2, { watched: true })], { workflows: ["DISPATCH"], groupSize: 16 });
    expect(some?.watched).toBe(true);
    const [none] = group([notice(1)], { workflows: ["DISPATCH"], groupSize: 16 });
    expect(none).not.toHaveProperty("watched");
  });

  test("is assigned to a Workflow by its first member, so that a repeated message gets the same one", () => {
    const workflows = ["A", "B", "C", "D"];
    const grouped = group(many(400), { workflows, groupSize: 1 });
    for (const workflow of workflows) expect(grouped.filter((one) => one.workflow === workflow)).not.toHaveLength(0);
    expect(group(many(400).reverse(), { workflows, groupSize: 1 })).toEqual(grouped);
  });

  test("has an id made of its members in any order, and a different one for another generation", async () => {
    const idOf = (...members: [number, number][]) =>
      instanceIdOf({
        workflow: "",
        dueAt: 0,
        timeoutSeconds: 1,
        members: members.map(([n, generation]) => ({ id: id(n), generation })),
      });
    expect(await idOf([1, 0], [2, 0])).toBe(await idOf([2, 0], [1, 0]));
    expect(await idOf([1, 0])).toMatch(new RegExp(`^${id(1)}-[0-9a-f]{16}$`));
    expect(
      new Set(await Promise.all([idOf([1, 0]), idOf([1, 1]), idOf([1, 0], [2, 0]), idOf([1, 0], [3, 0])])).size,
    ).toBe(4);
  });
});

describe("messages", () => {
  test("have as many notices as their limits allow, in order", () => {
    expect(pack([1, 2, 3, 4], () => 1, 2, 10)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(pack([1, 2, 3], () => 1, 10, 2)).toEqual([[1, 2], [3]]);
    expect(pack([5, 1, 1], (n) => n, 3, 10)).toEqual([[5], [1, 1]]);
    expect(pack([], () => 1, 1, 1)).toEqual([]);
  });

  test("of 10,000 dispatches stay below the platform's limits without losing any", async () => {
    const sent: { body: { dispatches: DispatchNotice[] } }[][] = [];
    await enqueue(
      {
        sendBatch: async (messages) => {
          sent.push(messages);
        },
      },
      many(10_000, { destination: "D".repeat(100) }),
    );
    expect(
      sent
        .flat()
        .flatMap(({ body }) => body.dispatches)
        .map((dispatch) => dispatch.id),
    ).toEqual(many(10_000).map((dispatch) => dispatch.id));
    for (const batch of sent) {
      const bytes = batch.map(({ body }) => JSON.stringify(body).length);
      expect(Math.max(...bytes)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES + 30);
      expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(MAX_SEND_BATCH_BYTES);
      expect(batch.length).toBeLessThanOrEqual(100);
    }
  });
});
