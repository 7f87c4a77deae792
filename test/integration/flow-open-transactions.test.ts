import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import type { Database } from "../../schema/database/connection.ts";
import { drainResumed } from "../../schema/queries/destinations/drain-resumed.ts";
import { pauseDestination, resumeDestination } from "../../schema/queries/destinations/pause-destination.ts";
import { cancelDispatches } from "../../schema/queries/dispatches/cancel-dispatches.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { retryDispatches } from "../../schema/queries/dispatches/retry-dispatches.ts";
import { pauseKey, releaseOrder, ripenOrder } from "../../schema/queries/flow/operate-keys.ts";
import { lockFlow, settleFlow, type TakenRow, take } from "../../schema/queries/flow/take.ts";
import { closeGate } from "../../schema/queries/fragments/lock-order.ts";
import type { Chunk } from "../../schema/queries/operations/operation-chunk.ts";
import { type NewOperation, startOperation } from "../../schema/queries/operations/start-operation.ts";
import type { TestDatabase } from "../support/database.ts";
import { completed } from "../support/dispatch-rows.ts";
import { arrived, endLeases, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";
import { OpenTransaction, someWait } from "../support/open-transaction.ts";

/** Two transactions at once, in each order: one is open while the other acts. */
let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

/** After every test, a destination's count of calls in flight is correct. */
afterEach(async () => {
  expect(
    await stored.query(
      "select destination, under_way from eventhub.flow_destinations f where under_way <> (select count(*) from eventhub.flights v where v.destination = f.destination)",
    ),
  ).toEqual([]);
});

const operation = (action: NewOperation["action"]): NewOperation => ({
  id: randomUUID(),
  actor: "test",
  action,
  arguments: {},
});

const chunkOf = ({ id }: NewOperation): Chunk => ({
  operationId: id,
  position: null,
  next: null,
  examined: 0,
  last: true,
});

/** Runs an operator's action in one transaction. */
function acting(
  action: NewOperation["action"],
  statement: (chunk: Chunk) => Parameters<OpenTransaction["run"]>[0],
): Parameters<OpenTransaction["run"]>[0][] {
  const started = operation(action);
  return [startOperation(started), statement(chunkOf(started))];
}

const cancelling = (...ids: (string | undefined)[]) =>
  acting("cancel_dispatches", (chunk) => cancelDispatches(ids.map(String), "cancelled by test", chunk));

const retrying = (id: string | undefined) =>
  acting("retry_dispatches", (chunk) => retryDispatches([String(id)], { perSecond: 1_000, delaySeconds: 0 }, chunk));

/** Records a result without a commit. */
const recording = (row: TakenRow, claim: string, hold = false) => {
  const record = { ...completed(row.id, claim), attempt: row.attempts + 1 };
  return [
    lockFlow("LIMITED", [row.id]),
    recordExecutions([record], "one"),
    settleFlow("LIMITED", [row.id], [claim], hold ? { hold } : {}),
  ];
};

const taking = (token: string) =>
  take({
    destination: "LIMITED",
    rules: {},
    instanceId: "one",
    workflow: "DISPATCH",
    token,
    underWay: 0,
    begins: true,
    room: 16,
    budgetSeconds: 90,
  });

const claimOf = async (id: string | undefined) =>
  String(
    (await stored.query<{ claim: string }>("select claim from eventhub.flights where dispatch_id = $1", [id]))[0]
      ?.claim,
  );

const statusOf = async (id: string | undefined) =>
  (await stored.query<{ status: string }>("select status from eventhub.dispatches where id = $1", [id]))[0]?.status;

const inOrder = (count: number) =>
  insertWaiting(
    stored,
    Array.from({ length: count }, () => ({ order: "o", key: "k" })),
  );

describe("a pause of the destination", () => {
  const pausing = () => [pauseDestination("LIMITED", null, operation("pause_destination")), closeGate("LIMITED")];

  test("that is being written keeps a take waiting, which then finds it", async () => {
    const ids = await insertWaiting(stored, [{}]);
    await arrived(database, ids);
    await using pause = await OpenTransaction.begin(stored, ...pausing());
    const taken = new Puller(database, {}).take();
    await someWait(stored);
    await pause.commit();
    expect((await taken).ids).toEqual([]);
  });

  test("waits for a take that goes on, and is answered when nothing more can be taken", async () => {
    const ids = await insertWaiting(stored, [{}, {}]);
    await arrived(database, ids);
    await using taken = await OpenTransaction.begin(stored, taking(randomUUID()));
    const paused = database.transaction(pausing());
    await someWait(stored);
    await taken.commit();
    await paused;
    expect(await stored.query("select count(*)::int as n from eventhub.flights")).toEqual([{ n: 2 }]);
  });

  test("that ends while somebody takes lets what it held go by the drain, and nothing before it", async () => {
    const ids = await insertWaiting(stored, [{ key: "a" }, { key: "b" }]);
    await arrived(database, ids);
    await database.transaction(pausing());
    await using resume = await OpenTransaction.begin(
      stored,
      resumeDestination("LIMITED", operation("resume_destination")),
    );
    const puller = new Puller(database, {});
    expect((await puller.take()).ids).toEqual([]);
    await resume.commit();
    expect((await puller.take()).ids).toEqual([]);
    const drained = await database.run(drainResumed([{ name: "LIMITED", perSecond: 1_000 }], 50), {
      idempotent: false,
    });
    await arrived(
      database,
      drained.map(({ id }) => id),
    );
    expect((await puller.take()).ids.toSorted()).toEqual(ids.toSorted());
  });
});

test("a pause of a key that is being written keeps a take waiting, which then leaves the key alone", async () => {
  const ids = await insertWaiting(stored, [{ key: "a" }, { key: "b" }]);
  await arrived(database, ids);
  const pausing = acting("pause_key", (chunk) => pauseKey({ destination: "LIMITED", key: "a" }, null, chunk));
  await using pause = await OpenTransaction.begin(stored, lockFlow("LIMITED", []), ...pausing);
  const taken = new Puller(database, {}).take();
  await someWait(stored);
  await pause.commit();
  expect((await taken).ids).toEqual([ids[1]]);
});

describe("a cancel of the first of an order", () => {
  test("is not waited for by a take; when it is written the next is called", async () => {
    const ids = await inOrder(2);
    await arrived(database, ids);
    await using cancel = await OpenTransaction.begin(stored, ...cancelling(ids[0]));
    const puller = new Puller(database, {});
    expect((await puller.take()).ids).toEqual([]);
    await cancel.commit();
    await arrived(database, ids.slice(0, 1));
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("that comes to nothing leaves it the first, and it is called", async () => {
    const ids = await inOrder(2);
    await arrived(database, ids);
    await using cancel = await OpenTransaction.begin(stored, ...cancelling(ids[0]));
    const puller = new Puller(database, {});
    const { ids: none, nextMs } = await puller.take();
    expect(none).toEqual([]);
    expect(nextMs).toBeLessThanOrEqual(250);
    await cancel.rollback();
    await stored.query("update eventhub.flow_keys set wake_at = now()");
    expect((await puller.take()).ids).toEqual([ids[0]]);
  });

  test("waits for its record, and then finds it final", async () => {
    const ids = await inOrder(2);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const row = nth((await puller.take()).rows, 0);
    await using record = await OpenTransaction.begin(stored, ...recording(row, await claimOf(ids[0])));
    const cancelled = database.transaction(cancelling(ids[0]));
    await someWait(stored);
    await record.commit();
    await cancelled;
    expect(await statusOf(ids[0])).toBe("complete");
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("keeps its record waiting, which then is one of what was cancelled", async () => {
    const ids = await inOrder(2);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const row = nth((await puller.take()).rows, 0);
    await using cancel = await OpenTransaction.begin(stored, ...cancelling(ids[0]));
    const recorded = puller.end(row);
    await someWait(stored);
    await cancel.commit();
    await recorded;
    expect(await statusOf(ids[0])).toBe("cancelled");
    expect(await stored.query("select dispatch_id, result from eventhub.executions")).toEqual([
      { dispatch_id: ids[0], result: "complete" },
    ]);
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("and of the next ones at once, while it is recorded, lets the one behind them go", async () => {
    const ids = await inOrder(4);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const row = nth((await puller.take()).rows, 0);
    // The cancel has locked the next one when the record looks for it.
    await using cancel = await OpenTransaction.begin(stored, ...cancelling(ids[1], ids[2]));
    await puller.end(row);
    expect((await puller.take()).ids).toEqual([]);
    await cancel.commit();
    await arrived(database, ids.slice(1, 2));
    expect((await puller.take()).ids).toEqual([ids[3]]);
  });
});

describe("what failed for good and holds its order", () => {
  async function held() {
    const ids = await inOrder(3);
    await arrived(database, ids, { rules: { hold: true } });
    const puller = new Puller(database, { hold: true });
    await puller.end(nth((await puller.take()).rows, 0), "failed");
    return { ids, puller };
  }

  test("holds it while its retry is being written, which then is the first", async () => {
    const { ids, puller } = await held();
    const [start, retry] = retrying(ids[0]);
    await using open = await OpenTransaction.begin(stored, ...(start === undefined ? [] : [start]));
    const [made] = await open.run<{ id: string }>(retry ?? sql``);
    await arrived(database, ids, { rules: { hold: true } });
    expect((await puller.take()).ids).toEqual([]);
    await open.commit();
    // The retry is not among those that are reported, and is found nevertheless.
    await arrived(database, ids.slice(1), { rules: { hold: true } });
    const { ids: first, rows } = await puller.take();
    expect(first).toEqual([made?.id]);
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(nth(rows, 0));
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("is released while its retry is being written: both are called, one at a time", async () => {
    const { ids, puller } = await held();
    await using open = await OpenTransaction.begin(stored, ...retrying(ids[0]));
    const [start, release] = acting("release_key", (chunk) => releaseOrder("LIMITED", "o", chunk));
    await database.transaction([start, lockFlow("LIMITED", []), release, ripenOrder("LIMITED", "o")] as never);
    const { ids: next, rows } = await puller.take();
    expect(next).toEqual([ids[1]]);
    await open.commit();
    await arrived(database, ids, { rules: { hold: true } });
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(nth(rows, 0));
    const [made] = await stored.query<{ id: string }>("select id from eventhub.dispatches where retry_of = $1", [
      ids[0],
    ]);
    expect((await puller.take()).ids).toEqual([made?.id]);
  });
});

describe("a record that comes when its lease is over", () => {
  /** The first of two is taken by an instance that stays silent beyond its lease, and is taken again. */
  async function followed() {
    const ids = await inOrder(2);
    await arrived(database, ids);
    const late = new Puller(database, {});
    const lateRow = nth((await late.take()).rows, 0);
    await endLeases(stored);
    const puller = new Puller(database, {});
    const { ids: again, rows } = await puller.take();
    expect(again).toEqual(ids.slice(0, 1));
    return { ids, late, lateRow, puller, row: nth(rows, 0) };
  }

  test("counts if it is the consumer's last word, and the next waits for the call that has followed", async () => {
    const { ids, late, lateRow, puller, row } = await followed();
    await late.end(lateRow);
    expect(await statusOf(ids[0])).toBe("complete");
    expect((await puller.take()).ids).toEqual([]);
    await puller.end(row, "failed");
    expect(await statusOf(ids[0])).toBe("complete");
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("does not count if it failed, and changes nothing of the call that has followed", async () => {
    const { ids, late, lateRow, puller, row } = await followed();
    await late.end(lateRow, "failed", { status: "ongoing", delaySeconds: 0 });
    expect(await statusOf(ids[0])).toBe("ongoing");
    expect((await new Puller(database, {}).take()).ids).toEqual([]);
    expect(await stored.query("select dispatch_id from eventhub.flights")).toEqual([{ dispatch_id: ids[0] }]);
    await puller.end(row);
    expect(await statusOf(ids[0])).toBe("complete");
    expect((await puller.take()).ids).toEqual([ids[1]]);
  });

  test("and of which the call that has followed is dead as well: the next is called when that lease ends", async () => {
    const { ids, late, lateRow } = await followed();
    await late.end(lateRow);
    const other = new Puller(database, {});
    expect((await other.take()).ids).toEqual([]);
    await endLeases(stored);
    expect((await other.take()).ids).toEqual([ids[1]]);
  });

  test("while the next claim is being made: it waits, and does not free that one's place", async () => {
    const ids = await inOrder(2);
    await arrived(database, ids);
    const late = new Puller(database, {});
    const row = nth((await late.take()).rows, 0);
    await endLeases(stored);
    await using taken = await OpenTransaction.begin(stored, taking(randomUUID()));
    const recorded = late.end(row);
    await someWait(stored);
    await taken.commit();
    await recorded;
    expect(await statusOf(ids[0])).toBe("complete");
    expect(await stored.query("select instance_id from eventhub.flights")).toEqual([{ instance_id: "one" }]);
    expect((await new Puller(database, {}).take()).ids).toEqual([]);
  });
});

test("an emit that commits later than one that began after it comes behind it, and positions rise", async () => {
  await using first = await OpenTransaction.begin(stored);
  const [turn] = await first.run<{ seq: string }>(sql`select nextval('eventhub.turns') as seq`);
  const [second] = await insertWaiting(stored, [{ order: "o" }]);
  await arrived(database, [String(second)]);
  const puller = new Puller(database, {});
  const one = nth((await puller.take()).rows, 0);
  expect(one.id).toBe(second);
  const [late] = await insertWaiting(stored, [{ order: "o" }, { order: "o" }]);
  await stored.query("update eventhub.dispatches set seq = $2 where id = $1", [late, turn?.seq]);
  await first.commit();
  await arrived(database, [String(late)]);
  expect((await puller.take()).ids).toEqual([]);
  await puller.end(one);
  const two = nth((await puller.take()).rows, 0);
  expect(two.id).toBe(late);
  expect(two.position).toBeGreaterThan(one.position ?? Number.NaN);
});

test("many that take, record, cancel and report at once never wait for each other in a circle, and everything ends", async () => {
  const ids = await insertWaiting(
    stored,
    Array.from({ length: 60 }, (_, n) => ({ order: `o${n % 6}`, key: `k${n % 4}` })),
  );
  await arrived(database, ids);
  const rules = { concurrency: 5, key: { concurrency: 2 } };
  const work = async (puller: Puller) => {
    for (let idle = 0; idle < 20; ) {
      const { rows } = await puller.take(3);
      idle = rows.length === 0 ? idle + 1 : 0;
      await Promise.all(rows.map((row) => puller.end(row)));
    }
  };
  const cancel = async () => {
    for (let n = 0; n < 60; n += 12) {
      const chosen = ids.slice(n, n + 12).filter((_, index) => index % 3 === 0);
      await database.transaction(cancelling(...chosen.toReversed()));
      await arrived(database, chosen, { rules });
    }
  };
  await Promise.all([...Array.from({ length: 4 }, () => work(new Puller(database, rules))), cancel()]);
  expect(await stored.query("select count(*)::int as n from eventhub.dispatches where status = 'ongoing'")).toEqual([
    { n: 0 },
  ]);
  expect(await stored.query("select * from eventhub.flights")).toEqual([]);
  await stored.query("select pg_stat_force_next_flush()");
  expect(await stored.query("select deadlocks::int from pg_stat_database where datname = current_database()")).toEqual([
    { deadlocks: 0 },
  ]);
});
