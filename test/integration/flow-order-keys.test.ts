import { describe, expect, test } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import type { Database } from "../../schema/database/connection.ts";
import { letGo } from "../../schema/queries/flow/arrive.ts";
import { lookAfterFlows } from "../../workers/executor/reconcile/look-after-flows.ts";
import type { MethodContext } from "../../workers/hub/operator/context.ts";
import { pageOfFlows } from "../../workers/hub/operator/flows.ts";
import { pauseKey, resumeKey } from "../../workers/hub/operator/key-actions.ts";
import { listOperations } from "../../workers/hub/operator/operations.ts";
import { setFlow } from "../../workers/hub/operator/set-flow.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import type { TestDatabase } from "../support/database.ts";
import { arrived, insertWaiting, nth, Puller, useDatabase } from "../support/flow-database.ts";
import { operatorOn } from "../support/history.ts";

let stored: TestDatabase;
let database: Database;
useDatabase((...given) => {
  [stored, database] = given;
});

/** An operator with the configuration of these destinations, or without one. */
function operator(destinations?: object): MethodContext & { enqueued: string[] } {
  const config = destinations && parseRouteConfig({ destinations, routes: [] });
  return { ...operatorOn(stored), config: () => config };
}

const ORDERED = { LIMITED: { kind: "worker", order: { key: "$.id", onFailure: "hold" } } };

const waits = async () =>
  Object.fromEntries(
    (
      await stored.query<{ dispatch_id: string; waiting_for: string }>(
        "select dispatch_id, waiting_for from eventhub.waiting_dispatches",
      )
    ).map(({ dispatch_id, waiting_for }) => [dispatch_id, waiting_for]),
  );

const told = async () =>
  (
    await stored.query<{ payload: Record<string, unknown> }>(
      "select payload from eventhub.events where own and payload->>'kind' like 'eventhub.key.%' order by id",
    )
  ).map(({ payload: { kind, key, by } }) => [kind, key, ...(by === undefined ? [] : [by])]);

describe("a key of an order", () => {
  test("is held alone by a pause, and goes on with its first when it is resumed", async () => {
    const ids = await insertWaiting(stored, [{ order: "a" }, { order: "a" }, { order: "b" }]);
    await arrived(database, ids);
    const by = operator(ORDERED);
    expect(await pauseKey(by, "LIMITED", "a", { reason: "bad data", actor: "ada" })).toMatchObject({
      of: "order",
      key: "a",
      waiting: 2,
      head: ids[0],
      waitingFor: "pause",
      pauseReason: "bad data",
    });
    await arrived(database, ids);
    const puller = new Puller(database, {});
    expect((await puller.take()).ids).toEqual([ids[2]]);
    expect(await waits()).toEqual({ [nth(ids, 0)]: "key_pause", [nth(ids, 1)]: "key_pause" });
    await stored.query(
      "update eventhub.dispatches set next_attempt_at = now() - interval '1 hour' where order_key = 'a'",
    );
    expect(await stored.query("select * from eventhub.overdue_dispatches")).toEqual([]);

    expect(await resumeKey(by, "LIMITED", "a", {})).toMatchObject({ of: "order", pausedAt: null, waitingFor: "turn" });
    expect(by.enqueued).toEqual([ids[0]]);
    expect((await puller.take()).ids).toEqual([ids[0]]);
    expect((await listOperations(by)).map(({ action, affected, arguments: args }) => [action, affected, args])).toEqual(
      [
        ["resume_key", 2, { destination: "LIMITED", key: "a", of: "order", reason: null }],
        ["pause_key", 2, { destination: "LIMITED", key: "a", of: "order", reason: "bad data" }],
      ],
    );
  });

  test("that is paused while its first is called waits once that has ended, whatever it came to", async () => {
    const ids = await insertWaiting(stored, [
      { order: "a", maxRetries: 1 },
      { order: "a" },
      { order: "b" },
      { order: "b" },
    ]);
    await arrived(database, ids);
    const puller = new Puller(database, {});
    const { rows } = await puller.take();
    expect(rows.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    const by = operator(ORDERED);
    for (const key of ["a", "b"]) await pauseKey(by, "LIMITED", key, {});
    await puller.end(nth(rows, 0), "failed", { status: "ongoing" });
    await puller.end(nth(rows, 1));
    await arrived(database, ids);
    expect((await puller.take()).ids).toEqual([]);
    expect(await stored.query("select id from eventhub.dispatches where head or waiting")).toEqual([]);
    for (const key of ["a", "b"]) await resumeKey(by, "LIMITED", key, {});
    expect((await puller.take()).ids.toSorted()).toEqual([nth(ids, 0), nth(ids, 3)].toSorted());
  });

  test("is meant where only the order has keys; one that the destination cannot have is refused", async () => {
    await arrived(database, []);
    const limited = operator({ LIMITED: { kind: "worker", limits: [{ concurrency: 1 }] } });
    await expect(pauseKey(limited, "LIMITED", "a", {})).rejects.toThrow(
      '[conflict] LIMITED has no limit with a key, so it has no key "a": pause the destination instead',
    );
    await expect(pauseKey(limited, "LIMITED", "a", { of: "order" })).rejects.toThrow(
      '[conflict] LIMITED has no order, so it has no key "a": pause the destination instead',
    );
    const until = new Date(Date.now() + 60_000);
    await expect(setFlow(operator(ORDERED), "LIMITED", { key: "a", concurrency: 1, until }, {})).rejects.toThrow(
      '[conflict] LIMITED has no limit with a key, so it has no key "a": leave the key out to set limits for the whole destination',
    );
    const both = operator({
      LIMITED: { kind: "worker", limits: [{ key: "$.c", concurrency: 1 }], order: ORDERED.LIMITED.order },
    });
    expect(await pauseKey(both, "LIMITED", "a", {})).toMatchObject({ of: "limits" });
    expect(await resumeKey(both, "LIMITED", "a", {})).toMatchObject({ of: "limits", pausedAt: null });
  });

  test("is told apart by what is there where nobody knows the configuration", async () => {
    const ids = await insertWaiting(stored, [{ order: "a" }, { key: "k" }, { order: "" }]);
    await arrived(database, ids);
    const by = operator();
    expect(await pauseKey(by, "LIMITED", "a", {})).toMatchObject({ of: "order" });
    expect(await pauseKey(by, "LIMITED", "k", {})).toMatchObject({ of: "limits" });
    await expect(pauseKey(by, "LIMITED", "", {})).rejects.toThrow(
      '[conflict] LIMITED has the key "" both of its limits and of its order: say which one with of',
    );
    expect(await pauseKey(by, "LIMITED", "", { of: "order" })).toMatchObject({ of: "order", waiting: 1 });
    const puller = new Puller(database, {});
    expect((await puller.take()).ids).toEqual([]);
    // By the last known limits, it has no keys but those of its order.
    await resumeKey(by, "LIMITED", "k", {});
    await stored.query("delete from eventhub.dispatches where flow_key = 'k'");
    await stored.query("delete from eventhub.flow_keys where key = 'k'");
    expect(await pauseKey(by, "LIMITED", "new", {})).toMatchObject({ of: "order", waiting: 0 });
    const until = new Date(Date.now() + 60_000);
    await expect(setFlow(by, "LIMITED", { key: "new", concurrency: 1, until }, {})).rejects.toThrow(
      '[conflict] LIMITED has no limit with a key, so it has no key "new": leave the key out to set limits for the whole destination',
    );
  });
});

test("keys of orders are listed page by page, by what they wait for, and the busiest first", async () => {
  const keys = ["a", "b", "c", "d"];
  const ids = await insertWaiting(
    stored,
    keys.flatMap((order, n) => Array.from({ length: n + 1 }, () => ({ order, key: "k" }))),
  );
  await arrived(database, ids);
  const puller = new Puller(database, { hold: true });
  const { rows } = await puller.take(1);
  await puller.end(nth(rows, 0), "failed");
  await pauseKey(operator(), "LIMITED", "b", {});
  const list = async (filter: object, page: object) =>
    (await pageOfFlows(database, { of: "order", ...filter }, page)).items.map(
      ({ key, waiting, waitingFor, heldBy }) => [key, waiting, waitingFor, ...(heldBy === null ? [] : [heldBy])],
    );
  const first = await pageOfFlows(database, { of: "order" }, { limit: 3 });
  expect(first.items.map(({ key }) => key)).toEqual(["a", "b", "c"]);
  expect(await list({}, { limit: 3, cursor: first.cursor })).toEqual([["d", 4, "turn"]]);
  expect(await list({}, {})).toEqual([
    ["a", 0, null, ids[0]],
    ["b", 2, "pause"],
    ["c", 3, "turn"],
    ["d", 4, "turn"],
  ]);
  expect(await list({ held: true }, {})).toEqual([["a", 0, null, ids[0]]]);
  expect(await list({ waitingFor: "pause" }, {})).toEqual([["b", 2, "pause"]]);
  expect(await list({}, { order: "busiest", limit: 2 })).toEqual([
    ["d", 4, "turn"],
    ["c", 3, "turn"],
  ]);
  await expect(pageOfFlows(database, { of: "limits" }, { cursor: first.cursor })).rejects.toThrow(
    "[invalid_arguments] page.cursor: belongs to another filter",
  );
  const view = await stored.query(
    "select key, waiting::int, waiting_for, held_by, head from eventhub.flow_orders order by key",
  );
  expect(view).toEqual([
    { key: "a", waiting: 0, waiting_for: null, held_by: ids[0], head: null },
    { key: "b", waiting: 2, waiting_for: "pause", held_by: null, head: ids[1] },
    { key: "c", waiting: 3, waiting_for: "turn", held_by: null, head: ids[3] },
    { key: "d", waiting: 4, waiting_for: "turn", held_by: null, head: ids[6] },
  ]);
});

test("calls of the last minute are told of each key and of the destination", async () => {
  const ids = await insertWaiting(stored, [{ key: "a" }, { key: "a" }, { key: "b" }]);
  await arrived(database, ids);
  await new Puller(database, {}).take();
  const calls = async () =>
    Object.fromEntries(
      (await pageOfFlows(database, {}, {})).items.map(({ key, callsLastMinute }) => [key, callsLastMinute]),
    );
  const age = (seconds: number) =>
    stored.query("update eventhub.flow_keys set minute = date_trunc('minute', now() - make_interval(secs => $1))", [
      seconds,
    ]);
  expect(await calls()).toEqual({ a: 2, b: 1 });
  expect(await stored.query("select key, calls_last_minute from eventhub.flow order by key")).toEqual([
    { key: "a", calls_last_minute: 2 },
    { key: "b", calls_last_minute: 1 },
  ]);
  await age(120);
  expect(await calls()).toEqual({ a: 0, b: 0 });
  // Calls of the previous minute count as spread evenly over it.
  await stored.query("update eventhub.flow_keys set calls = 6000");
  await age(60);
  const { a = 0 } = await calls();
  const [now] = await stored.query<{ left: number }>(
    "select 6000 * (1 - extract(second from now())::float8 / 60) as left",
  );
  expect(Math.abs((a ?? 0) - (now?.left ?? 0)) % 6000).toBeLessThan(3_000);
});

test("reconciling releases orders that the configuration no longer holds, and leaves the others", async () => {
  const held = async () =>
    (
      await stored.query<{ destination: string }>(
        "select destination from eventhub.dispatches where held order by destination",
      )
    ).map(({ destination }) => destination);
  const order = (onFailure: string) => ({ kind: "worker", order: { key: "$.id", onFailure } });
  const config = parseRouteConfig({
    destinations: { HOLDS: order("hold"), SKIPS: order("skip"), UNORDERED: { kind: "worker" } },
    routes: [],
  });
  for (const destination of ["HOLDS", "SKIPS", "UNORDERED", "UNKNOWN"]) {
    const ids = await insertWaiting(stored, [
      { destination, order: "a" },
      { destination, order: "a" },
    ]);
    await arrived(database, ids, { destination });
    const puller = new Puller(database, { hold: true }, { destination });
    const { rows } = await puller.take();
    await puller.end(nth(rows, 0), "failed");
  }
  expect(await held()).toEqual(["HOLDS", "SKIPS", "UNKNOWN", "UNORDERED"]);
  const started: string[] = [];
  // Stands for the platform's Workflow.
  const createBatch = async ({ instances }: { instances: { params: { destination: string } }[] }) => {
    started.push(...instances.map(({ params }) => params.destination));
    return { created: instances, errors: [] };
  };
  const env = { DISPATCH: { createBatch } } as unknown as ExecutorEnv;
  await lookAfterFlows({ env, database, config }, { graceSeconds: 0, turn: 0 });
  expect(await held()).toEqual(["HOLDS", "UNKNOWN"]);
  expect(started.toSorted()).toEqual(["SKIPS", "UNORDERED"]);
});

test("orders that were held go on when the configuration says skip, and that is told", async () => {
  const ids = await insertWaiting(stored, [
    { order: "a" },
    { order: "a" },
    { order: "b" },
    { destination: "OTHER", order: "a" },
  ]);
  await arrived(database, ids);
  const before = new Puller(database, { hold: true });
  const { rows } = await before.take();
  await before.end(nth(rows, 0), "failed");
  await before.end(nth(rows, 1));
  expect(await database.run(letGo("OTHER"))).toEqual([{ released: 0 }]);
  expect(await database.run(letGo("LIMITED"))).toEqual([{ released: 1 }]);
  expect(await database.run(letGo("LIMITED"))).toEqual([{ released: 0 }]);
  expect((await new Puller(database, {}).take()).ids).toEqual([ids[1]]);
  expect(await told()).toEqual([
    ["eventhub.key.held", "a"],
    ["eventhub.key.released", "a", "skip"],
  ]);
});
