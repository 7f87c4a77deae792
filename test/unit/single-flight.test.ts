import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MAX_FLIGHT_MS, singleFlight } from "../../workers/hub/emit/single-flight.ts";

const START = 1_000_000;
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

let name = 0;
/** Turns with a name that no other test uses. */
function turns() {
  const mine = `turns ${name++}`;
  let begun = 0;
  const take = (work: () => Promise<void>) =>
    singleFlight(mine, () => {
      begun++;
      return work();
    });
  return { take, begun: () => begun };
}

const dead = () => new Promise<never>(() => undefined);

test("a call during another returns at once, and the next call after its end works again, even after a failure", async () => {
  const { take, begun } = turns();
  const work = Promise.withResolvers<void>();
  const first = take(() => work.promise);
  await take(async () => undefined);
  expect(begun()).toBe(1);
  work.resolve();
  await first;
  await expect(take(() => Promise.reject(new Error("away")))).rejects.toThrow("away");
  await take(async () => undefined);
  expect(begun()).toBe(3);
});

test("the turn of a request that died expires, but not before the platform would have ended the request", async () => {
  const { take, begun } = turns();
  void take(dead);
  vi.setSystemTime(START + MAX_FLIGHT_MS - 1);
  await take(async () => undefined);
  expect(begun()).toBe(1);
  vi.setSystemTime(START + MAX_FLIGHT_MS);
  await take(async () => undefined);
  expect(begun()).toBe(2);
});

test("a call that ends late does not end another call's turn", async () => {
  const { take, begun } = turns();
  const late = Promise.withResolvers<void>();
  const first = take(() => late.promise);
  vi.setSystemTime(START + MAX_FLIGHT_MS);
  void take(dead);
  late.resolve();
  await first;
  await take(async () => undefined);
  expect(begun()).toBe(2);
});

test("a clock that is set back does not extend a turn", async () => {
  const { take, begun } = turns();
  void take(dead);
  vi.setSystemTime(START - 3_600_000);
  await take(async () => undefined);
  expect(begun()).toBe(2);
});

test("each name has separate turns", async () => {
  const [one, other] = [turns(), turns()];
  void one.take(dead);
  await other.take(async () => undefined);
  expect(other.begun()).toBe(1);
});
