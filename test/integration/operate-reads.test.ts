import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { DispatchFilter, Page } from "../../schema/contract/operator.ts";
import { openDatabase } from "../../schema/database/connection.ts";
import { MAX_FILTER_PATH } from "../../schema/payload/postgres-path.ts";
import { MAX_BUCKET_SECONDS, MAX_FILTER_VALUE } from "../../schema/vocabulary/operator-limits.ts";
import { listDestinations } from "../../workers/hub/operator/destinations.ts";
import { getDispatch, getEvent } from "../../workers/hub/operator/details.ts";
import { pageOfDispatches, pageOfEvents } from "../../workers/hub/operator/lists.ts";
import { getStats } from "../../workers/hub/operator/stats.ts";
import { claimOf } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { insertHistory, operatorOn, type Past } from "../support/history.ts";
import { whileInserting } from "../support/inserting.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

const HOUR = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms);

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database?.drop());
afterEach(() => database.clear());

const operator = () => openDatabase(database);
const insert = (...rows: Past[]) => insertHistory(database, rows);
const list = async (filter: DispatchFilter, page = {}) => pageOfDispatches(operator(), filter, page);
const idsOf = (page: Page<{ id: string }>) => page.items.map(({ id }) => id);

async function allPages(
  filter: DispatchFilter,
  page: { order?: "newest" | "oldest"; limit: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const answer = await list(filter, { ...page, ...(cursor === undefined ? {} : { cursor }) });
    ids.push(...idsOf(answer));
    cursor = answer.cursor;
    if (cursor === undefined) return ids;
  }
}

describe("listDispatches", () => {
  test("finds by each part of a filter, and by all of them", async () => {
    const [one, two, three, four] = await insert(
      {
        status: "failed",
        destination: "A",
        route: "r1",
        reason: "HTTP 503 from upstream",
        at: ago(5 * HOUR),
        resultedAt: ago(HOUR),
      },
      { status: "complete", destination: "A", route: "r2", at: ago(4 * HOUR), idempotencyKey: "key-2" },
      {
        status: "lost",
        destination: "B",
        route: "r1",
        reason: "lost it",
        at: ago(3 * HOUR),
        payload: { a: { "b c": [1, { d: "x" }] } },
      },
      { status: "ongoing", destination: "B", route: "r2", at: ago(2 * HOUR), payload: { a: [{ d: "x" }], n: null } },
    ).then((rows) => rows.map(({ id }) => id));
    const finds = async (filter: DispatchFilter, ...expected: (string | undefined)[]) =>
      expect(idsOf(await list(filter, { order: "oldest" })), JSON.stringify(filter)).toEqual(expected);
    await finds({}, one, two, three, four);
    await finds({ status: "failed" }, one);
    await finds({ status: ["lost", "failed", "ongoing"] }, one, three, four);
    await finds({ destination: "B" }, three, four);
    await finds({ route: "r1" }, one, three);
    await finds({ reason: "http 503" }, one);
    await finds({ since: ago(3.5 * HOUR) }, three, four);
    await finds({ until: ago(3.5 * HOUR).toISOString() }, one, two);
    await finds({ since: ago(4.5 * HOUR), until: ago(2.5 * HOUR) }, two, three);
    await finds({ resultedSince: ago(2 * HOUR) }, one);
    await finds({ idempotencyKey: "key-2" }, two);
    await finds({ ids: [two ?? "", four ?? ""] }, two, four);
    await finds({ payload: { path: "$.a['b c'][1].d", equals: "x" } }, three);
    await finds({ payload: { path: "$.a[*].d", equals: "x" } }, four);
    await finds({ payload: { path: "$.a.*[*].d", equals: "x" } }, three);
    await finds({ payload: { path: "$.n", equals: null } }, four);
    await finds({ payload: { path: "$.a.d", equals: "x" } });
    await finds(
      { status: ["failed", "lost"], destination: "B", route: "r1", reason: "LOST", since: ago(4 * HOUR) },
      three,
    );
  });

  test.each(["newest", "oldest"] as const)(
    "pages through, %s first, each once, while others are inserted",
    async (order) => {
      const rows = await insert(
        ...Array.from(
          { length: 95 },
          (_, n): Past => ({ status: n % 2 === 0 ? "failed" : "lost", at: ago(10 * HOUR - n * 60_000) }),
        ),
      );
      const before = rows.map(({ id }) => id);
      const inserted: string[] = [];
      const insertMore = async () => {
        const made = await insert({ status: "failed" }, { status: "failed", at: ago(20 * HOUR) });
        inserted.push(...made.map(({ id }) => id));
      };
      const pages = () => allPages({ status: ["failed", "lost"] }, { order, limit: 10 });
      const ids = await whileInserting(insertMore, pages, 0);
      expect(inserted.length).toBeGreaterThan(0);
      expect(new Set(ids).size).toBe(ids.length);
      expect([...ids].sort()).toEqual(order === "oldest" ? ids : [...ids].reverse());
      const own = new Set(before);
      expect(ids.filter((id) => own.has(id))).toEqual(order === "oldest" ? before : [...before].reverse());
    },
  );

  test("looks on for what no index finds until it is found, the end is there or the time is up, and says how far it is", async () => {
    await insert(
      ...Array.from(
        { length: 2_500 },
        (_, n): Past => ({ status: "failed", payload: { n }, at: ago(10 * HOUR - n * 1_000) }),
      ),
    );
    const filter: DispatchFilter = { payload: { path: "$.n", equals: 2_400 } };
    const one = await list(filter, { order: "oldest" });
    expect(one.items).toHaveLength(1);
    expect([one.cursor, one.looked]).toEqual([undefined, undefined]);

    // No time for more than the first statement.
    const short = (page: object) => pageOfDispatches(operator(), filter, { order: "oldest", ...page }, { lookMs: 0 });
    await database.query("analyze eventhub.dispatches");
    const first = await short({});
    expect(first).toMatchObject({ items: [], cursor: expect.any(String), looked: { rows: 2_000, of: 2_500 } });
    expect(first.looked?.to.getTime()).toBeCloseTo(ago(10 * HOUR - 1_999_000).getTime(), -4);
    const second = await short({ cursor: first.cursor });
    expect(second.items).toHaveLength(1);
    expect(second.cursor).toBeUndefined();
  });

  test("refuses what it does not understand, and says where", async () => {
    const [row] = await insert({ status: "failed" }, { status: "failed" });
    const { cursor } = await list({ status: "failed" }, { limit: 1 });
    const refusals: [() => Promise<unknown>, string][] = [
      [
        () => list({ status: "broken" as never }),
        "[invalid_arguments] filter.status: must be one or several of ongoing, complete",
      ],
      [() => list({ since: "yesterday" }), "[invalid_arguments] filter.since: must be a Date, an ISO 8601 time"],
      [() => list({ ids: ["x"] }), "[invalid_arguments] filter.ids.0: must be a UUID"],
      [() => list({ colour: "red" } as never), "[invalid_arguments] filter.colour: is not known"],
      [
        () => list({ payload: { path: "$..a", equals: 1 } }),
        "[invalid_arguments] filter.payload.path: must be a JSONPath of names",
      ],
      [() => list({ payload: { path: "$['a\0']", equals: 1 } }), "[invalid_arguments] filter.payload.path: must be"],
      [() => list({ payload: { path: `$${".a".repeat(250)}`, equals: 1 } }), "filter.payload.path: must be a JSONPath"],
      ...["\0", "half a \ud800", "x".repeat(MAX_FILTER_VALUE + 1), Number.NaN].map(
        (equals): [() => Promise<unknown>, string] => [
          () => list({ payload: { path: "$.a", equals } }),
          "[invalid_arguments] filter.payload.equals: must be text that Postgres can store of at most 10000 characters",
        ],
      ),
      ...(["destination", "route", "reason", "idempotencyKey"] as const).flatMap((key) =>
        ["\0", "\udc00", ""].map((text): [() => Promise<unknown>, string] => [
          () => list({ [key]: text }),
          `[invalid_arguments] filter.${key}: must`,
        ]),
      ),
      ...["2027-02-30", "2026-02-29T08:00:00Z", "2026-11-31T23:59:59.999+01:00", "2026-13-01", "2026-11-23T25:00Z"].map(
        (since): [() => Promise<unknown>, string] => [
          () => list({ since }),
          "[invalid_arguments] filter.since: must be a Date, an ISO 8601 time",
        ],
      ),
      [
        () => getStats(operator(), { bucket: MAX_BUCKET_SECONDS + 1 }),
        "[invalid_arguments] options.bucket: must be an integer from 1 to 31536000",
      ],
      [() => list({}, { limit: 501 }), "[invalid_arguments] page.limit: must be an integer from 1 to 500"],
      [() => list({}, { limit: 0 }), "[invalid_arguments] page.limit: must be an integer from 1 to 500"],
      [
        () => list({ status: "lost" }, { limit: 1, cursor }),
        "[invalid_arguments] page.cursor: belongs to another list",
      ],
      [() => list({}, { cursor: "x'; drop table" }), "[invalid_arguments] page.cursor: is not a cursor"],
      [() => getDispatch(operator(), "x"), "[invalid_arguments] id: must be a UUID"],
      [() => getDispatch(operator(), randomUUID()), "[not_found] there is no dispatch"],
      [() => getEvent(operator(), row?.id), "[not_found] there is no event"],
      [
        () => getStats(operator(), { since: ago(48 * HOUR), bucket: "minute" }),
        "[invalid_arguments] options.bucket: makes more",
      ],
    ];
    for (const [call, message] of refusals) await expect(call(), message).rejects.toThrow(message);
  });
});

test("the longest that a filter takes is found: a path of wildcards, a text, a bucket of a year, a leap day", async () => {
  const depth = Math.floor((MAX_FILTER_PATH - 1) / 2) - 1;
  const deep = Array.from({ length: depth }).reduce<unknown>((inner, _, n) => (n % 2 ? [inner] : { a: inner }), 1);
  const long = "x".repeat(MAX_FILTER_VALUE);
  const [one] = await insert({ status: "failed", payload: { deep } }, { status: "failed", payload: { long } });
  const wildcards = `$${".*".repeat(depth + 1)}`;
  expect(idsOf(await list({ payload: { path: wildcards, equals: 1 } }))).toEqual([one?.id]);
  expect(idsOf(await list({ payload: { path: "$.long", equals: long } }))).toHaveLength(1);
  expect(await list({ since: "2028-02-29T00:00:00Z" })).toEqual({ items: [] });
  expect((await getStats(operator(), { bucket: MAX_BUCKET_SECONDS })).resulted).toHaveLength(1);
});

test("an event and a dispatch are told with all that belongs to them", async () => {
  const [row] = await insert({ status: "failed", reason: "no", attempts: 2, idempotencyKey: "k", payload: { a: 1 } });
  if (row === undefined) throw new Error("no row");
  await database.query(
    `insert into eventhub.executions select $1, n, 'failed', 'no ' || n, 'instance', now(), now() + interval '1 second' from generate_series(1, 2) n`,
    [row.id],
  );
  const dispatch = await getDispatch(operator(), row.id);
  expect(dispatch).toMatchObject({
    id: row.id,
    status: "failed",
    reason: "no",
    attempts: 2,
    retriedBy: null,
    event: { id: row.eventId, idempotencyKey: "k", createdAt: expect.any(Date), own: false, routed: true },
    executions: [
      { attempt: 1, result: "failed", reason: "no 1", startedAt: expect.any(Date) },
      { attempt: 2, result: "failed", reason: "no 2" },
    ],
  });
  expect(await getEvent(operator(), row.eventId)).toMatchObject({
    payload: { a: 1 },
    dispatches: [{ id: row.id, status: "failed" }],
  });
  expect(await pageOfEvents(operator(), { idempotencyKey: "k" }, {})).toEqual({
    items: [expect.objectContaining({ id: row.eventId, statuses: { failed: 1 } })],
  });
  expect(
    await database.query(
      "select attempt, result, destination, took::text from eventhub.dispatch_timeline where event_id = $1 order by 1",
      [row.eventId],
    ),
  ).toEqual([
    { attempt: 1, result: "failed", destination: "SCRIPTED", took: "00:00:01" },
    { attempt: 2, result: "failed", destination: "SCRIPTED", took: "00:00:01" },
  ]);
});

test("health, stats and the views agree", async () => {
  const at = ago(0.5 * HOUR);
  const resultedAt = new Date(at.getTime() + 2_000);
  const rows = [
    ...Array.from({ length: 6 }, (): Past => ({ status: "complete", at, resultedAt, attempts: 1 })),
    { status: "failed", at, resultedAt },
    { status: "misconfigured", at: ago(5 * HOUR) },
    { status: "lost", at: ago(5 * HOUR) },
    { status: "complete", at: ago(30 * HOUR) },
    { status: "ongoing", at: ago(3 * HOUR) },
    { status: "ongoing", destination: "SINGLE", at: ago(2 * HOUR) },
  ] satisfies Past[];
  const made = await insert(...rows);
  const destinations = await listDestinations(operator(), operatorOn(database).routes().config);
  expect(destinations.find(({ name }) => name === "SCRIPTED")).toMatchObject({
    kind: "worker",
    pausedAt: null,
    ongoing: 1,
    hour: { successRate: 0.8571, statuses: { complete: 6, failed: 1, lost: 0 }, p50Ms: 2_000, p99Ms: 2_000 },
    day: { successRate: 0.6667, statuses: { complete: 6, failed: 1, misconfigured: 1, lost: 1 } },
  });
  expect(destinations.find(({ name }) => name === "ARCHIVE")).toMatchObject({
    kind: "r2",
    ongoing: 0,
    hour: { successRate: null },
  });
  const { resulted, ongoing } = await getStats(operator(), { since: ago(6 * HOUR), bucket: 6 * 3_600 });
  expect(resulted.map(({ status, dispatches }) => [status, dispatches])).toEqual([
    ["complete", 6],
    ["failed", 1],
    ["lost", 1],
    ["misconfigured", 1],
  ]);
  expect(ongoing.map(({ destination, dispatches }) => [destination, dispatches])).toEqual([
    ["SCRIPTED", 1],
    ["SINGLE", 1],
  ]);
  const views = async (name: string) =>
    (await database.query<{ id: string }>(`select dispatch_id as id from eventhub.${name} order by 1`)).map(
      ({ id }) => id,
    );
  expect(await views("failed_dispatches")).toEqual([made[7]?.id, made[6]?.id]);
  expect(await views("lost_dispatches")).toEqual([made[8]?.id]);
  expect(await views("overdue_dispatches")).toEqual([made[10]?.id, made[11]?.id]);
  await database.query("insert into eventhub.destinations (name, paused_at) values ('SINGLE', now())");
  expect(await views("overdue_dispatches")).toEqual([made[10]?.id]);
  // After the resume, it holds back what was enqueued before until the drain reaches it, but not what an instance owns.
  await database.query("update eventhub.destinations set paused_at = null, drain_from = now()");
  expect(await views("overdue_dispatches")).toEqual([made[10]?.id]);
  await database.query("update eventhub.dispatches set instance_id = 'gone' where id = $1", [made[11]?.id]);
  expect(await views("overdue_dispatches")).toEqual([made[10]?.id, made[11]?.id]);
  await database.query("update eventhub.dispatches set instance_id = null, enqueued_at = now() where id = $1", [
    made[11]?.id,
  ]);
  expect(await views("overdue_dispatches")).toEqual([made[10]?.id, made[11]?.id]);
});

test("a claim is a HOT update: it touches no index", async () => {
  // Deleted rows of earlier tests take the space in their pages that such an update needs.
  await database.query("truncate eventhub.dispatches cascade");
  const made = await insert(...Array.from({ length: 10 }, (): Past => ({ status: "ongoing" })));
  const counts = async () => {
    const [row] = await database.query<{ updated: number; hot: number }>(
      "select n_tup_upd::int as updated, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'dispatches'",
    );
    return row ?? { updated: 0, hot: 0 };
  };
  const client = await database.pool.connect();
  try {
    await client.query("select pg_stat_force_next_flush()");
    const before = await counts();
    // On this connection, which then reports its counts.
    const statement = claimOf(made.map(({ id }) => id));
    expect((await client.query(textOf(statement), parametersOf(statement))).rows.map((row) => row.answer)).toEqual(
      Array(10).fill("mine"),
    );
    await client.query("select pg_stat_force_next_flush()");
    await client.query("select 1");
    const after = await counts();
    expect({ updated: after.updated - before.updated, hot: after.hot - before.hot }).toEqual({ updated: 10, hot: 10 });
  } finally {
    client.release();
  }
});
