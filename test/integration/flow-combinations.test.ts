import { expect, test } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import { startProbes } from "../../schema/queries/destinations/decide-breakers.ts";
import { drainResumed } from "../../schema/queries/destinations/drain-resumed.ts";
import { letGo } from "../../schema/queries/flow/arrive.ts";
import type { NoticeRow } from "../../schema/queries/fragments/notice-columns.ts";
import { cancelDispatch } from "../../workers/hub/operator/cancel.ts";
import type { MethodContext } from "../../workers/hub/operator/context.ts";
import { pauseKey, resumeKey } from "../../workers/hub/operator/key-actions.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import type { TestDatabase } from "../support/database.ts";
import { Calls, pullHere } from "../support/flow-calls.ts";
import { combinations, together } from "../support/flow-combinations.ts";
import { arrived, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";
import { operatorOn } from "../support/history.ts";

/** The rows of the table "together with" in workflows/kinds/limits-and-order.md, as far as rows of the database decide them. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

const operator = (): MethodContext & { enqueued: string[] } => ({ ...operatorOn(stored), config: () => undefined });

/** Two of one order and one of another; the first has failed for good. */
async function failedFirst(hold: boolean) {
  const waiting = await insertWaiting(stored, [{ order: "x" }, { order: "x" }, { order: "y" }]);
  await arrived(database, waiting);
  const puller = new Puller(database, hold ? { hold } : {});
  const { rows } = await puller.take();
  await puller.end(nth(rows, 0), "failed");
  await puller.end(nth(rows, 1));
  return { first: nth(waiting, 0), behind: nth(waiting, 1), puller };
}

/** The hub's own events about keys, oldest first. */
const told = async () =>
  (
    await stored.query<{ payload: Record<string, unknown> }>(
      "select payload from eventhub.events where own and payload->>'kind' like 'eventhub.key.%' order by id",
    )
  ).map(({ payload: { kind, by } }) => [kind, ...(by === undefined ? [] : [by])]);

test("what waits is not overdue, and reconciling of other destinations leaves it alone", async () => {
  const waiting = await insertWaiting(stored, [{ dueInSeconds: -600 }, { dueInSeconds: -600 }]);
  await arrived(database, waiting);
  await new Puller(database, { concurrency: 1 }).take();
  expect(await stored.query("select * from eventhub.overdue_dispatches")).toEqual([]);
});

together("a delay, or the wait before a retry", () => {
  test("a delay of the first keeps its key waiting, and no other", async () => {
    const [late, behind, other] = await insertWaiting(stored, [
      { order: "x", dueInSeconds: 60 },
      { order: "x" },
      { order: "y" },
    ]);
    await arrived(database, [late, behind, other].map(String));
    expect((await new Puller(database, {}).take()).ids).toEqual([other]);
  });

  test("the wait before a retry keeps its key waiting, and no other", async () => {
    const [first, behind, other] = await insertWaiting(stored, [
      { order: "x", maxRetries: 1 },
      { order: "x" },
      { order: "y" },
    ]);
    await arrived(database, [first, behind, other].map(String));
    const puller = new Puller(database, {});
    const { rows } = await puller.take(1);
    await puller.end(nth(rows, 0), "failed", { status: "ongoing", delaySeconds: 60 });
    expect((await puller.take()).ids).toEqual([other]);
    await stored.query("update eventhub.dispatches set next_attempt_at = now() where id = $1", [first]);
    await arrived(database, [String(first)]);
    expect((await puller.take()).ids).toEqual([first]);
  });
});

together("a pause of the destination", () => {
  test("what a pause has held goes on by the limits", async () => {
    const waiting = await insertWaiting(stored, [{}, {}, {}]);
    await stored.query("insert into eventhub.destinations (name, paused_at) values ('LIMITED', now())");
    await arrived(database, waiting);
    const puller = new Puller(database, { concurrency: 2 });
    expect((await puller.take()).ids).toEqual([]);
    await stored.query("update eventhub.destinations set paused_at = null, resumed_at = now()");
    await arrived(database, waiting);
    expect((await puller.take()).ids).toEqual(waiting.slice(0, 2));
  });
});

together("a pause of a key, of the limits or of the order", () => {
  test.each(["limits", "order"] as const)("nothing of that key of the %s is called, and others go on", async (of) => {
    const waiting = await insertWaiting(
      stored,
      ["a", "a", "b"].map((key) => (of === "order" ? { order: key } : { key })),
    );
    await arrived(database, waiting);
    await pauseKey(operator(), "LIMITED", "a", { of });
    const puller = new Puller(database, {});
    expect((await puller.take()).ids).toEqual([waiting[2]]);
    await resumeKey(operator(), "LIMITED", "a", { of });
    expect((await puller.take()).ids).toEqual(of === "order" ? waiting.slice(0, 1) : waiting.slice(0, 2));
  });
});

together("a breaker's probe", () => {
  test("a breaker's probe is one that may be called, and the only one", async () => {
    const [head, behind, other] = await insertWaiting(stored, [
      { order: "x" },
      { order: "x" },
      { order: "y", dueInSeconds: 60 },
    ]);
    await arrived(database, [head, behind, other].map(String));
    await stored.query(
      "insert into eventhub.destinations (name, paused_at, paused_by, probe_at) values ('LIMITED', now(), 'breaker', now())",
    );
    const probes: NoticeRow[] = await database.run(startProbes());
    expect(ids(probes)).toEqual([head]);
    expect(await arrived(database, ids(probes))).toEqual({ wanted: 1, dueInMs: 0 });
    const puller = new Puller(database, { rate: { limit: 1, perSeconds: 3_600, burst: 1 } });
    const { rows } = await puller.take();
    expect(ids(rows)).toEqual([head]);
    await puller.end(nth(rows, 0));
    // It is paused all the same until somebody has looked at the answer.
    expect((await puller.take()).ids).toEqual([]);
    // And it counts for the rate.
    await stored.query("update eventhub.destinations set paused_at = null");
    await arrived(database, [String(behind)]);
    expect(await puller.take()).toMatchObject({ taken: 0, blocked: "rate" });
  });

  test("a breaker's probe counts for the rate of its key", async () => {
    const [probed, behind] = await insertWaiting(stored, [{ key: "a" }, { key: "a" }]);
    await arrived(database, [probed, behind].map(String));
    await stored.query(
      "insert into eventhub.destinations (name, paused_at, paused_by, probe_dispatch, probe_attempt) values ('LIMITED', now(), 'breaker', $1, 0)",
      [probed],
    );
    const puller = new Puller(database, { key: { rate: { limit: 1, perSeconds: 3_600, burst: 1 } } });
    const { rows } = await puller.take();
    expect(ids(rows)).toEqual([probed]);
    await puller.end(nth(rows, 0));
    await stored.query("update eventhub.destinations set paused_at = null");
    expect((await puller.take()).ids).toEqual([]);
    expect(await stored.query("select key, blocked from eventhub.flow_keys")).toEqual([{ key: "a", blocked: "rate" }]);
  });
});

together("a drain after a pause", () => {
  test("a drain gives back what was held at its rate, and the limits hold besides", async () => {
    const held = await insertWaiting(
      stored,
      Array.from({ length: 6 }, () => ({})),
    );
    await stored.query("update eventhub.dispatches set enqueued_at = now() - interval '1 minute'");
    await stored.query(
      "insert into eventhub.destinations (name, resumed_at, drain_from) values ('LIMITED', now(), now())",
    );
    await arrived(database, held);
    const puller = new Puller(database, { concurrency: 4 });
    expect((await puller.take()).ids).toEqual([]);
    const drained = await database.run(drainResumed([{ name: "LIMITED", perSecond: 1_000 }], 50), {
      idempotent: false,
    });
    expect(ids(drained).toSorted()).toEqual(held.toSorted());
    await new Promise((resolve) => setTimeout(resolve, 50));
    await arrived(database, held);
    expect((await puller.take()).ids).toHaveLength(4);
  });
});

together("cancel", () => {
  test("the next of its key is called, after a call in flight has ended", async () => {
    const [first, second, third] = await insertWaiting(stored, [{ order: "x" }, { order: "x" }, { order: "x" }]);
    await arrived(database, [first, second, third].map(String));
    const puller = new Puller(database, {});
    const { rows } = await puller.take();
    const by = operator();
    await cancelDispatch(by, first, {});
    await cancelDispatch(by, second, {});
    await arrived(database, by.enqueued);
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(nth(rows, 0));
    expect((await puller.take()).ids).toEqual([third]);
  });

  test("a failed dispatch that holds its key cannot be cancelled", async () => {
    const { first } = await failedFirst(true);
    await expect(cancelDispatch(operator(), first, {})).rejects.toThrow(
      /is already failed, and holds the order "x": release that/,
    );
  });
});

together("a failure for good", () => {
  test("skip: the next of its key is called", async () => {
    const { behind, puller } = await failedFirst(false);
    expect((await puller.take()).ids).toEqual([behind]);
    expect(await told()).toEqual([]);
  });

  test("hold: its key waits, and that is told", async () => {
    const { puller } = await failedFirst(true);
    expect((await puller.take()).ids).toEqual([]);
    expect(await told()).toEqual([["eventhub.key.held"]]);
  });

  test("what holds its order is kept by retention until it is seen to", async () => {
    const waiting = await insertWaiting(stored, [{ order: "x" }, { order: "y" }]);
    await arrived(database, waiting);
    const puller = new Puller(database, { hold: true });
    const { rows } = await puller.take();
    for (const row of rows) await puller.end(row, "failed");
    await stored.query("update eventhub.dispatches set held = null where order_key = 'y'");
    await stored.query("update eventhub.dispatches set resulted_at = now() - interval '2 days'");
    await stored.query("update eventhub.events set created_at = now() - interval '2 days'");
    // Their ids are as old: retention goes by them.
    const time = (Date.now() - 2 * 86_400_000).toString(16).padStart(12, "0");
    const old = (id: string) => `('${time}' || right(replace(${id}::text, '-', ''), 20))::uuid`;
    await stored.query("alter table eventhub.dispatches drop constraint dispatches_event_id_events_id_fk");
    await stored.query(`update eventhub.dispatches set event_id = ${old("event_id")}`);
    await stored.query(`update eventhub.events set id = ${old("id")}`);
    await stored.query("select eventhub.expire_rows(interval '1 day')");
    expect(await stored.query("select order_key, held from eventhub.dispatches")).toEqual([
      { order_key: "x", held: true },
    ]);
  });
});

together("`onFailure` changed in a deployment", () => {
  test("to skip: what is held goes on, and that is told", async () => {
    const { behind } = await failedFirst(true);
    expect(await database.run(letGo("LIMITED"))).toEqual([{ released: 1 }]);
    expect((await new Puller(database, {}).take()).ids).toEqual([behind]);
    expect(await told()).toEqual([["eventhub.key.held"], ["eventhub.key.released", "skip"]]);
  });

  test("to hold: what fails from then on holds its key", async () => {
    const { behind, puller } = await failedFirst(false);
    const [last] = await insertWaiting(stored, [{ order: "x" }]);
    const { rows } = await puller.take();
    expect(ids(rows)).toEqual([behind]);
    await puller.end(nth(rows, 0), "complete");
    const [next] = await insertWaiting(stored, [{ order: "x" }]);
    const changed = new Puller(database, { hold: true });
    await arrived(database, [String(last), String(next)]);
    const taken = await changed.take();
    expect(taken.ids).toEqual([last]);
    await changed.end(nth(taken.rows, 0), "failed");
    expect((await changed.take()).ids).toEqual([]);
  });
});

together("a manual retry", () => {
  test("hold: it takes the place of what has failed", async () => {
    const { first, behind, puller } = await failedFirst(true);
    const retry = await retryDispatch(operator(), first, {});
    await arrived(database, [retry.id]);
    const { rows } = await puller.take();
    expect(ids(rows)).toEqual([retry.id]);
    await puller.end(nth(rows, 0));
    expect((await puller.take()).ids).toEqual([behind]);
  });

  test("skip: it is called before what waits of its key, after what went on; a preview says that the order is lost", async () => {
    const { first, behind, puller } = await failedFirst(false);
    const { rows } = await puller.take();
    expect(ids(rows)).toEqual([behind]);
    const later = await insertWaiting(stored, [{ order: "x" }]);
    expect(await retryDispatches(operator(), { ids: [first] }, { dryRun: true })).toMatchObject({ outOfOrder: 1 });
    const retry = await retryDispatch(operator(), first, {});
    await arrived(database, [retry.id, ...later]);
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(nth(rows, 0));
    const next = await puller.take();
    expect(next.ids).toEqual([retry.id]);
    await puller.end(nth(next.rows, 0));
    expect((await puller.take()).ids).toEqual(later);
  });
});

together("retention of payloads", () => {
  test.each([
    ["skip", false, "complete"],
    ["hold", true, "ongoing"],
  ] as const)(
    "%s: a dispatch without its payload fails without a call, and its key goes on or is held",
    async (_, hold, becomes) => {
      const [first, behind] = await insertWaiting(stored, [{ order: "x" }, { order: "x" }]);
      await arrived(database, [first, behind].map(String));
      await stored.query(
        "update eventhub.events set payload = null where id = (select event_id from eventhub.dispatches where id = $1)",
        [first],
      );
      const called: string[] = [];
      const handle = async (_payload: unknown, { dispatchId }: { dispatchId: string }) => {
        called.push(dispatchId);
        return "complete";
      };
      await pullHere(new Calls(), database, { limits: hold ? { hold } : {}, bindings: { LIMITED: { handle } } });
      expect(called).toEqual(hold ? [] : [behind]);
      expect(await stored.query("select id, status, reason, held from eventhub.dispatches order by seq")).toEqual([
        { id: first, status: "failed", reason: "the payload has been removed by retention", held: hold ? true : null },
        { id: behind, status: becomes, reason: null, held: null },
      ]);
    },
  );
});

test("each row of the page's table has a test", async () => {
  const { rows, tested } = await combinations();
  expect(rows).toHaveLength(13);
  expect(tested).toEqual(rows);
});
