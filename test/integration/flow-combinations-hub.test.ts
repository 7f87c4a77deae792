import { afterAll, beforeAll, expect, test } from "vitest";
import { together } from "../support/flow-combinations.ts";
import { nth } from "../support/flow-database.ts";
import { eventually, type System, startSystem } from "../support/system.ts";

/** The rows of the table "together with" in workflows/kinds/limits-and-order.md that only the whole hub can show. */
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

let system: System;
beforeAll(async () => {
  system = await startSystem({ graceSeconds: 1 });
});
afterAll(() => system?.stop());

const settledCalls = async (key: string, count: number) =>
  eventually(async () => {
    const calls = (await system.calls()).filter(({ payload }) => payload.of === key);
    const [row] = await system.database.query<{ ongoing: number }>(
      "select count(*)::int as ongoing from eventhub.dispatches where status = 'ongoing' and order_key = $1",
      [key],
    );
    return calls.length >= count && row?.ongoing === 0 ? calls.toSorted((one, other) => one.at - other.at) : undefined;
  }, `${count} calls of ${key} have ended`);

together("a transform", () => {
  test("keys are those of the event as it was emitted, and the consumer gets what the transform made", async () => {
    const payloads = [0, 1, 2].map((n) => ({ to: "shaped in order", order: "as emitted", n }));
    const { events } = await system.emit(payloads);
    await system.settledEach(events);
    const rows = await system.database.query<{ order_key: string }>(
      "select order_key from eventhub.dispatches where event_id = any($1)",
      [ids(events)],
    );
    expect(rows.map(({ order_key }) => order_key)).toEqual(payloads.map(() => "as emitted"));
    const calls = (await system.calls()).filter(({ payload }) => payload.order === "as shaped");
    expect(calls.map(({ payload }) => payload)).toEqual(payloads.map(({ n }) => ({ order: "as shaped", n })));
  });
});

together("replay", () => {
  test("a replayed event is called after everything that waits in its key", async () => {
    const emit = async (n: number) => {
      const { events } = await system.emit([{ to: "ORDERED", order: "replayed", of: "replayed", n }]);
      return nth(events, 0).id;
    };
    const first = await emit(1);
    await system.settled(first);
    await system.operate("pauseKey", "ORDERED", "replayed", { of: "order" });
    await emit(2);
    await system.operate("replayEvents", { ids: [first] }, { routing: "same" });
    await emit(3);
    await system.operate("resumeKey", "ORDERED", "replayed", { of: "order" });
    const calls = await settledCalls("replayed", 4);
    expect(calls.map(({ payload }) => payload.n)).toEqual([1, 2, 1, 3]);
  });
});

together("a Queue, an R2 bucket, a Workflow, another hub", () => {
  test.each(["LIMITED_JOBS", "LIMITED_ARCHIVE", "LIMITED_ONBOARDING", "LIMITED_HUB"])(
    "%s: events are handed over one after the other, and no more than its rate allows",
    async (to) => {
      const { events } = await system.emit([0, 1, 2].map((n) => ({ to, order: "x", n })));
      const rows = () =>
        system.database.query<{ status: string; waiting_for: string | null; position: number | null }>(
          `select d.status, w.waiting_for, d.position::int from eventhub.dispatches d left join eventhub.waiting_dispatches w on w.dispatch_id = d.id
           where d.destination = $1 order by d.seq`,
          [to],
        );
      const last = await eventually(async () => {
        const found = await rows();
        return found.at(-1)?.waiting_for === "rate" ? found : undefined;
      }, "the last waits for the rate");
      expect(last.map(({ status }) => status)).toEqual(["complete", "complete", "ongoing"]);
      expect(nth(last, 0).position).toBeLessThan(Number(nth(last, 1).position));
      const times = await system.database.query<{ started_at: Date; finished_at: Date }>(
        `select x.started_at, x.finished_at from eventhub.executions x join eventhub.dispatches d on d.id = x.dispatch_id
         where d.event_id = any($1) order by d.seq`,
        [ids(events)],
      );
      expect(times).toHaveLength(2);
      expect(Number(times[1]?.started_at)).toBeGreaterThanOrEqual(Number(times[0]?.finished_at));
    },
  );
});
