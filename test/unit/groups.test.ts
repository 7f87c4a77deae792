import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  CALLS_BEGIN_MS,
  LEARNED_SIZE_MS,
  MAX_CALLS_IN_FLIGHT,
  MAX_GROUP_SIZE,
} from "../../schema/vocabulary/limits.ts";
import { isSpent, MAX_ENGINE_ATTEMPTS, mostCallsInStep } from "../../workflows/deliver.ts";
import { openFlusher } from "../../workflows/flusher.ts";
import { learnedSizeOf, learnSize } from "../../workflows/learned-sizes.ts";
import { type LeaveCause, openLeaving, type Progress } from "../../workflows/smaller-groups.ts";
import { inWaves } from "../../workflows/waves.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
const passing = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waves of calls that take this many milliseconds each: when each began, how many were in flight at most, and which were left, when and why. */
async function waves(items: number, { takes, refused }: { takes: (n: number) => number; refused?: number }) {
  const startedAt = Date.now();
  const began: number[] = [];
  const left: [number, LeaveCause, readonly number[]][] = [];
  let underWay = 0;
  let most = 0;
  const running = inWaves(
    numbers(items),
    {
      atOnce: MAX_CALLS_IN_FLIGHT,
      beginMs: CALLS_BEGIN_MS,
      onLeft: (indexes, cause) => left.push([Date.now() - startedAt, cause, indexes]),
    },
    async (n) => {
      began.push(Date.now() - startedAt);
      most = Math.max(most, ++underWay);
      await passing(takes(n));
      underWay--;
      return n === refused ? "refused" : "go on";
    },
  );
  await vi.runAllTimersAsync();
  await running;
  return { began, left, most, took: Date.now() - startedAt };
}

describe("a group's calls", () => {
  test("begin sixteen at once, and another one as soon as one ends", async () => {
    const { began, left, most } = await waves(MAX_GROUP_SIZE, { takes: () => 100 });
    expect(most).toBe(16);
    expect(began).toEqual(numbers(MAX_GROUP_SIZE).map((n) => Math.floor(n / 16) * 100));
    expect(left).toEqual([]);
  });

  test("continue beside a call that hangs", async () => {
    const { began, left, took } = await waves(40, { takes: (n) => (n === 0 ? 60_000 : 100) });
    expect(began).toHaveLength(40);
    expect(Math.max(...began)).toBe(200);
    expect(left).toEqual([]);
    expect(took).toBe(60_000);
  });

  test("that get no place for two seconds leave the instance then, not when the calls in flight end", async () => {
    const { began, left, took } = await waves(40, { takes: () => 60_000 });
    expect(began).toEqual(Array(16).fill(0));
    expect(left).toEqual([[CALLS_BEGIN_MS, "slow", numbers(40).slice(16)]]);
    expect(took).toBe(60_000);
  });

  test("leave the instance after a refusal, while calls in flight end normally", async () => {
    const { began, left, took } = await waves(40, { takes: (n) => (n === 3 ? 50 : 1_000), refused: 3 });
    expect(began).toEqual(Array(16).fill(0));
    expect(left).toEqual([[50, "refused", numbers(40).slice(16)]]);
    expect(took).toBe(1_000);
  });

  test("all begin if there are enough places, however long they take and even if one is refused", async () => {
    const { left } = await waves(16, { takes: () => 60_000, refused: 3 });
    expect(left).toEqual([]);
  });
});

describe("what leaves its instance:", () => {
  const member = (id: string) => ({ id, generation: 0 });
  const leaving = (size: number, progress: Progress) => {
    const left: object[] = [];
    const flusher = openLeaving({ instanceId: "one", size, claim: "claim", progress }, async (leave) => {
      left.push(leave);
    });
    return { left, flusher };
  };

  test.each<[LeaveCause, number, number, object]>([
    ["refused", 100, 3, { claim: "claim", limit: 10, learned: 10, words: "No" }],
    ["refused", 100, 31, { claim: "claim", limit: 10, learned: 31, words: "No" }],
    ["refused", 11, 0, { claim: "claim", limit: 10, learned: 10, words: "No" }],
    ["refused", 10, 9, { claim: "claim", limit: 1, words: "No" }],
    ["refused", 2, 0, { claim: "claim", limit: 1, words: "No" }],
    ["slow", 100, 16, { claim: "claim", limit: 16, learned: 16 }],
    ["slow", 100, 47, { claim: "claim", limit: 47, learned: 47 }],
    ["died", 100, 0, {}],
  ])(
    "%s, in a group of %d after %d calls, moves to smaller groups in one statement",
    async (cause, size, calls, rest) => {
      const { left, flusher } = leaving(size, { begun: calls, borne: calls, words: "No" });
      flusher.add({ member: member("a"), cause });
      await vi.advanceTimersByTimeAsync(100);
      flusher.add({ member: member("b"), cause });
      await vi.advanceTimersByTimeAsync(150);
      expect(left).toEqual([{ members: [member("a"), member("b")], cause, ...rest }]);
      expect(await flusher.close()).toEqual([]);
      expect(left).toHaveLength(1);
    },
  );

  test("stays if it cannot be handed over, is tried once more at the end, and is then given back", async () => {
    let tries = 0;
    const flusher = openLeaving(
      { instanceId: "one", size: 100, claim: "claim", progress: { begun: 0, borne: 0 } },
      async () => {
        tries++;
        throw new Error("no database");
      },
    );
    const one = { member: member("a"), cause: "refused" } as const;
    flusher.add(one);
    await vi.advanceTimersByTimeAsync(250);
    expect(tries).toBe(1);
    expect(await flusher.close()).toEqual([one]);
    expect(tries).toBe(2);
  });
});

test("a flusher sends what is added within a quarter of a second together, and sends what failed again with the next", async () => {
  const sent: number[][] = [];
  const flusher = openFlusher<number>(async (items) => {
    sent.push(items);
    return items.filter((n) => n < 0);
  });
  flusher.add(1, 2);
  await vi.advanceTimersByTimeAsync(250);
  flusher.add(-3);
  await vi.advanceTimersByTimeAsync(250);
  flusher.add(4);
  expect(await flusher.close()).toEqual([-3]);
  expect(sent).toEqual([[1, 2], [-3], [-3, 4]]);
});

test("a closed flusher sends no more: what it has given back is its owner's", async () => {
  let sent = 0;
  const flusher = openFlusher<number>(async (items) => {
    sent++;
    return items;
  });
  flusher.add(1);
  expect(await flusher.close()).toEqual([1]);
  await vi.runAllTimersAsync();
  expect(sent).toBe(1);
});

test("a destination's group limit is kept for an hour, and only a lower limit replaces it", () => {
  expect(learnedSizeOf("A", 0)).toBe(Number.POSITIVE_INFINITY);
  expect(learnSize("A", 40, 0)).toBe(true);
  expect(learnSize("A", 40, 1)).toBe(false);
  expect(learnSize("A", 60, 1)).toBe(false);
  expect(learnedSizeOf("A", LEARNED_SIZE_MS - 1)).toBe(40);
  expect(learnedSizeOf("A", LEARNED_SIZE_MS)).toBe(Number.POSITIVE_INFINITY);
  expect(learnSize("A", 16, 1_000)).toBe(true);
  expect(learnedSizeOf("A", LEARNED_SIZE_MS + 999)).toBe(16);
  expect(learnSize("A", 60, LEARNED_SIZE_MS + 1_000)).toBe(true);
  expect(learnedSizeOf("B", 0)).toBe(Number.POSITIVE_INFINITY);
});

test("a step makes at most four calls for each dispatch, and a hundred in all", () => {
  expect([1, 25, 26, 100].map(mostCallsInStep)).toEqual([4, 100, 100, 100]);
});

test("an instance continues while another step stays within 100 attempts and 5,000 calls", () => {
  const spent = (attempt: number, calls: number, members: number) => isSpent({ attempt, calls, members });
  expect([spent(1, 100, 100), spent(49, 4_900, 100), spent(50, 4_901, 100)]).toEqual([false, false, true]);
  expect([spent(99, 396, 1), spent(MAX_ENGINE_ATTEMPTS, 400, 1)]).toEqual([false, true]);
  expect([spent(60, 4_996, 1), spent(60, 4_997, 1)]).toEqual([false, true]);
});
