import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { showProblems } from "../../infra/cli/ops/show-problems.ts";
import { groupRetrying } from "../../schema/queries/dispatches/list-problems.ts";
import { RetryingTimes } from "../../workers/console/components/RetryingRow.tsx";
import { findProblems } from "../../workers/hub/operator/problems.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn, type Past } from "../support/history.ts";
import { planOf, readsOf } from "../support/query-plans.ts";

const MINUTE = 60_000;
const START = Date.now();
const ago = (minutes: number) => new Date(START - minutes * MINUTE);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

/** Dispatches that have failed once, so many minutes ago, and wait for another attempt in so many. */
async function insertRetrying(
  count: number,
  past: Partial<Past>,
  failedAgo: number,
  nextIn: number,
): Promise<string[]> {
  const rows = Array.from(
    { length: count },
    (_, n): Past => ({
      status: "ongoing",
      destination: "BILLING",
      attempts: 1,
      at: new Date(ago(failedAgo + 1).getTime() + n),
      ...past,
    }),
  );
  const ids = (await insertHistory(database, rows)).map(({ id }) => id);
  await database.query("update eventhub.dispatches set next_attempt_at = $2 where id = any($1::uuid[])", [
    ids,
    ago(-nextIn),
  ]);
  await database.query(
    `insert into eventhub.executions (dispatch_id, attempt, result, reason, instance_id, started_at, finished_at)
     select id, 1, 'failed', 'no', 'i', $2, $2 from unnest($1::uuid[]) id`,
    [ids, ago(failedAgo)],
  );
  return ids;
}

const problems = (destination?: string) =>
  findProblems(operatorOn(database).database, destination === undefined ? {} : { destination });

test("what has failed and is tried again is told by destination and cause, with since when and when it goes on", async () => {
  const [first] = await insertRetrying(12, { reason: "HTTP 503" }, 30, 2);
  await insertRetrying(1, { reason: "customer 7 is locked" }, 20, 5);
  const [customer] = await insertRetrying(1, { reason: "customer 17 is locked" }, 25, 4);
  const [due] = await insertRetrying(1, { destination: "MAIL", reason: "" }, 10, -0.5);
  // Neither what has not been tried yet, nor what has ended, nor what a pause holds.
  await insertRetrying(1, { destination: "HELD", reason: "no" }, 10, 1);
  await database.query(
    "insert into eventhub.destinations (name, paused_at, paused_by) values ('HELD', now(), 'operator')",
  );
  await insertHistory(database, [
    { status: "ongoing", destination: "BILLING" },
    { status: "failed", destination: "BILLING", attempts: 3, reason: "HTTP 503" },
  ]);
  const told = await problems();
  const group = { exact: true, reasons: 1 };
  expect(told.retrying).toEqual([
    {
      ...group,
      destination: "BILLING",
      dispatches: 12,
      reason: "HTTP 503",
      since: ago(30),
      nextAttemptAt: ago(-2),
      example: first,
    },
    {
      ...group,
      destination: "BILLING",
      dispatches: 2,
      reasons: 2,
      reason: "customer 7 is locked",
      since: ago(25),
      nextAttemptAt: ago(-4),
      example: customer,
    },
    { ...group, destination: "MAIL", dispatches: 1, reason: "", since: ago(10), nextAttemptAt: null, example: due },
  ]);
  expect((await problems("MAIL")).retrying).toEqual(told.retrying.slice(2));
  expect((await problems("HELD")).retrying).toEqual([]);
  const rows = await database.query(
    `select destination, dispatches, exact, reason, reasons, since, next_attempt_at as "nextAttemptAt", example from eventhub.retrying`,
  );
  expect(rows).toEqual(told.retrying);
  const lines = showProblems(told).split("\n");
  expect(lines.find((line) => line.includes("retrying"))).toMatch(/destination +retrying +since +next attempt/);
  expect(lines.find((line) => /BILLING +12 /.test(line))).toBeDefined();
});

test("of more than is counted it says so", async () => {
  await insertRetrying(5_001, { reason: "HTTP 503" }, 10, 1);
  // It has failed for longest, and is due last: it is not among those that are counted.
  await insertRetrying(1, { reason: "HTTP 503" }, 600, 120);
  await insertRetrying(1, { destination: "MAIL", reason: "HTTP 500" }, 10, 1);
  const told = await problems();
  expect(
    told.retrying.map(({ destination, dispatches, exact, since }) => [destination, dispatches, exact, since]),
  ).toEqual([
    ["BILLING", 5_000, false, ago(10)],
    ["MAIL", 1, true, ago(10)],
  ]);
  const lines = showProblems(told).split("\n");
  expect(lines.find((line) => line.startsWith("BILLING"))).toMatch(/^BILLING +5000 or more +\S+ \S+ or earlier /);
  expect(lines.find((line) => line.startsWith("MAIL"))).not.toContain("or earlier");
  const [billing, mail] = told.retrying.map((group) => String(RetryingTimes({ group, now: new Date(START) })));
  expect(billing).toMatch(/since <time [^>]*>[^<]*<\/time> or earlier, next attempt/);
  expect(mail).not.toContain("or earlier");
});

test("when many destinations fail at once, none hides another", async () => {
  await database.query(
    `with event as (insert into eventhub.events (id, payload, payload_bytes) values (gen_random_uuid(), '{}', 2) returning id)
     insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, attempts, reason, next_attempt_at)
     select eventhub.new_id(), event.id, 'D' || n % 10, 'one', 5, '{"type": "constant", "interval": 5}', 30, 1, 'HTTP 503', now() + interval '1 hour'
     from generate_series(0, 49999) n, event`,
  );
  // Its dispatches are not called, so they take nobody's share.
  await database.query(
    "insert into eventhub.destinations (name, paused_at, paused_by) values ('D0', now(), 'operator'), ('D1', now(), 'operator')",
  );
  const told = (await problems()).retrying.map(({ destination, dispatches, exact }) => [
    destination,
    dispatches,
    exact,
  ]);
  expect(told.sort()).toEqual(["D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9"].map((name) => [name, 2_500, false]));
});

test("what is tried again is found by its own index, whatever waits for its first attempt beside it", async () => {
  const fill = (n: number) =>
    database.query(
      `with event as (insert into eventhub.events (id, payload, payload_bytes) values (gen_random_uuid(), '{}', 2) returning id)
       insert into eventhub.dispatches (id, event_id, destination, route, max_retries, retry_delay, timeout_seconds, next_attempt_at)
       select eventhub.new_id(), event.id, 'BILLING', 'one', 5, '{"type": "constant", "interval": 5}', 30, now() + interval '1 hour'
       from generate_series(1, $1::int) n, event`,
      [n],
    );
  await fill(50_000);
  await insertRetrying(20, { reason: "HTTP 503" }, 10, 1);
  const expected = ["dispatches by dispatches_retrying"];
  const ways = async (destination?: string) =>
    (await readsOf(database, groupRetrying(destination))).filter((way) => way.startsWith("dispatches"));
  // As it stands before anything was analysed, and after.
  expect([await ways(), await ways("BILLING")]).toEqual([expected, expected]);
  await database.query("analyze eventhub.dispatches");
  expect([await ways(), await ways("BILLING")]).toEqual([expected, expected]);
  const plan = await planOf(database, groupRetrying(), "analyze", "buffers");
  expect(plan["Shared Hit Blocks"]).toBeLessThan(500);
});

test("claiming and recording what is delivered at once touches the index of what is tried again in no way", async () => {
  const [{ size } = { size: "" }] = await database.query<{ size: string }>(
    "select pg_relation_size('eventhub.dispatches_retrying')::text as size",
  );
  await insertHistory(
    database,
    Array.from({ length: 2_000 }, (): Past => ({ status: "ongoing" })),
  );
  await database.query(
    "update eventhub.dispatches set claim = gen_random_uuid(), claims = claims + 1, lease_until = now()",
  );
  await database.query("update eventhub.dispatches set status = 'complete', attempts = 1, resulted_at = now()");
  expect(await database.query("select pg_relation_size('eventhub.dispatches_retrying')::text as size")).toEqual([
    { size },
  ]);
});
