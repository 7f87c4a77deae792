import { describe, expect, test } from "vitest";
import type { ExecutionDetail } from "../../../schema/contract/operator.ts";
import { foldAttempts } from "../../../workers/console/pages/dispatches/fold-attempts.ts";
import type { AttemptMoment } from "../../../workers/console/pages/dispatches/timeline-moments.ts";

const BEGAN = Date.UTC(2026, 10, 24);

/** This many attempts, a minute apart, with the reasons that a function gives. */
const attempts = (n: number, reasonOf: (attempt: number) => string = () => "HTTP 503") =>
  Array.from({ length: n }, (_, index): AttemptMoment => {
    const at = new Date(BEGAN + index * 60_000);
    const execution: ExecutionDetail = {
      attempt: index + 1,
      result: "failed",
      reason: reasonOf(index + 1),
      instanceId: "i",
      startedAt: at,
      finishedAt: new Date(at.getTime() + 40),
    };
    return { kind: "attempt", at, execution, waitedMs: 0, tookMs: 40, newInstance: false };
  });

const told = (items: ReturnType<typeof foldAttempts>) =>
  items.map((item) => (item.kind === "fold" ? `${item.from}-${item.to}` : String(item.execution.attempt)));

describe("attempts", () => {
  test("are shown one by one if they are few", () => {
    for (const n of [0, 1, 6, 10]) expect(told(foldAttempts(attempts(n)))).toHaveLength(n);
    expect(told(foldAttempts(attempts(11)))).toEqual(["1", "2", "3", "4-8", "9", "10", "11"]);
  });

  test("are folded into one line between the first and the last if they are many", () => {
    const [fold] = foldAttempts(attempts(3_000)).filter((item) => item.kind === "fold");
    expect(told(foldAttempts(attempts(3_000)))).toEqual(["1", "2", "3", "4-2997", "2998", "2999", "3000"]);
    expect(fold).toMatchObject({
      ends: [{ result: "failed", reason: "HTTP 503", attempts: 2_994 }],
      since: new Date(BEGAN + 3 * 60_000),
      until: new Date(BEGAN + 2_996 * 60_000 + 40),
      instances: 1,
    });
  });

  test("are folded by result if they come in a few sequences, and a single one is shown alone", () => {
    const reasonOf = (n: number) => (n === 50 ? "customer 17 is locked" : n < 50 ? "HTTP 503" : "no answer");
    expect(told(foldAttempts(attempts(100, reasonOf)))).toEqual([
      "1",
      "2",
      "3",
      "4-49",
      "50",
      "51-97",
      "98",
      "99",
      "100",
    ]);
  });

  test("are folded into one line, most frequent result first, if the results alternate", () => {
    const items = foldAttempts(attempts(100, (n) => (n % 3 === 0 ? "a" : "b")));
    expect(told(items)).toEqual(["1", "2", "3", "4-97", "98", "99", "100"]);
    expect(items[3]).toMatchObject({
      ends: [
        { reason: "b", attempts: 63 },
        { reason: "a", attempts: 31 },
      ],
    });
  });

  test("are shown one by one, fifty at a time, if asked for", () => {
    const items = told(foldAttempts(attempts(3_000), 1_500));
    expect(items.slice(0, 5)).toEqual(["1", "2", "3", "4-1499", "1500"]);
    expect(items.slice(-5)).toEqual(["1549", "1550-2997", "2998", "2999", "3000"]);
    expect(told(foldAttempts(attempts(3_000), 9_999))).toHaveLength(7);
  });
});
