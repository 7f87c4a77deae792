import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarmTimes } from "../../schema/vocabulary/alarm.ts";
import { armed, looked, type Moments, QUIET, refused, ringsAt, rung } from "../../workers/hub/alarm/moments.ts";

const WAIT = () => 1_000;
const SOME = { first: 5, last: 9, next: 20, asked: null };

describe("the alarm's moments", () => {
  test("nothing is armed: it never rings", () => {
    expect(ringsAt(QUIET)).toBeNull();
    expect(ringsAt(looked(rung(QUIET, 10, "a", WAIT), "a", null))).toBeNull();
  });

  test("it rings at the first of all", () => {
    expect(ringsAt(SOME)).toBe(5);
    expect(ringsAt({ ...SOME, first: 30, last: 30 })).toBe(20);
    expect(ringsAt({ ...QUIET, asked: { look: "a", unanswered: 0, againAt: 7 } })).toBe(7);
  });

  test("what was armed for after it goes off stays, since an earlier look has not seen it", () => {
    const early = armed(armed(QUIET, 50), 140);
    const after = looked(rung(early, 50, "a", WAIT), "a", null);
    expect(after).toEqual({ first: 140, last: 140, next: null, asked: null });
    expect(ringsAt(looked(rung(after, 140, "b", WAIT), "b", null))).toBeNull();
  });

  test("a look that is armed while another is under way stays", () => {
    const during = armed(rung(armed(QUIET, 50), 50, "a", WAIT), 60);
    expect(ringsAt(looked(during, "a", null))).toBe(60);
  });

  test("a look that knows that nothing can be overdue takes back what the previous look said", () => {
    expect(ringsAt(looked(rung({ ...QUIET, next: 5 }, 4, "a", WAIT), "a", null))).toBeNull();
  });

  test("a look that nobody has asked for, or that was asked for before another, only lowers it", () => {
    expect(looked({ ...QUIET, next: 5 }, null, null).next).toBe(5);
    expect(looked({ ...QUIET, next: 5 }, null, 3).next).toBe(3);
    const asked = rung(rung(QUIET, 1, "a", WAIT), 2, "b", WAIT);
    expect(looked(asked, "a", 7)).toEqual({ ...asked, next: 7 });
  });

  test("a look that is not answered is asked for again, later each time", () => {
    const { answerMs } = alarmTimes(60);
    let moments: Moments = armed(QUIET, 0);
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const now = ringsAt(moments) ?? Number.NaN;
      moments = rung(moments, now, String(tries), answerMs);
      waits.push(((ringsAt(moments) ?? Number.NaN) - now) / 1_000);
    }
    expect(waits).toEqual([120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
    expect(looked(moments, "7", null).asked).toBeNull();
  });

  test("one that goes off again before the answer was due counts no failure", () => {
    const again = rung(armed(rung(armed(QUIET, 0), 0, "a", WAIT), 10), 10, "b", WAIT);
    expect(again.asked).toEqual({ look: "b", unanswered: 0, againAt: 1_010 });
  });

  test("one that the queue refuses is tried again when it is said to be", () => {
    const asked = rung(armed(QUIET, 0), 0, "a", WAIT);
    expect(ringsAt(refused(asked, "a", 60))).toBe(60);
    expect(refused(asked, "another", 60)).toEqual(asked);
  });

  test("whatever happens, each armed moment has a look that was asked for at it or later, and is answered or asked for again", () => {
    const step = fc.oneof(
      fc.record({ op: fc.constant("arm" as const), inMs: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ op: fc.constant("answer" as const), nextMs: fc.option(fc.integer({ min: 1, max: 200 })) }),
      fc.record({ op: fc.constant("answer of before" as const), nextMs: fc.option(fc.integer({ min: 1, max: 200 })) }),
      fc.record({ op: fc.constant("cron" as const), nextMs: fc.option(fc.integer({ min: 1, max: 200 })) }),
      fc.record({ op: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let now = 0;
        let moments = QUIET;
        let looks = 0;
        const open: number[] = [];
        /** The moments for which a look was requested that is not answered yet. */
        const inLook: number[] = [];
        const ring = () => {
          for (let at = ringsAt(moments); at !== null && at <= now; at = ringsAt(moments)) {
            moments = rung(moments, now, String(++looks), WAIT);
            const all = open.splice(0);
            inLook.push(...all.filter((one) => one <= now));
            open.push(...all.filter((one) => one > now));
          }
        };
        for (const one of steps) {
          if (one.op === "arm") {
            open.push(now + one.inMs);
            moments = armed(moments, now + one.inMs);
          } else if (one.op === "wait") {
            now += one.ms;
            ring();
          } else {
            const look = one.op === "cron" ? null : String(one.op === "answer" ? looks : looks - 1);
            if (one.op === "answer") inLook.splice(0);
            moments = looked(moments, look, one.nextMs === null ? null : now + one.nextMs);
          }
          const at = ringsAt(moments);
          // A look at the last of them stands for all.
          if (open.length > 0) expect(at).toBeLessThanOrEqual(Math.max(...open));
          if (inLook.length > 0) expect(moments.asked).not.toBeNull();
        }
        // If nothing more comes, each of them gets its look.
        now += 10_000;
        ring();
        expect(open).toEqual([]);
      }),
    );
  });
});

describe("the alarm's times", () => {
  test("by default: a look 90 s after an event, at most one arming a minute, and what commits later than 30 s arms its own", () => {
    expect(alarmTimes(60)).toMatchObject({
      afterEmitMs: 90_000,
      armedForMs: 60_000,
      lateMs: 30_000,
      betweenMs: 60_000,
    });
  });

  test.each([0, 1, 5, 60, 86_400])(
    "with a grace of %s s: what an armed look stands for is committed before it",
    (grace) => {
      const { afterEmitMs, armedForMs, lateMs, betweenMs } = alarmTimes(grace);
      expect(armedForMs + lateMs).toBeLessThanOrEqual(afterEmitMs);
      expect(afterEmitMs).toBeLessThanOrEqual(90_000);
      expect(betweenMs).toBeGreaterThanOrEqual(1_000);
    },
  );
});
