import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watchCommit } from "../../workers/hub/alarm/arming.ts";
import type { AlarmBinding } from "../../workflows/alarm.ts";
import { armForBreaker } from "../../workflows/arm-for-breaker.ts";

/** Which alarm emit uses to arm a look, and how often. The platform's binding is replaced by one that remembers its calls. */

let armed: number[];
let answer: () => Promise<void>;
const bindingOf = (): AlarmBinding => ({
  getByName: () => ({
    arm: (inMs: number) => {
      armed.push(inMs);
      return answer();
    },
    looked: async () => undefined,
  }),
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  armed = [];
  answer = async () => undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("a call of emit", () => {
  test("arms a look in 90 s, and for a minute no other call of the isolate does", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    await watchCommit(env).begun;
    await vi.advanceTimersByTimeAsync(59_000);
    expect(watchCommit(env).begun).toBeUndefined();
    expect(armed).toEqual([90_000]);
    await vi.advanceTimersByTimeAsync(1_000);
    await watchCommit(env).begun;
    expect(armed).toEqual([90_000, 90_000]);
  });

  test("of another hub in the same isolate arms its own", async () => {
    await watchCommit({ EVENTHUB_ALARM: bindingOf() }).begun;
    await watchCommit({ EVENTHUB_ALARM: bindingOf() }).begun;
    expect(armed).toHaveLength(2);
  });

  test("that committed late arms a look of its own", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    const [prompt, late] = [watchCommit(env), watchCommit(env)];
    await prompt.committed();
    expect(armed).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(31_000);
    await late.committed();
    expect(armed).toHaveLength(2);
  });

  test("whose alarm does not answer waits a second for it, and the next but two seconds later asks again", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    answer = () => new Promise(() => undefined);
    const { begun } = watchCommit(env);
    expect(watchCommit(env).begun).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_000);
    await begun;
    answer = async () => undefined;
    await vi.advanceTimersByTimeAsync(1_000);
    await watchCommit(env).begun;
    expect(armed).toHaveLength(2);
    expect(watchCommit(env).begun).toBeUndefined();
  });

  test("follows a shorter grace", async () => {
    await watchCommit({ EVENTHUB_ALARM: bindingOf(), RECONCILE_GRACE_SECONDS: "5" }).begun;
    expect(armed).toEqual([10_000]);
  });

  test.each([[undefined], ["a text"], [null], [{}]])("without an alarm (%o) arms nothing", async (binding) => {
    const watch = watchCommit({ EVENTHUB_ALARM: binding as never });
    expect(watch.begun).toBeUndefined();
    await watch.committed();
  });
});

describe("a failure", () => {
  const breaker = { kind: "worker", breaker: { failures: 1, seconds: 60, probeSeconds: 60 } } as never;

  test("of a destination with a breaker arms a look in ten seconds, which stands for those until then", async () => {
    const alarm = bindingOf();
    await armForBreaker(alarm, breaker, [{ result: "complete" }]);
    await armForBreaker(alarm, { kind: "worker" } as never, [{ result: "failed" }]);
    expect(armed).toEqual([]);
    await armForBreaker(alarm, breaker, [{ result: "complete" }, { result: "failed" }]);
    await vi.advanceTimersByTimeAsync(9_000);
    await armForBreaker(alarm, breaker, [{ result: "failed" }]);
    expect(armed).toEqual([10_000]);
    await vi.advanceTimersByTimeAsync(1_000);
    await armForBreaker(alarm, breaker, [{ result: "failed" }]);
    expect(armed).toEqual([10_000, 10_000]);
  });
});
