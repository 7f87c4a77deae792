import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "../../schema/contract/operations.ts";
import { retryDispatches as insertRetries } from "../../schema/queries/dispatches/retry-dispatches.ts";
import { stopOperation as updateStopped } from "../../schema/queries/operations/stop-operation.ts";
import { cancelDispatches } from "../../workers/hub/operator/cancel.ts";
import { getOperation, listOperations } from "../../workers/hub/operator/operations.ts";
import { replayEvents } from "../../workers/hub/operator/replay.ts";
import { retryDispatch, retryDispatches } from "../../workers/hub/operator/retry.ts";
import { stopOperation } from "../../workers/hub/operator/stop-operation.ts";
import { tick } from "../../workers/hub/operator/tick.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn } from "../support/history.ts";
import { OpenTransaction, someWait } from "../support/open-transaction.ts";
import { opsEnv, printed } from "../support/ops.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const hourAgo = new Date(Date.now() - 3_600_000);
const failed = (count: number) =>
  insertHistory(database, Array(count).fill({ status: "failed", destination: "A", at: hourAgo }));

/** A bulk retry of `count` failed dispatches whose Worker had time for `chunks` chunks of 500. The cron may continue it. */
async function halfWay(count: number, chunks = 1): Promise<string> {
  await failed(count);
  const operationId = uuidv7();
  const operator = operatorOn(database);
  let left = chunks;
  const short = Object.defineProperty({ ...operator }, "deadline", {
    get: () => (left-- > 0 ? Number.POSITIVE_INFINITY : 0),
  });
  expect(await retryDispatches(short, {}, { operationId })).toMatchObject({ state: "running", affected: chunks * 500 });
  await abandoned();
  return operationId;
}
const abandoned = () => database.query("update eventhub.operations set updated_at = now() - interval '5 minutes'");

/** How many dispatches the operations have made, counted in the dispatches. */
const made = async () => {
  const [row] = await database.query<{ n: number }>(
    "select count(*)::int as n from eventhub.dispatches where operation_id is not null",
  );
  return row?.n;
};

/** The next chunk of a retry, for these dispatches. */
async function chunkOf(id: string, last: boolean) {
  const [row] = await database.query<{ position: string }>("select position from eventhub.operations where id = $1", [
    id,
  ]);
  const rows = await database.query<{ id: string }>(
    `select id from eventhub.dispatches d where status = 'failed' and id > $1 order by id limit 500`,
    [row?.position],
  );
  const ids = rows.map((one) => one.id);
  const chunk = { operationId: id, position: row?.position ?? null, next: ids.at(-1) ?? null, examined: 500, last };
  return insertRetries(ids, { perSecond: 50, delaySeconds: 0 }, chunk);
}

describe("bulk work that is stopped", () => {
  test("makes no more, keeps what it has made, and says who stopped it, when and how far it was", async () => {
    const id = await halfWay(1_200);
    const operator = operatorOn(database, { actor: "ada" });
    const stopped = await stopOperation(operator, id, {});
    expect(stopped).toMatchObject({ id, state: "stopped", stoppedBy: "ada", affected: 500, examined: 500 });
    expect(stopped.outcome).toMatchObject({ name: "ongoing", counted: 500, ongoing: 500, remaining: null });
    await abandoned();
    expect(await tick(operator)).toMatchObject({ operations: 0 });
    expect(await retryDispatches(operator, {}, { operationId: id })).toMatchObject({ state: "stopped", affected: 500 });
    expect(await made()).toBe(500);
    const [row] = await database.query(
      "select state, stopped_by, affected, finished_at > created_at as ended from eventhub.operations where id = $1",
      [id],
    );
    expect(row).toEqual({ state: "stopped", stopped_by: "ada", affected: 500, ended: true });
    const [stop, ...others] = await listOperations(operator);
    expect(stop).toMatchObject({ action: "stop_operation", actor: "ada", arguments: { id }, state: "finished" });
    expect(others).toHaveLength(1);
    // Afterwards, everything that was made can be cancelled.
    expect(await cancelDispatches(operator, { operationId: id }, {})).toMatchObject({ affected: 500 });
    expect((await getOperation(operator, id)).outcome).toMatchObject({ name: "cancelled", cancelled: 500 });
  });

  test("stays stopped by whoever was first, and is told so by every repeat, which leaves nothing behind", async () => {
    const id = await halfWay(600);
    const operationId = randomUUID();
    const first = await stopOperation(operatorOn(database, { actor: "ada" }), id, { operationId });
    expect(await stopOperation(operatorOn(database, { actor: "ada" }), id, { operationId })).toEqual(first);
    expect(await stopOperation(operatorOn(database, { actor: "bob" }), id, {})).toMatchObject({ stoppedBy: "ada" });
    expect(await listOperations(operatorOn(database))).toHaveLength(2);
  });

  test("is stopped once by ten operators at once", async () => {
    const id = await halfWay(600);
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, n) => stopOperation(operatorOn(database, { actor: `operator ${n}` }), id, {})),
    );
    expect(new Set(all.map(({ stoppedBy }) => stoppedBy)).size).toBe(1);
    const stops = (await listOperations(operatorOn(database))).filter(({ action }) => action === "stop_operation");
    expect(stops.map(({ actor }) => actor)).toEqual([all[0]?.stoppedBy]);
  });

  test("that is through cannot be stopped any more; neither can what is not there, nor under another action's id", async () => {
    const [row] = await failed(2);
    const operator = operatorOn(database);
    const retry = await retryDispatch(operator, row?.id, {});
    const id = retry.operationId ?? "";
    await expect(stopOperation(operator, id, {})).rejects.toThrow(
      `[conflict] operation ${id} is already finished: there is nothing to stop`,
    );
    const nobody = randomUUID();
    await expect(stopOperation(operator, nobody, {})).rejects.toThrow(`[not_found] there is no operation ${nobody}`);
    await expect(stopOperation(operator, "x", {})).rejects.toThrow("[invalid_arguments] id: must be a UUID");
    const running = await halfWay(600);
    await expect(stopOperation(operator, running, { operationId: id })).rejects.toThrow(
      `[conflict] options.operationId: ${id} is another operation's: retry_dispatch`,
    );
    expect(await getOperation(operator, running)).toMatchObject({ state: "running" });
  });

  test("a replay and a cancel are stopped alike", async () => {
    await insertHistory(database, Array(250).fill({ status: "ongoing", at: hourAgo }));
    const operator = operatorOn(database);
    const replay = (await replayEvents({ ...operator, deadline: 0 }, {}, { routing: "same" })) as Operation;
    const cancel = (await cancelDispatches({ ...operator, deadline: 0 }, {}, {})) as Operation;
    for (const { id } of [replay, cancel])
      expect(await stopOperation(operator, id, {})).toMatchObject({ state: "stopped", affected: 0 });
    await abandoned();
    await tick(operator);
    expect(await made()).toBe(0);
    expect(await database.query("select count(*)::int as n from eventhub.dispatches where status = 'ongoing'")).toEqual(
      [{ n: 250 }],
    );
  });

  test("is stopped in SQL by a function, with the same trace", async () => {
    const id = await halfWay(600);
    const [row] = await database.query("select state, stopped_by, affected from eventhub.stop_operation($1, 'grace')", [
      id,
    ]);
    expect(row).toEqual({ state: "stopped", stopped_by: "grace", affected: 500 });
    const kept = await listOperations(operatorOn(database));
    expect(kept.filter(({ action }) => action === "stop_operation")).toMatchObject([{ actor: "grace" }]);
    expect(await database.query("select from eventhub.stop_operation($1)", [randomUUID()])).toEqual([]);
  });

  test("is stopped by a command, which tells what it has made", async () => {
    const id = await halfWay(600);
    const text = await printed(opsEnv(database), "--actor", "ada", "stop", id);
    expect(text).toMatch(/^state +stopped$/m);
    expect(text).toMatch(/^stoppedBy +ada$/m);
    expect(text).toMatch(/^cameTo +0 of 500 delivered$/m);
    expect(text).toMatch(/^ongoing +500$/m);
  });
});

describe("a stop beside the hub's cron", () => {
  test("waits for the chunk that is at work, and counts what that has made", async () => {
    const id = await halfWay(1_200);
    await using chunk = await OpenTransaction.begin(database, await chunkOf(id, false));
    const stopping = stopOperation(operatorOn(database), id, {});
    await someWait(database);
    await chunk.commit();
    expect(await stopping).toMatchObject({ state: "stopped", affected: 1_000 });
    await abandoned();
    await tick(operatorOn(database));
    expect(await made()).toBe(1_000);
  });

  test("that has not committed yet lets no chunk begin, which then finds the operation stopped", async () => {
    const id = await halfWay(1_200);
    const stop = { id: randomUUID(), actor: "ada", action: "stop_operation" as const, arguments: { id } };
    await using open = await OpenTransaction.begin(database, updateStopped(id, stop));
    const ticking = tick(operatorOn(database));
    await someWait(database);
    await open.commit();
    await ticking;
    expect(await made()).toBe(500);
    expect(await getOperation(operatorOn(database), id)).toMatchObject({ state: "stopped", affected: 500 });
  });

  test("that comes to nothing changes nothing", async () => {
    const id = await halfWay(1_200);
    const stop = { id: randomUUID(), actor: "ada", action: "stop_operation" as const, arguments: { id } };
    const open = await OpenTransaction.begin(database, updateStopped(id, stop));
    const ticking = tick(operatorOn(database));
    await someWait(database);
    await open.rollback();
    await ticking;
    expect(await made()).toBe(1_200);
    expect(await getOperation(operatorOn(database), id)).toMatchObject({ state: "finished", stoppedBy: null });
  });

  test("comes too late for the last chunk, and says so", async () => {
    const id = await halfWay(1_000);
    await using chunk = await OpenTransaction.begin(database, await chunkOf(id, true));
    const stopping = stopOperation(operatorOn(database), id, {}).catch((error: Error) => error.message);
    await someWait(database);
    await chunk.commit();
    expect(await stopping).toContain("[conflict]");
    expect(await getOperation(operatorOn(database), id)).toMatchObject({ state: "finished", affected: 1_000 });
  });

  test("of work that Workers carry on meanwhile ends it between two chunks, and names all that was made", async () => {
    await failed(4_000);
    const operationId = randomUUID();
    const working = [1, 2].map(() => retryDispatches(operatorOn(database), {}, { operationId }));
    await expect.poll(made).toBeGreaterThan(0);
    const stopped = await stopOperation(operatorOn(database), operationId, {}).catch(() => undefined);
    await Promise.all(working);
    const after = await getOperation(operatorOn(database), operationId);
    expect(await made()).toBe(after.affected);
    if (stopped !== undefined) expect(after).toMatchObject({ state: "stopped", affected: stopped.affected });
  });
});

describe("what an operation has come to", () => {
  const settle = (status: string, count: number) =>
    database.query(
      `update eventhub.dispatches set status = $1, resulted_at = now() where id in (
         select id from eventhub.dispatches where operation_id is not null and status = 'ongoing' order by id limit $2)`,
      [status, count],
    );

  test("is told in dispatches, by the hub, the list, the view and the commands alike", async () => {
    await failed(8);
    const operator = operatorOn(database);
    const { id } = (await retryDispatches(operator, {}, { expected: { dispatches: 8, exact: true } })) as Operation;
    const told = async () => {
      const [listed] = await listOperations(operator);
      const one = await getOperation(operator, id);
      expect(listed?.outcome).toEqual(one.outcome);
      const [row] = await database.query<Record<string, unknown>>(
        `select outcome as name, delivered::int, failed::int, retried::int, held::int, ongoing::int, cancelled::int, made as counted
         from eventhub.operation_outcomes where operation_id = $1`,
        [id],
      );
      expect(one.outcome).toMatchObject(row ?? {});
      return one.outcome;
    };
    expect(await told()).toMatchObject({ name: "ongoing", counted: 8, ongoing: 8 });
    await database.query(
      "insert into eventhub.destinations (name, paused_at, paused_by) values ('A', now(), 'operator')",
    );
    expect(await told()).toMatchObject({ name: "ongoing", held: 8, ongoing: 0, secondsLeft: null });
    await settle("complete", 2);
    await settle("ignored", 1);
    await settle("cancelled", 1);
    expect(await told()).toMatchObject({ name: "ongoing", delivered: 3, cancelled: 1, held: 4 });
    await settle("failed", 2);
    expect(await told()).toMatchObject({ name: "partly_failed", failed: 2, retried: 0 });
    await settle("misconfigured", 1);
    await settle("lost", 1);
    const [one] = await database.query<{ id: string }>("select id from eventhub.dispatches where status = 'lost'");
    await retryDispatch(operator, one?.id, {});
    expect((await getOperation(operator, id)).outcome).toMatchObject({ name: "partly_failed", failed: 4, retried: 1 });
    expect(await printed(opsEnv(database), "operations")).toContain("4 of 8 failed again, 3 of 8 delivered");
  });

  test("that all of it failed again is no success, in a word", async () => {
    await failed(8);
    const { id } = (await retryDispatches(operatorOn(database), {}, {})) as Operation;
    await settle("failed", 8);
    const text = await printed(opsEnv(database), "operation", id);
    expect(text).toMatch(/^state +failed$/m);
    expect(text).toMatch(/^cameTo +8 of 8 failed again$/m);
    const [row] = await database.query("select state, outcome from eventhub.operation_outcomes");
    expect(row).toEqual({ state: "finished", outcome: "failed" });
  });

  test("goes with what retention removes, and is not taken for delivered", async () => {
    await failed(3);
    const { id } = (await retryDispatches(operatorOn(database), {}, {})) as Operation;
    await settle("complete", 3);
    await database.query("delete from eventhub.dispatches where operation_id is not null");
    expect(await getOperation(operatorOn(database), id)).toMatchObject({ affected: 3, outcome: { name: "removed" } });
  });

  test("says while it runs what is still to be made and about how long that takes", async () => {
    const id = await halfWay(1_500);
    await database.query("update eventhub.operations set expected = 1500, expected_exact = true");
    expect(await getOperation(operatorOn(database), id)).toMatchObject({
      expected: { dispatches: 1_500, exact: true },
      outcome: { name: "running", counted: 500, remaining: 1_000, secondsLeft: expect.any(Number) },
    });
    // Nothing remains to be made of stopped work.
    const stopped = await stopOperation(operatorOn(database), id, {});
    expect(stopped.outcome).toMatchObject({ remaining: null });
  });
});

test("a chunk and a stop take their locks in one order", async () => {
  const id = await halfWay(600);
  await using holder = await OpenTransaction.begin(
    database,
    sql`select from eventhub.operations where id = ${id}::uuid for update`,
  );
  const both = Promise.all([tick(operatorOn(database)), stopOperation(operatorOn(database), id, {}).catch(() => null)]);
  await someWait(database, 2);
  await holder.commit();
  await both;
  const { state, affected } = await getOperation(operatorOn(database), id);
  expect([await made(), state === "running"]).toEqual([affected, false]);
});
