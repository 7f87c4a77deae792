import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { alarmTimes } from "../../schema/vocabulary/alarm-times.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** A hub with its alarm and without any cron: nothing reconciles or ticks here unless the alarm goes off. */

const GRACE = 1;
const { afterEmitMs } = alarmTimes(GRACE);

let system: System;
beforeAll(async () => {
  system = await startSystem({ faulty: true, alarm: true, graceSeconds: GRACE });
});
afterAll(() => system?.stop());
afterEach(async () => {
  await system.faults.clear();
});

async function emit(payload: object = { to: "SCRIPTED" }): Promise<string> {
  const { events } = await system.emit(payload);
  return events[0]?.id ?? "";
}
const statusesOf = async (eventId: string) => (await system.settled(eventId)).map(({ status }) => status);

/** Waits until nobody has queried the database for twice the longest time to an armed look. */
async function asleep(): Promise<number> {
  let last = { requests: -1, at: 0 };
  return eventually(async () => {
    const requests = await system.database.requests();
    if (requests !== last.requests) last = { requests, at: Date.now() };
    return Date.now() - last.at > 2 * afterEmitMs ? requests : undefined;
  }, "nobody asks the database any more");
}

describe("what is lost on its way is found by the look that emit has armed", () => {
  test("when the queue has dropped the message", async () => {
    await system.faults.plan({ place: "queue.send", fault: "drop" });
    expect(await statusesOf(await emit())).toEqual(["complete"]);
    await system.faults.happened("drop");
  });

  test("when the queue refuses everything, once it does so no more", async () => {
    await system.faults.plan({ place: "queue.send", fault: "refuse", times: 3 });
    const event = await emit();
    await system.faults.happened("refuse", 3);
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("when the look's own message is lost, too", async () => {
    await system.faults.plan({ place: "queue.send", fault: "drop", times: 2 });
    const event = await emit();
    await system.faults.happened("drop", 2);
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("when the isolate has died after the commit: nobody got an answer, and nothing was enqueued", async () => {
    await system.faults.plan({ place: "database", fault: "cut after", times: 5, about: "nobody heard" });
    await expect(system.emit({ to: "SCRIPTED", what: "nobody heard" })).rejects.toThrow("[unavailable]");
    const [row] = await system.database.query<{ id: string }>(
      "select id from eventhub.events where payload->>'what' = 'nobody heard'",
    );
    await system.faults.clear();
    expect(await statusesOf(row?.id ?? "")).toEqual(["complete"]);
  });

  test("when the database was away for the look: it is asked for again", async () => {
    await system.faults.plan({ place: "queue.send", fault: "drop" });
    const event = await emit();
    await system.faults.happened("drop");
    await system.faults.plan({ place: "database", fault: "refuse", times: 15 });
    await system.faults.happened("refuse", 15);
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("when its Workflow instance was never made", async () => {
    await system.faults.plan({ place: "queue.consume", fault: "lose" });
    const event = await emit();
    await system.faults.happened("lose");
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("for a destination with limits", async () => {
    await system.faults.plan({ place: "queue.send", fault: "drop" });
    const event = await emit({ to: "RATED" });
    await system.faults.happened("drop");
    expect(await statusesOf(event)).toEqual(["complete"]);
  });
});

test("what an alarm has forgotten is found by the backstop, and nobody asks the database before", async () => {
  await asleep();
  await system.faults.plan({ place: "alarm", fault: "lose", times: 100 });
  await system.faults.plan({ place: "queue.send", fault: "drop" });
  const event = await emit();
  await system.faults.happened("lose");
  await system.faults.happened("drop");
  await asleep();
  expect((await system.dispatches(event)).map(({ status, attempts }) => [status, attempts])).toEqual([["ongoing", 0]]);
  await system.faults.clear();
  await system.reconcile();
  expect(await statusesOf(event)).toEqual(["complete"]);
});

describe("silence", () => {
  test("after the last record there is a look, which arms no other; then nobody asks the database", async () => {
    const event = await emit();
    expect(await statusesOf(event)).toEqual(["complete"]);
    await asleep();
    expect(
      await system.database.query(
        `select h.next_at from eventhub.heartbeats h, eventhub.dispatches d
         where h.name = 'executor' and d.event_id = $1 and h.at > d.resulted_at`,
        [event],
      ),
    ).toEqual([{ next_at: null }]);
  });

  test("while a dispatch waits for its time nobody asks either, and the next look is armed for a grace after it", async () => {
    const { events } = await system.emit({ to: "SCRIPTED" }, { delaySeconds: 3_600 });
    await asleep();
    const [row] = await system.database.query<{ s: number }>(
      `select extract(epoch from h.next_at - d.next_attempt_at)::float8 as s from eventhub.heartbeats h, eventhub.dispatches d
       where h.name = 'executor' and d.event_id = $1`,
      [events[0]?.id],
    );
    expect(Math.round(row?.s ?? 0)).toBe(GRACE);
    await system.operate("cancelDispatch", events[0]?.dispatches[0]?.id);
  });

  test("an event that no route takes wakes nobody", async () => {
    const requests = await asleep();
    await emit({ to: "nobody" });
    // There is no event for silence to wait for.
    await sleep(2 * afterEmitMs);
    expect(await system.database.requests()).toBe(requests + 1);
  });
});

describe("what the hub's cron did", () => {
  const inSql = async () => {
    const [row] = await system.database.query<{ id: string }>(`select eventhub.emit('{"to":"SCRIPTED"}') as id`);
    return row?.id ?? "";
  };
  const routed = (event: string) =>
    eventually(async () => ((await system.dispatches(event)).length > 0 ? true : undefined), "it is routed");

  test("what was emitted in SQL is routed at once by a poke", async () => {
    await asleep();
    const event = await inSql();
    await system.callHub("poke");
    expect(await system.dispatches(event)).toHaveLength(1);
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("or when the alarm rings next", async () => {
    // After the call, which would route it itself. Its message is lost, so the alarm rings only later.
    await system.faults.plan({ place: "queue.send", fault: "drop" });
    await emit();
    const event = await inSql();
    await routed(event);
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("and what that has made is looked after, though its message was lost", async () => {
    await asleep();
    const event = await inSql();
    await system.faults.plan({ place: "queue.send", fault: "drop" });
    await system.callHub("poke");
    await system.faults.happened("drop");
    expect(await statusesOf(event)).toEqual(["complete"]);
  });

  test("bulk work that was left half-way is gone on with", async () => {
    const [row] = await system.database.query<{ id: string }>(
      `insert into eventhub.operations (id, actor, action, arguments, updated_at)
       values (eventhub.new_id(), 'ada', 'cancel_dispatches', '{"filter":{"status":["ongoing"],"destination":"NOBODY"},"limit":10}', now() - interval '1 minute') returning id`,
    );
    await emit();
    await eventually(async () => {
      const [operation] = await system.database.query(
        "select from eventhub.operations where id = $1 and state = 'finished'",
        [row?.id],
      );
      return operation;
    }, "it is finished");
  });
});

describe("what the executor's cron did", () => {
  test("a breaker opens while the failures count, is probed, and closes", async () => {
    for (let n = 0; n < 4; n++) await emit({ to: "BREAKER", script: [{ return: "failed" }] });
    const breaker = (condition: string, what: string) =>
      eventually(async () => {
        const [row] = await system.database.query(
          `select from eventhub.destinations where name = 'BREAKER' and ${condition}`,
        );
        return row;
      }, what);
    await breaker("paused_by = 'breaker'", "it opens");
    const held = await emit({ to: "BREAKER" });
    await breaker("resumed_by = 'breaker'", "it closes");
    expect(await statusesOf(held)).toEqual(["complete"]);
  });

  test("what a pause has held is drained when an operator ends it", async () => {
    await system.operate("pauseDestination", "SINGLE", "for a while");
    const event = await emit({ to: "SINGLE" });
    await eventually(async () => {
      const [row] = await system.dispatches(event);
      return row?.generation === 1 ? row : undefined;
    }, "it is held");
    await system.operate("resumeDestination", "SINGLE");
    expect(await statusesOf(event)).toEqual(["complete"]);
  });
});
