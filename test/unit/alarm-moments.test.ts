import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alarmTimes, BREAKER_LOOK_SECONDS, SOON_SECONDS } from "../../schema/vocabulary/alarm-times.ts";
import {
  armed,
  done,
  looked,
  MAX_WATCHED,
  type Moments,
  QUIET,
  refused,
  ringsAt,
  rung,
  watching,
} from "../../workers/hub/alarm/moments.ts";

/** The alarm's times in relation to each other as they are by default, but in milliseconds instead of seconds. */
const TIMES = { afterEmitMs: 90, armedForMs: 60, lateMs: 30, betweenMs: 60, answerMs: () => 1_000 };
const SOME: Moments = { ...QUIET, first: 5, last: 9, next: 20 };

describe("the alarm's moments", () => {
  test("the alarm never rings while nothing is armed", () => {
    expect(ringsAt(QUIET)).toBeNull();
    expect(ringsAt(looked(rung(QUIET, 10, "a", TIMES), "a", null))).toBeNull();
  });

  test("the alarm rings at the earliest armed moment", () => {
    expect(ringsAt(SOME)).toBe(5);
    expect(ringsAt({ ...SOME, first: 30, last: 30 })).toBe(20);
    expect(ringsAt({ ...QUIET, asked: { look: "a", unanswered: 0, againAt: 7 } })).toBe(7);
  });

  test("a moment later than the ring stays armed, since the look before it cannot have seen its work", () => {
    const early = armed(armed(QUIET, 50), 140);
    const after = looked(rung(early, 50, "a", TIMES), "a", null);
    expect(after).toEqual({ ...QUIET, first: 140, last: 140, rangAt: 50 });
    expect(ringsAt(looked(rung(after, 140, "b", TIMES), "b", null))).toBeNull();
  });

  test("a look that is armed during another look stays armed", () => {
    const during = armed(rung(armed(QUIET, 50), 50, "a", TIMES), 60);
    expect(ringsAt(looked(during, "a", null))).toBe(60);
  });

  test("a look that finds nothing to come clears the moment that the previous look set", () => {
    expect(ringsAt(looked(rung({ ...QUIET, next: 5 }, 4, "a", TIMES), "a", null))).toBeNull();
  });

  test("a look that was not asked for, or was asked for before another, can only move the next moment earlier", () => {
    expect(looked({ ...QUIET, next: 5 }, null, null).next).toBe(5);
    expect(looked({ ...QUIET, next: 5 }, null, 3).next).toBe(3);
    const asked = rung(rung(QUIET, 1, "a", TIMES), 2, "b", TIMES);
    expect(looked(asked, "a", 7)).toEqual({ ...asked, next: 7 });
  });

  test("an unanswered look is asked for again, after a longer wait each time", () => {
    const times = alarmTimes(60);
    let moments: Moments = armed(QUIET, 0);
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const now = ringsAt(moments) ?? Number.NaN;
      moments = rung(moments, now, String(tries), times);
      waits.push(((ringsAt(moments) ?? Number.NaN) - now) / 1_000);
    }
    expect(waits).toEqual([120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
    expect(looked(moments, "7", null).asked).toBeNull();
  });

  test("with a short grace, the longest wait is short as well", () => {
    const longest = (graceSeconds: number) => alarmTimes(graceSeconds).answerMs(30) / 1_000;
    expect([600, 60, 30, 5, 1, 0].map(longest)).toEqual([3_600, 3_600, 1_800, 300, 60, 60]);
  });

  test("a ring before the answer was due does not count as a failure", () => {
    const again = rung(armed(rung(armed(QUIET, 0), 0, "a", TIMES), 10), 10, "b", TIMES);
    expect(again.asked).toEqual({ look: "b", unanswered: 0, againAt: 1_010 });
  });

  test("a look that the queue refuses is asked for again at the stated time", () => {
    const asked = rung(armed(QUIET, 0), 0, "a", TIMES);
    expect(ringsAt(refused(asked, "a", 60))).toBe(60);
    expect(refused(asked, "another", 60)).toEqual(asked);
  });

  test("in any sequence of calls, each armed moment gets a look at that moment or later, which is answered or asked for again", () => {
    const step = fc.oneof(
      fc.record({ op: fc.constant("arm" as const), inMs: fc.integer({ min: 0, max: 100 }) }),
      fc.record({
        op: fc.constant("watch" as const),
        many: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ op: fc.constant("done" as const), nth: fc.nat(60), many: fc.integer({ min: 1, max: 3 }) }),
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
        let dispatches = 0;
        /** A look is needed at this moment or later, and comes at the other at the latest, unless another is armed for later. */
        let open: { from: number; by: number }[] = [];
        let watched: { at: number; committedBy: number; left: Set<string> }[] = [];
        /** The moments for which a look was requested that is not answered yet. */
        const inLook: number[] = [];
        const ring = () => {
          for (let at = ringsAt(moments); at !== null && at <= now; at = ringsAt(moments)) {
            moments = rung(moments, now, String(++looks), TIMES);
            const covered = watched.filter(({ committedBy }) => committedBy <= now);
            open.push(...covered.map(({ at, committedBy }) => ({ from: committedBy, by: at })));
            watched = watched.filter(({ committedBy }) => committedBy > now);
            inLook.push(...open.filter(({ from }) => from <= now).map(({ from }) => from));
            open = open.filter(({ from }) => from > now);
          }
        };
        for (const one of steps) {
          if (one.op === "arm") {
            open.push({ from: now + one.inMs, by: now + one.inMs });
            moments = armed(moments, now + one.inMs);
          } else if (one.op === "watch") {
            const ids = Array.from({ length: one.many }, () => String(dispatches++));
            const at = now + TIMES.afterEmitMs;
            // What takes longer to commit arms a look of its own.
            const committedBy = now + TIMES.lateMs;
            if (watched.length < MAX_WATCHED) watched.push({ at, committedBy, left: new Set(ids) });
            else open.push({ from: at, by: at });
            moments = watching(moments, at, ids);
          } else if (one.op === "done") {
            const ids = Array.from({ length: one.many }, (_, n) => String(one.nth + n));
            for (const { left } of watched) for (const id of ids) left.delete(id);
            for (const { at, left } of watched) if (left.size === 0) open.push({ from: now, by: at });
            watched = watched.filter(({ left }) => left.size > 0);
            moments = done(moments, ids, now, TIMES.betweenMs);
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
          const latest = [...open.map(({ by }) => by), ...watched.map((one) => one.at)];
          if (latest.length > 0) expect(at).toBeLessThanOrEqual(Math.max(...latest));
          for (const { at: due } of watched) expect(at).toBeLessThanOrEqual(due);
          if (inLook.length > 0) expect(moments.asked).not.toBeNull();
        }
        // If nothing more comes, each of them gets its look.
        now += 10_000;
        ring();
        expect([open, watched]).toEqual([[], []]);
      }),
    );
  });
});

describe("a look at some dispatches", () => {
  const WATCHED = watching({ ...QUIET, rangAt: -1_000 }, 90, ["a", "b", "c"]);

  test("comes at its moment if they are not done until then", () => {
    const some = done(WATCHED, ["a", "c"], 5, TIMES.betweenMs);
    expect(some.watched).toEqual([{ at: 90, dispatches: ["b"] }]);
    expect(ringsAt(some)).toBe(90);
    const after = rung(some, 90, "a", TIMES);
    expect([after.watched, after.asked?.look, after.rangAt]).toEqual([[], "a", 90]);
  });

  test("comes at once when all of them are done, and nothing is armed after it", () => {
    const all = done(done(WATCHED, ["a", "b"], 5, TIMES.betweenMs), ["b", "c"], 6, TIMES.betweenMs);
    expect(ringsAt(all)).toBe(6);
    expect(looked(rung(all, 6, "a", TIMES), "a", null)).toEqual({ ...QUIET, rangAt: 6 });
  });

  test("comes at least so long after the last ring, but not later than at its moment", () => {
    expect(ringsAt(done({ ...WATCHED, rangAt: 1 }, ["a", "b", "c"], 5, TIMES.betweenMs))).toBe(61);
    expect(ringsAt(done({ ...WATCHED, rangAt: 80 }, ["a", "b", "c"], 85, TIMES.betweenMs))).toBe(90);
    expect(ringsAt(done({ ...WATCHED, rangAt: 9_000 }, ["a", "b", "c"], 85, TIMES.betweenMs))).toBe(90);
  });

  test("is left out when another one is armed for later, which sees the same", () => {
    expect(done(armed(WATCHED, 40), ["a", "b", "c"], 5, TIMES.betweenMs)).toEqual({
      ...QUIET,
      rangAt: -1_000,
      first: 40,
      last: 40,
    });
    expect(ringsAt(done({ ...WATCHED, first: 3, last: 3 }, ["a", "b", "c"], 5, TIMES.betweenMs))).toBe(3);
  });

  test("stays when an earlier look is made which may not have seen them, and not when one is made that sees them", () => {
    // The call of emit began at 0, and commits until 30.
    expect(rung(armed(WATCHED, 29), 29, "a", TIMES).watched).toEqual(WATCHED.watched);
    expect(rung(armed(WATCHED, 30), 30, "a", TIMES).watched).toEqual([]);
  });

  test("is not touched by what nobody watches, or was done before", () => {
    expect(done(WATCHED, ["d"], 5, TIMES.betweenMs)).toBe(WATCHED);
    const some = done(WATCHED, ["a"], 5, TIMES.betweenMs);
    expect(done(some, ["a"], 6, TIMES.betweenMs)).toBe(some);
    expect(done(QUIET, ["a"], 5, TIMES.betweenMs)).toBe(QUIET);
  });

  test("is one at all dispatches if there are already as many of them as are kept", () => {
    let moments = QUIET;
    for (let n = 0; n < MAX_WATCHED; n++) moments = watching(moments, 90, [String(n)]);
    expect([moments.watched.length, moments.first]).toEqual([MAX_WATCHED, null]);
    expect(watching(moments, 95, ["more"])).toEqual({ ...moments, first: 95, last: 95 });
  });
});

describe("the alarm's times", () => {
  /** What the alarm waits for, in seconds: after an event, for another arming, for a late commit, between looks, and for an answer. */
  const secondsOf = (grace: number) => {
    const { afterEmitMs, armedForMs, lateMs, betweenMs, answerMs } = alarmTimes(grace);
    return [afterEmitMs, armedForMs, lateMs, betweenMs, answerMs(0)].map((ms) => ms / 1_000);
  };

  test.each([
    ["default to a look 90 s after an event, and at most one arming and one look a minute", 60, [90, 60, 30, 60, 120]],
    ["are never longer than by default", 86_400, [90, 60, 30, 60, 120]],
    ["are short in the local stack", 5, [10, 5, 5, 5, 10]],
    ["are a second without a grace", 0, [2, 1, 1, 1, 2]],
  ])("%s", (_, grace, expected) => {
    expect(secondsOf(grace)).toEqual(expected);
  });

  test("the wait for an answer grows to an hour at most, and with a short grace to sixty graces", () => {
    expect([5, 6, 1_000].map((unanswered) => alarmTimes(60).answerMs(unanswered))).toEqual(Array(3).fill(3_600_000));
    expect(alarmTimes(5).answerMs(1_000)).toBe(300_000);
  });

  test("a look comes a second after an operator's action, and ten seconds after a failure that a breaker counts", () => {
    expect([SOON_SECONDS, BREAKER_LOOK_SECONDS]).toEqual([1, 10]);
  });

  test.each([0, 1, 5, 60, 86_400])(
    "with a grace of %s s, everything that an armed look covers is committed before it",
    (grace) => {
      const { afterEmitMs, armedForMs, lateMs, betweenMs } = alarmTimes(grace);
      expect(armedForMs + lateMs).toBeLessThanOrEqual(afterEmitMs);
      expect(afterEmitMs).toBeLessThanOrEqual(90_000);
      expect(betweenMs).toBeGreaterThanOrEqual(1_000);
    },
  );
});
