import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarmTimes } from "../../schema/vocabulary/alarm-times.ts";
import { armed, done, looked, MAX_WATCHED, QUIET, ringsAt, rung, watching } from "../../workers/hub/alarm/moments.ts";

const TIMES = alarmTimes(60);

describe("the looks of many isolates", () => {
  /** An emit whose look is at everything, one whose look is at its own dispatches, or the report of the emit so many steps before. */
  type Step = { op: "emit" | "watch" | "done"; before: number; waitSeconds: number };

  /** When the alarm rings, in seconds, if these steps are made one after the other, and each look finds nothing that can be overdue. */
  function rings(steps: readonly Step[]): number[] {
    const rang: number[] = [];
    let moments = QUIET;
    let now = 0;
    const wait = (until: number) => {
      for (let at = ringsAt(moments); at !== null && at <= until; at = ringsAt(moments)) {
        moments = looked(rung(moments, at, "a", TIMES), "a", null);
        rang.push(at / 1_000);
      }
      now = until;
    };
    for (const [n, { op, before, waitSeconds }] of steps.entries()) {
      if (op === "done") moments = done(moments, [String(n - before)], now, TIMES.betweenMs);
      else if (op === "emit") moments = armed(moments, now + TIMES.afterEmitMs);
      else if (moments.watched.length < MAX_WATCHED) moments = watching(moments, now + TIMES.afterEmitMs, [String(n)]);
      wait(now + waitSeconds * 1_000);
    }
    wait(Number.MAX_SAFE_INTEGER);
    return rang;
  }

  const steps = (...ops: Step["op"][]) =>
    fc.array(
      fc.record({
        op: fc.constantFrom(...ops),
        before: fc.integer({ min: 1, max: 5 }),
        waitSeconds: fc.integer({ min: 0, max: 70 }),
      }),
      { maxLength: 60 },
    );

  test("whose reports are lost are as few as those at everything", () => {
    const isolates = (op: Step["op"]) =>
      rings(Array.from({ length: MAX_WATCHED }, () => ({ op, before: 0, waitSeconds: 5 })));
    expect([isolates("watch"), isolates("emit")]).toEqual([
      [90, 155],
      [90, 165],
    ]);
  });

  test("have a minute between them, whether they come early or not", () => {
    fc.assert(
      fc.property(steps("watch", "done"), (made) => {
        const rang = rings(made);
        for (const [n, at] of rang.slice(1).entries()) expect(at - (rang[n] ?? 0)).toBeGreaterThanOrEqual(60);
      }),
    );
  });

  test.each<[string, number, Step["op"][]]>([
    ["at everything", 2, ["emit"]],
    ["of both kinds", 4, ["emit", "watch", "done"]],
  ])("%s are at most %i in 90 s", (_, most, ops) => {
    fc.assert(
      fc.property(steps(...ops), (made) => {
        const rang = rings(made);
        const within = rang.map((from) => rang.filter((at) => at >= from && at < from + 90).length);
        expect(Math.max(0, ...within)).toBeLessThanOrEqual(most);
      }),
    );
  });
});
