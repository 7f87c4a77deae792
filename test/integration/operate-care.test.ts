import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { type BreakerRule, closeBreakers, tripBreakers } from "../../schema/queries/destinations/decide-breakers.ts";
import { drainResumed } from "../../schema/queries/destinations/drain-resumed.ts";
import { requeueUnclaimed } from "../../schema/queries/dispatches/requeue-unclaimed.ts";
import { DRAIN_AHEAD_SECONDS } from "../../schema/vocabulary/limits.ts";
import { prune } from "../../workers/executor/reconcile/prune.ts";
import { resumeDestination } from "../../workers/hub/operator/pause-destination.ts";
import { retryDispatch } from "../../workers/hub/operator/retry.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn, type Past } from "../support/history.ts";

const DAY = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const neon = () => openDatabase(database);
const config = (retention: object) => parseRouteConfig({ routes: [], retention });
const count = async (what: string) =>
  (await database.query<{ n: number }>(`select count(*)::int as n from eventhub.${what}`))[0]?.n;

describe("a resumed destination", () => {
  const resumed = (name: string) =>
    database.query(
      "insert into eventhub.destinations (name, resumed_at, drain_from, drained_at) values ($1, now(), now(), now())",
      [name],
    );
  const drain = (perSecond: number) => neon().run(drainResumed([{ name: "A", perSecond }], 1));
  const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
  const held = (count: number, destination: string) =>
    insertHistory(
      database,
      Array.from(
        { length: count },
        (_, n): Past => ({ status: "ongoing", destination, at: new Date(Date.now() - (1_000 + count - n) * 1_000) }),
      ),
    );

  test("drains oldest first, each once and one after another at its rate, some minutes ahead", async () => {
    const waiting = await held(310, "A");
    await resumed("A");
    const rows = await drain(0.5);
    expect(idsOf(rows)).toEqual(waiting.slice(0, DRAIN_AHEAD_SECONDS / 2).map(({ id }) => id));
    const due = rows.map((row) => row.due_in_ms);
    expect(due[0]).toBeGreaterThanOrEqual(0);
    expect(due.map((at) => at - (due[0] ?? 0))).toEqual(due.map((_, n) => n * 2_000));
    // Five minutes are assigned. What was assigned a moment ago is not assigned again.
    const next = await drain(0.5);
    expect(next.length).toBeLessThan(20);
    await database.query("update eventhub.destinations set drained_at = drained_at - interval '1 minute'");
    const later = await drain(0.5);
    expect(later.length).toBeGreaterThanOrEqual(30);
    const all = [...rows, ...next, ...later];
    expect(idsOf(all)).toEqual(waiting.slice(0, all.length).map(({ id }) => id));
  });

  test("is drained when nothing is left, beside others that are requeued meanwhile", async () => {
    const waiting = await held(20, "A");
    const [other] = await held(1, "B");
    await resumed("A");
    expect(idsOf(await neon().run(requeueUnclaimed({ graceSeconds: 60, limit: 1_000 })))).toEqual([other?.id]);
    expect(idsOf(await drain(1_000))).toEqual(waiting.map(({ id }) => id));
    expect(await database.query("select drain_from from eventhub.destinations")).toEqual([{ drain_from: null }]);
    expect(await count("dispatches where enqueues = 1 and enqueued_at >= next_attempt_at - interval '1 s'")).toBe(20);
  });

  test("gives out nothing of long ago at once when nobody has looked for hours", async () => {
    await held(200, "A");
    await resumed("A");
    await database.query("update eventhub.destinations set drained_at = now() - interval '1 day'");
    const rows = await drain(0.1);
    expect(rows).toHaveLength(DRAIN_AHEAD_SECONDS / 10);
    expect(rows[0]?.due_in_ms).toBeGreaterThanOrEqual(0);
  });

  test("has what came after the resume, and what was drained, enqueued again like others, while the rest is held", async () => {
    const [lost, drained] = await held(3, "A");
    await database.query(
      "insert into eventhub.destinations (name, resumed_at, drain_from, drained_at) select 'A', t, t, t from (select now() - interval '10 minutes' as t) t",
    );
    await database.query(
      "update eventhub.dispatches set enqueued_at = now() - interval '5 minutes' where id = any($1)",
      [[lost?.id, drained?.id]],
    );
    const rows = await neon().run(requeueUnclaimed({ graceSeconds: 60, limit: 10 }));
    expect(rows.map(({ id }) => id).sort()).toEqual([lost?.id, drained?.id].sort());
  });

  test("is drained once by runs that overlap", async () => {
    const waiting = await held(200, "A");
    await resumed("A");
    const runs = await Promise.all([1, 2, 3, 4].map(() => drain(50)));
    expect(idsOf(runs.flat()).sort()).toEqual(waiting.map(({ id }) => id).sort());
  });
});

describe("a breaker", () => {
  const rule: BreakerRule = { name: "A", failures: 3, seconds: 60, probeSeconds: 30 };
  const executed = async (...results: [result: string, secondsAgo: number, took?: number][]) => {
    const [row] = await insertHistory(database, [{ status: "ongoing", destination: "A" }]);
    for (const [index, [result, seconds, took = 0]] of results.entries()) {
      await database.query(
        `insert into eventhub.executions values ($1, $2, $3, 'no', 'instance', now() - make_interval(secs => $4::float8 + $5::float8), now() - make_interval(secs => $4))`,
        [row?.id, index + 1, result, seconds, took],
      );
    }
  };
  const trip = () => neon().run(tripBreakers([rule]));

  test("trips at as many failures as it says, once, and not below", async () => {
    await executed(["failed", 1], ["failed", 2]);
    expect(await trip()).toEqual([]);
    await executed(["misconfigured", 3], ["misconfigured", 3]);
    expect(await trip()).toEqual([]);
    await executed(["failed", 3]);
    expect((await Promise.all([trip(), trip(), trip()])).flat()).toEqual([{ name: "A" }]);
    expect(await trip()).toEqual([]);
    expect(await database.query("select actor, action, affected from eventhub.operations")).toEqual([
      { actor: "breaker", action: "pause_destination", affected: 3 },
    ]);
    expect(
      await database.query("select payload->>'kind' as kind, payload->>'by' as by from eventhub.events where own"),
    ).toEqual([{ kind: "eventhub.destination.paused", by: "breaker" }]);
  });

  test("does not trip for one success, for what was long ago, or for what was before a resume", async () => {
    await executed(["failed", 1], ["failed", 1], ["ignored", 1], ["failed", 1]);
    expect(await trip()).toEqual([]);
    await database.query("truncate eventhub.executions");
    await executed(["failed", 61], ["failed", 61], ["failed", 61]);
    expect(await trip()).toEqual([]);
    await executed(["failed", 10], ["failed", 10], ["failed", 10]);
    await database.query(
      "insert into eventhub.destinations (name, resumed_at) values ('A', now() - interval '5 seconds')",
    );
    expect(await trip()).toEqual([]);
    // They began before the resume, and timed out after it.
    await executed(["failed", 1, 30], ["failed", 1, 30], ["failed", 1, 30]);
    expect(await trip()).toEqual([]);
    await executed(["failed", 1, 2], ["failed", 1, 2], ["failed", 1, 2]);
    expect(await trip()).toEqual([{ name: "A" }]);
  });

  test("is not closed by a call that was begun before it tripped, and is by one that was begun since", async () => {
    const pausedAgo = (seconds: number) =>
      database.query(
        "insert into eventhub.destinations (name, paused_at, paused_by) values ('A', now() - make_interval(secs => $1), 'breaker')",
        [seconds],
      );
    const succeeded = async (secondsAgo: number, took: number) => {
      await executed(["complete", secondsAgo, took]);
      await database.query(
        "update eventhub.dispatches set status = 'complete', resulted_at = now() where status = 'ongoing'",
      );
    };
    await pausedAgo(20);
    await succeeded(1, 30);
    expect(await neon().run(closeBreakers())).toEqual([]);
    await succeeded(1, 5);
    expect(await neon().run(closeBreakers())).toEqual([{ name: "A" }]);
  });
});

test("a resume is told with who resumed, and one of what is not paused is not told at all", async () => {
  const operator = operatorOn(database);
  const { config: routes } = operator.routes();
  const pausedBy = (who: string) =>
    database.query(
      `insert into eventhub.destinations (name, paused_at, paused_by) values ('SCRIPTED', now() - interval '1 minute', $1)
       on conflict (name) do update set paused_at = excluded.paused_at, paused_by = excluded.paused_by`,
      [who],
    );
  await pausedBy("breaker");
  await resumeDestination(operator, routes, "SCRIPTED", {});
  await resumeDestination(operator, routes, "SCRIPTED", {});
  const [row] = await insertHistory(database, [{ status: "complete", destination: "SCRIPTED" }]);
  await database.query("insert into eventhub.executions values ($1, 1, 'complete', null, 'instance', now(), now())", [
    row?.id,
  ]);
  await pausedBy("breaker");
  expect(await neon().run(closeBreakers())).toEqual([{ name: "SCRIPTED" }]);
  expect(
    await database.query(
      "select payload->>'kind' as kind, payload->>'by' as by from eventhub.events where own order by id",
    ),
  ).toEqual([
    { kind: "eventhub.destination.paused", by: "breaker" },
    { kind: "eventhub.destination.resumed", by: "operator" },
    { kind: "eventhub.destination.paused", by: "breaker" },
    { kind: "eventhub.destination.resumed", by: "breaker" },
  ]);
  expect(await database.query("select actor, action from eventhub.operations order by id")).toEqual([
    { actor: "tests", action: "resume_destination" },
    { actor: "breaker", action: "resume_destination" },
  ]);
});

describe("retention", () => {
  test("takes payloads after one age and rows after another, and nothing that is ongoing", async () => {
    const rows = await insertHistory(database, [
      { status: "complete", at: daysAgo(100), idempotencyKey: "oldest" },
      { status: "complete", at: daysAgo(10), idempotencyKey: "old" },
      { status: "failed", at: daysAgo(1) },
      { status: "ongoing", at: daysAgo(100) },
      { status: "ongoing", at: daysAgo(10) },
      { status: "failed", at: daysAgo(100), resultedAt: daysAgo(1) },
    ]);
    await database.query(
      "insert into eventhub.executions select id, 1, 'failed', null, 'i', now(), now() from eventhub.dispatches",
    );
    await database.query("select eventhub.emit('{\"unrouted\": true}')");
    await database.query("update eventhub.events set created_at = $1, id = eventhub.uuid_at($1) where not routed", [
      daysAgo(200),
    ]);
    expect(await prune({ database: neon(), config: config({ payloadDays: 7, rowDays: 90 }) })).toEqual({
      rows: 1,
      payloads: 2,
      unfinished: false,
    });
    const left = await database.query<{ id: string; there: boolean; key: string }>(
      "select id, payload is not null as there, idempotency_key as key from eventhub.events where routed",
    );
    const of = (index: number) => left.find(({ id }) => id === rows[index]?.eventId);
    expect([0, 1, 2, 3, 4, 5].map((index) => of(index)?.there)).toEqual([undefined, false, true, true, true, false]);
    expect(of(1)?.key).toBe("old");
    expect(await count("events where not routed and payload is not null")).toBe(1);
    expect([await count("dispatches"), await count("executions")]).toEqual([5, 5]);
    expect(await prune({ database: neon(), config: config({ payloadDays: 7, rowDays: 90 }) })).toEqual({
      rows: 0,
      payloads: 0,
      unfinished: false,
    });
    expect(await prune({ database: neon(), config: parseRouteConfig({ routes: [] }) })).toEqual({
      rows: 0,
      payloads: 0,
      unfinished: false,
    });
  });

  test("works in batches until all is done", async () => {
    await insertHistory(
      database,
      Array.from({ length: 2_300 }, (): Past => ({ status: "complete", at: daysAgo(10) })),
    );
    expect(await prune({ database: neon(), config: config({ payloadDays: 7 }) })).toEqual({
      rows: 0,
      payloads: 2_300,
      unfinished: false,
    });
  });

  test("beside retries leaves each retry its payload", async () => {
    const rows = await insertHistory(
      database,
      Array.from({ length: 300 }, (): Past => ({ status: "failed", at: daysAgo(10) })),
    );
    const operator = operatorOn(database);
    const retries = Promise.allSettled(
      rows
        .slice(0, 60)
        .reverse()
        .map(({ id }) => retryDispatch(operator, id, {})),
    );
    for (let run = 0; run < 30; run++) await database.query("select eventhub.expire_payloads(interval '7 days', 10)");
    const made = (await retries).filter(({ status }) => status === "fulfilled").length;
    expect(
      await count(
        "dispatches d join eventhub.events e on e.id = d.event_id where retry_of is not null and payload is null",
      ),
    ).toBe(0);
    expect(await count("dispatches where retry_of is not null")).toBe(made);
    await prune({ database: neon(), config: config({ payloadDays: 7 }) });
    expect(await count("events where payload is not null")).toBe(made);
  });
});

test("ids made in SQL are UUIDs of version 7 that sort by time", async () => {
  const clock = "(extract(epoch from clock_timestamp()) * 1000)::float8";
  const rows = await database.query<{ id: string; before: number; after: number; least: string }>(
    `select floor(${clock}) as before, eventhub.new_id() as id, ceil(${clock}) as after, eventhub.uuid_at(now()) as least from generate_series(1, 100)`,
  );
  for (const { id, before, after, least } of rows) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const ms = Number.parseInt(id.replace("-", "").slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(after);
    expect(id >= least).toBe(true);
  }
  expect(new Set(rows.map(({ id }) => id)).size).toBe(100);
});
