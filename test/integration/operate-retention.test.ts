import { PgDialect } from "drizzle-orm/pg-core";
import type { PoolClient } from "pg";
import { v7 as uuidv7 } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../schema/database/connection.ts";
import { retryDispatches } from "../../schema/queries/dispatches/retry-dispatches.ts";
import { startOperation } from "../../schema/queries/operations/start-operation.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { eventually } from "../support/eventually.ts";
import { insertHistory } from "../support/history.ts";

/** The two orders in which a retry and retention can meet at one event, each with both transactions open. */

let database: TestDatabase;
let operator: PoolClient;
let retention: PoolClient;
beforeAll(async () => {
  database = await createDatabase();
  [operator, retention] = [await database.pool.connect(), await database.pool.connect()];
});
afterAll(async () => {
  operator?.release(true);
  retention?.release(true);
  await database?.drop();
});
afterEach(async () => {
  for (const client of [operator, retention]) await client.query("rollback");
  await database.clear();
});

const dialect = new PgDialect();

/** Retries the dispatch on the operator's connection, in its current transaction. Returns the new dispatches. */
async function retry(id: string): Promise<object[]> {
  const operationId = uuidv7();
  const operation = { id: operationId, actor: "ada", action: "retry_dispatch", arguments: {} } as const;
  await openDatabase(database).run(startOperation(operation));
  const chunk = { operationId, position: null, next: id, examined: 1, last: true };
  const { sql, params } = dialect.sqlToQuery(retryDispatches([id], { perSecond: 1, delaySeconds: 0 }, chunk));
  return (await operator.query<object>(sql, params)).rows;
}
const expirePayloads = async () =>
  (await retention.query("select eventhub.expire_payloads(interval '7 days') as expired")).rows;

/** Waits until a connection waits for a lock that another one holds. */
async function blocked(client: PoolClient): Promise<void> {
  const { processID } = client as unknown as { processID: number };
  await eventually(async () => {
    const [row] = await database.query<{ n: number }>("select cardinality(pg_blocking_pids($1)) as n", [processID]);
    return (row?.n ?? 0) > 0 ? true : undefined;
  }, "a connection waits for the other one");
}

const oldFailure = async () => {
  const [row] = await insertHistory(database, [{ status: "failed", at: new Date(Date.now() - 10 * 86_400_000) }]);
  return row?.id ?? "";
};
const left = async () => {
  const [row] = await database.query<{ payloads: number; retries: number }>(
    "select (select count(payload) from eventhub.events)::int as payloads, (select count(retry_of) from eventhub.dispatches)::int as retries",
  );
  return row;
};

describe("an old event's payload, where an operator retries and retention runs at the same time", () => {
  test("goes when retention was first, and the retry that waited for it makes nothing", async () => {
    const id = await oldFailure();
    await retention.query("begin");
    expect(await expirePayloads()).toEqual([{ expired: 1 }]);
    const retrying = retry(id);
    await blocked(operator);
    await retention.query("commit");
    expect(await retrying).toEqual([]);
    expect(await left()).toEqual({ payloads: 0, retries: 0 });
  });

  test("stays while the retry has not committed: retention passes by", async () => {
    const id = await oldFailure();
    await operator.query("begin");
    expect(await retry(id)).toHaveLength(1);
    expect(await expirePayloads()).toEqual([{ expired: 0 }]);
    await operator.query("commit");
    expect(await left()).toEqual({ payloads: 1, retries: 1 });
  });

  test("stays when the retry commits between retention's look and its lock: it looks again", async () => {
    const id = await oldFailure();
    // Retention's search calls this function when its snapshot is taken and no row is locked yet.
    await database.query(`alter function eventhub.uuid_at rename to uuid_at_once;
      create function eventhub.uuid_at(at timestamptz) returns uuid language plpgsql as
        $$ begin perform pg_advisory_xact_lock(1); return eventhub.uuid_at_once(at); end $$`);
    try {
      await operator.query("select pg_advisory_lock(1)");
      const expiring = expirePayloads();
      await blocked(retention);
      expect(await retry(id)).toHaveLength(1);
      await operator.query("select pg_advisory_unlock(1)");
      expect(await expiring).toEqual([{ expired: 0 }]);
      expect(await left()).toEqual({ payloads: 1, retries: 1 });
    } finally {
      await operator.query("select pg_advisory_unlock_all()");
      await database.query("drop function eventhub.uuid_at; alter function eventhub.uuid_at_once rename to uuid_at");
    }
  });
});
