import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { EmitOptions, EmitResult } from "../../schema/contract/index.ts";
import { alarmTimes } from "../../schema/vocabulary/alarm-times.ts";
import { DEFAULT_GRACE_SECONDS } from "../../schema/vocabulary/defaults.ts";
import { QUIET, type Watched } from "../../workers/hub/alarm/moments.ts";
import { eventually, type System, startSystem } from "../support/system.ts";
import type { AlarmState } from "../workers/faulty/alarm-state.ts";

/**
 * A hub with its alarm and the default times: a look comes 90 s after an event, unless the event is done before. The tests wait for no such look, but
 * read what the alarm holds.
 */

const { betweenMs } = alarmTimes(DEFAULT_GRACE_SECONDS);
/** Less than the time to a look that nothing brings forward. */
const SOON_MS = 60_000;

let system: System;
beforeAll(async () => {
  system = await startSystem({ faulty: true, alarm: true, graceSeconds: DEFAULT_GRACE_SECONDS });
});
afterAll(() => system?.stop());
afterEach(async () => {
  await system.faults.clear();
});

/** Emits in an isolate that has been silent. */
const emit = async (payload: object, options?: EmitOptions) =>
  (await system.callHub("emitElsewhere", payload, ...(options === undefined ? [] : [options]))) as EmitResult;
const idsOf = ({ events }: EmitResult) => events.flatMap(({ dispatches }) => dispatches.map(({ id }) => id));
const alarm = async () => (await system.callHub("alarmState")) as AlarmState;
/** Waits until the alarm holds something. */
const held = (so: (state: AlarmState) => boolean, what: string): Promise<AlarmState> =>
  eventually(
    async () => {
      const state = await alarm();
      return so(state) ? state : undefined;
    },
    what,
    SOON_MS,
  );
/** The look that is armed for a dispatch and perhaps others. */
const lookAt = ({ moments }: AlarmState, id: string | undefined): Watched | undefined =>
  moments?.watched.find(({ dispatches }) => dispatches.includes(id ?? ""));

test("an event is looked at as soon as its dispatches are final, and then nothing is armed: nobody asks the database again", async () => {
  const { events } = await emit({ to: "both" });
  const event = events[0]?.id ?? "";
  expect((await system.settled(event)).map(({ status }) => status)).toEqual(["complete", "complete"]);
  const { moments } = await held((state) => state.ringsAt === null, "the alarm holds nothing");
  expect(moments).toEqual({ ...QUIET, rangAt: expect.any(Number) });
  expect(
    await system.database.query(
      `select h.next_at, h.at > (select max(resulted_at) from eventhub.dispatches where event_id = $1) as after
       from eventhub.heartbeats h where h.name = 'executor'`,
      [event],
    ),
  ).toEqual([{ next_at: null, after: true }]);
});

test("an event in the minute after a look is looked at when the minute is over", async () => {
  const emitted = await emit({ to: "SINGLE" });
  await system.settledEach(emitted.events);
  const { moments, ringsAt } = await held((state) => state.moments?.last !== null, "its look is brought forward");
  expect([moments?.watched, ringsAt]).toEqual([[], (moments?.rangAt ?? 0) + betweenMs]);
});

test("one that waits for a retry keeps its look, though the others of its call are final", async () => {
  const retried = { to: "SINGLE", script: [{ return: { result: "failed", retryAfterSeconds: 3_600 } }] };
  const emitted = await emit([{ to: "both" }, retried]);
  const last = idsOf(emitted).at(-1) ?? "";
  await held((state) => lookAt(state, last)?.dispatches.length === 1, "only that one is left");
  await eventually(
    async () => ((await system.executions(last)).length === 1 ? true : undefined),
    "its failure is recorded",
  );
  expect(lookAt(await alarm(), last)?.dispatches).toEqual([last]);
});

test("one whose message the queue has lost keeps its look", async () => {
  await system.faults.plan({ place: "queue.send", fault: "drop" });
  const [id] = idsOf(await emit({ to: "SINGLE" }));
  await system.faults.happened("drop");
  expect(lookAt(await alarm(), id)).toBeDefined();
});

test("a report that is lost keeps the look", async () => {
  await system.faults.plan({ place: "alarm.done", fault: "lose" });
  const emitted = await emit({ to: "SINGLE" });
  await system.faults.happened("lose");
  await system.settledEach(emitted.events);
  expect(lookAt(await alarm(), idsOf(emitted)[0])).toBeDefined();
});

test("a repeat of an event, by its key, keeps the look at what it did not store", async () => {
  const key = { idempotencyKey: "once" };
  const first = await emit({ to: "SINGLE" }, key);
  await system.settledEach(first.events);
  await held((state) => lookAt(state, idsOf(first)[0]) === undefined, "the first is done");
  const { moments: before } = await alarm();
  const repeated = await emit({ to: "SINGLE" }, key);
  expect(repeated.events.map(({ duplicate }) => duplicate)).toEqual([true]);
  const known = new Set(before?.watched.flatMap(({ dispatches }) => dispatches));
  const added = (await alarm()).moments?.watched.filter(({ dispatches }) => !dispatches.some((id) => known.has(id)));
  expect(added).toHaveLength(1);
});

test("a second event in the minute arms a look at all, which nobody brings forward", async () => {
  await system.emit({ to: "SINGLE" });
  const { moments: before } = await alarm();
  const emitted = await system.emit({ to: "SINGLE" });
  const armed = await alarm();
  expect(armed.moments?.last).toBeGreaterThan(before?.last ?? 0);
  expect(lookAt(armed, idsOf(emitted)[0])).toBeUndefined();
  await system.settledEach(emitted.events);
  expect((await alarm()).moments?.last).toBe(armed.moments?.last);
});
