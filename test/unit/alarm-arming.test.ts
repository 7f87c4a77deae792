import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NewDispatch } from "../../schema/queries/events/store-events.ts";
import { MAX_WATCHED_DISPATCHES } from "../../schema/vocabulary/alarm-times.ts";
import { watchCommit } from "../../workers/hub/alarm/arming.ts";
import { armForBreaker } from "../../workflows/arm-for-breaker.ts";
import { type AlarmBinding, answerLook, arm } from "../../workflows/call-alarm.ts";

/** Which alarm emit uses to arm a look, and how often. The platform's binding is replaced by one that remembers its calls. */

/** How soon each look was armed, and for which dispatches; `undefined`: for all. */
let armed: number[];
let watched: (readonly string[] | undefined)[];
let answer: () => Promise<void>;
const bindingOf = (): AlarmBinding => ({
  getByName: () => ({
    arm: (inMs: number, dispatches?: readonly string[]) => {
      armed.push(inMs);
      watched.push(dispatches);
      return answer();
    },
    looked: async () => undefined,
  }),
});

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  armed = [];
  watched = [];
  answer = async () => undefined;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const planned = (id: string, values: Partial<NewDispatch> = {}) =>
  ({ id, delaySeconds: 0, deliverAt: undefined, flowKey: null, ...values }) as NewDispatch;
const ONE = [planned("a")];
/** Too many to be watched. */
const MANY = Array.from({ length: MAX_WATCHED_DISPATCHES + 1 }, (_, n) => planned(String(n)));

describe("a call of emit", () => {
  test("in silence arms a look in 90 s at its own dispatches, and the next call arms one at everything, which covers a minute", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    expect(watchCommit(env, ONE).watched).toBe(true);
    await vi.advanceTimersByTimeAsync(59_000);
    const second = watchCommit(env, ONE);
    expect([second.watched, second.begun === undefined]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(watchCommit(env, ONE)).toMatchObject({ begun: undefined, watched: false });
    expect([armed, watched]).toEqual([
      [90_000, 90_000],
      [["a"], undefined],
    ]);
  });

  test("after a minute with traffic arms for all again, and after a minute of silence for its own", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    for (const pauseMs of [0, 1_000, 59_000, 1_000, 30_000, 60_000]) {
      await vi.advanceTimersByTimeAsync(pauseMs);
      await watchCommit(env, ONE).begun;
    }
    expect(watched).toEqual([["a"], undefined, undefined, ["a"]]);
  });

  test.each<[string, NewDispatch[], boolean]>([
    ["as many as may be watched", MANY.slice(1), true],
    ["more", MANY, false],
    ["one with a delay", [planned("a", { delaySeconds: 1 })], false],
    ["one with a time", [planned("a", { deliverAt: new Date(0) })], false],
    ["one that waits for its turn", [planned("a"), planned("b", { flowKey: "" })], false],
  ])("with %s: its look is for its own dispatches only if these are few and soon done", async (_, dispatches, own) => {
    const watch = watchCommit({ EVENTHUB_ALARM: bindingOf() }, dispatches);
    await watch.begun;
    expect([watch.watched, watched]).toEqual([own, [own ? dispatches.map(({ id }) => id) : undefined]]);
  });

  test("whose clock was set back arms for all", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    await watchCommit(env, ONE).begun;
    vi.setSystemTime(Date.now() - 3_600_000);
    await watchCommit(env, ONE).begun;
    expect(watched).toEqual([["a"], undefined]);
  });

  test("to another hub in the same isolate arms that hub's own look", async () => {
    await watchCommit({ EVENTHUB_ALARM: bindingOf() }, MANY).begun;
    await watchCommit({ EVENTHUB_ALARM: bindingOf() }, MANY).begun;
    expect(armed).toHaveLength(2);
  });

  test("that commits late arms a look of its own", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    const [late, prompt] = [watchCommit(env, ONE), watchCommit(env, MANY)];
    await prompt.committed();
    expect(armed).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(31_000);
    await late.committed();
    expect(watched).toEqual([["a"], undefined, undefined]);
  });

  test("waits one second for an alarm that does not answer, and the alarm is asked again two seconds later", async () => {
    const env = { EVENTHUB_ALARM: bindingOf() };
    answer = () => new Promise(() => undefined);
    const { begun } = watchCommit(env, MANY);
    expect(watchCommit(env, MANY).begun).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1_000);
    await begun;
    answer = async () => undefined;
    await vi.advanceTimersByTimeAsync(1_000);
    await watchCommit(env, MANY).begun;
    expect(armed).toHaveLength(2);
    expect(watchCommit(env, MANY).begun).toBeUndefined();
  });

  test("arms an earlier look if the grace is shorter", async () => {
    await watchCommit({ EVENTHUB_ALARM: bindingOf(), RECONCILE_GRACE_SECONDS: "5" }, MANY).begun;
    expect(armed).toEqual([10_000]);
  });

  test.each([[undefined], ["a text"], [null], [{}]])("without an alarm (%o) arms nothing", async (binding) => {
    const watch = watchCommit({ EVENTHUB_ALARM: binding as never }, MANY);
    expect(watch.begun).toBeUndefined();
    await watch.committed();
  });
});

describe("a failure", () => {
  const breaker = { kind: "worker", breaker: { failures: 1, seconds: 60, probeSeconds: 60 } } as never;

  test("at a destination with a breaker arms a look ten seconds ahead, which also covers later failures until then", async () => {
    const alarm = bindingOf();
    await armForBreaker(alarm, breaker, [{ result: "complete" }]);
    await armForBreaker(alarm, { kind: "worker" } as never, [{ result: "failed" }]);
    expect(armed).toEqual([]);
    await armForBreaker(alarm, breaker, [{ result: "complete" }, { result: "failed" }]);
    await armForBreaker(alarm, breaker, [{ result: "failed" }]);
    await vi.advanceTimersByTimeAsync(9_000);
    await armForBreaker(alarm, breaker, [{ result: "failed" }]);
    expect(armed).toEqual([10_000]);
    await vi.advanceTimersByTimeAsync(1_000);
    await armForBreaker(alarm, breaker, [{ result: "failed" }]);
    expect(armed).toEqual([10_000, 10_000]);
  });
});

test("an alarm that cannot be reached is logged with what was asked of it, and fails nobody", async () => {
  const away = () => Promise.reject(new Error("the object is away"));
  const alarm: AlarmBinding = { getByName: () => ({ arm: away, looked: away }) };
  expect(await arm(alarm, 1_000)).toBe(false);
  expect(await answerLook(alarm, { look: null, nextMs: null })).toBe(false);
  const line = (call: string) => [
    JSON.stringify({ event: "alarm.unreachable", call, error: "Error: the object is away" }),
  ];
  expect(vi.mocked(console.warn).mock.calls).toEqual([line("arm"), line("looked")]);
  expect(await arm(bindingOf(), 1_000)).toBe(true);
});
