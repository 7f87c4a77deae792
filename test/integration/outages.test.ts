import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parseRouteConfig } from "../../schema/config/routes.ts";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { replaceInstance } from "../../schema/queries/dispatches/replace-or-lose.ts";
import type { DispatchMessage, DispatchNotice } from "../../schema/queue/messages.ts";
import { FRUITLESS_GENERATIONS } from "../../schema/vocabulary/limits.ts";
import { reconcile } from "../../workers/executor/reconcile/reconcile.ts";
import type { ExecutorEnv } from "../../workflows/env.ts";
import { stepTimeoutSeconds } from "../../workflows/lease-and-step-timeout.ts";
import { type ClaimOptions, claim as claimOver } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { deliverHere } from "../support/deliver.ts";
import { completed, type DispatchValues, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";

/** What happens after hours in which nothing could be done. The statements run on a real database, with an engine that answers as a test wants. */

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
  test_ = await createDatabase();
  database = openDatabase(test_);
});
afterAll(() => test_?.drop());
beforeEach(() => {
  for (const level of ["info", "warn", "error"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test_.clear();
});

const HOUR = 3_600;
const DAY = 24 * HOUR;
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const insert = (values: DispatchValues) => insertDispatch(test_, values);
const read = (id: string) => readDispatch(test_, id);

const claim = (id: string, options?: ClaimOptions) => claimOver(database, id, options);

describe("after more than a day without the database", () => {
  test("what was in flight is not lost for its age: it goes to the next generation and is delivered", async () => {
    const overdue = { next_attempt_at: secondsAgo(26 * HOUR), lease_until: secondsAgo(26 * HOUR), claims: 1 };
    const id = await insert({ ...overdue, instance_id: "one", workflow: "DISPATCH" });
    const [row] = await database.run(
      replaceInstance([{ id, generation: 0 }], { instanceId: "one", lostAfterSeconds: DAY }),
    );
    expect(row).toMatchObject({ id, status: "ongoing", generation: 1 });
    const { token, answer } = await claim(id, { instanceId: "two", generation: 1 });
    expect(answer).toBe("mine");
    await database.run(recordExecutions([completed(id, token)], "two"));
    expect(await read(id)).toMatchObject({ status: "complete", attempts: 1, fruitless_generations: 0 });
  });

  test("lost is said by the last of five instances that die one after another, and by none before", async () => {
    const id = await insert({ next_attempt_at: secondsAgo(26 * HOUR) });
    const ends: string[] = [];
    for (let generation = 0; generation < FRUITLESS_GENERATIONS; generation++) {
      const instanceId = `instance ${generation}`;
      expect((await claim(id, { instanceId, generation })).answer).toBe("mine");
      await test_.query("update eventhub.dispatches set lease_until = now()");
      const members = [{ id, generation }];
      const [row] = await database.run(replaceInstance(members, { instanceId, lostAfterSeconds: DAY }));
      ends.push(row?.status ?? "left");
    }
    expect(ends).toEqual(["ongoing", "ongoing", "ongoing", "ongoing", "lost"]);
    expect((await claim(id, { instanceId: "another", generation: 5 })).answer).toBe("gone");
  });
});

/** The executor's environment with an engine in which the name of each instance is its state, or which does not know it. */
function engine() {
  const sent: DispatchNotice[] = [];
  const nudged: string[] = [];
  const get = async (id: string) => {
    const [status = ""] = id.split(" ");
    if (status === "missing") throw new Error("instance.not_found");
    return { status: async () => ({ status }), sendEvent: async () => nudged.push(id) };
  };
  const sendBatch = async (messages: { body: DispatchMessage }[]) => {
    sent.push(...messages.flatMap(({ body }) => body.dispatches));
  };
  const env = { DISPATCH: { get }, EVENTHUB_QUEUE: { sendBatch } } as unknown as ExecutorEnv;
  return { context: { env, database, config: parseRouteConfig({ routes: [] }) }, sent, nudged };
}

test("after hours without a run of reconciling, one run takes up all that it can, and another what was missing", async () => {
  const since = secondsAgo(9 * HOUR);
  const old = { next_attempt_at: since, lease_until: since, enqueued_at: since, workflow: "DISPATCH" };
  const { workflow: _, lease_until: __, ...unowned } = old;
  const neverClaimed = await insert(unowned);
  const enqueuedOften = await insert({ ...unowned, enqueues: 12 });
  const died = await insert({ ...old, instance_id: "errored" });
  const alive = await insert({ ...old, instance_id: "running" });
  const queued = await insert({ ...old, instance_id: "queued" });
  const missing = await insert({ ...old, instance_id: "missing" });
  const notDue = await insert({ ...unowned, next_attempt_at: new Date(Date.now() + HOUR * 1_000) });
  const held = await insert({ ...unowned, destination: "PAUSED" });
  await test_.query("insert into eventhub.destinations (name, paused_at) values ('PAUSED', now())");
  const before = await Promise.all([notDue, held].map(read));

  const { context, sent, nudged } = engine();
  expect(await reconcile(context)).toMatchObject({
    requeued: 2,
    replaced: 1,
    nudged: 1,
    waiting: 1,
    missing: 1,
    lost: 0,
  });
  expect(sent.map(({ id, generation }) => [id, generation]).sort()).toEqual(
    [
      [neverClaimed, 0],
      [enqueuedOften, 0],
      [died, 1],
    ].sort(),
  );
  expect(nudged).toEqual(expect.arrayContaining(["running", "queued"]));
  expect(await Promise.all([notDue, held].map(read))).toEqual(before);
  // A second run within the grace has nothing to do. After it, the engine still does not know the missing one.
  expect(await reconcile(context)).toMatchObject({ requeued: 0, replaced: 0, nudged: 0, waiting: 0, missing: 0 });
  await test_.query(
    "update eventhub.dispatches set lease_until = now() - interval '61 seconds', missing_since = now() - interval '61 seconds' where id = $1",
    [missing],
  );
  expect(await reconcile(context)).toMatchObject({ replaced: 1, missing: 0 });

  const answers = await Promise.all(
    sent.map(({ id, generation }) => claim(id, { instanceId: `next ${id}`, generation })),
  );
  expect(answers.map(({ answer }) => answer)).toEqual(["mine", "mine", "mine", "mine"]);
  // The two with living instances stay theirs.
  for (const [id, instanceId] of [
    [alive, "running"],
    [queued, "queued"],
  ] as const) {
    expect((await claim(id, { instanceId: "another" })).answer).toBe("gone");
    expect((await claim(id, { instanceId })).answer).toBe("mine");
  }
});

describe("a step whose body goes on after its timeout, while the engine runs a second one", () => {
  /** One body of the step. `called` resolves when the consumer has the call, which `answer` ends; `ended` gives the step's result. */
  function body(id: string) {
    const { promise: called, resolve: onCall } = Promise.withResolvers<void>();
    const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
    const handle = () => {
      onCall();
      return answered;
    };
    const ended = deliverHere([id], { database, bindings: { SCRIPTED: { handle } } }).catch((error: Error) => error);
    return { called, answer, ended };
  }
  const waitsAMinute = { max_retries: 3, retry_delay: { type: "constant", interval: 60 } } as DispatchValues;
  const overlapping = async () => {
    const id = await insert(waitsAMinute);
    const first = body(id);
    await first.called;
    await test_.query("update eventhub.dispatches set lease_until = now() where id = $1", [id]);
    const second = body(id);
    await second.called;
    const row = await read(id);
    expect(row).toMatchObject({ claims: 2, attempts: 0 });
    expect(row.lease_until?.getTime()).toBeGreaterThan(Date.now() + (stepTimeoutSeconds(30) - 30) * 1_000);
    return { id, first, second };
  };
  const executions = (id: string) =>
    test_.query("select attempt, result from eventhub.executions where dispatch_id = $1 order by attempt", [id]);

  test("a failure that comes late is not the second one's: that one's answer counts", async () => {
    const { id, first, second } = await overlapping();
    first.answer("failed");
    await first.ended;
    expect(await read(id)).toMatchObject({ status: "ongoing", attempts: 0, claims: 2 });
    second.answer("complete");
    expect(await second.ended).toMatchObject({ unrecorded: [], remaining: [] });
    expect(await read(id)).toMatchObject({ status: "complete", attempts: 1, claim: null });
    expect(await executions(id)).toEqual([{ attempt: 1, result: "complete" }]);
  });

  test("a success that comes late counts, and the second one's failure brings no third call", async () => {
    const { id, first, second } = await overlapping();
    first.answer("complete");
    await first.ended;
    expect(await read(id)).toMatchObject({ status: "complete", attempts: 1 });
    second.answer("failed");
    await second.ended;
    expect(await read(id)).toMatchObject({ status: "complete", attempts: 1 });
    expect(await executions(id)).toEqual([{ attempt: 1, result: "complete" }]);
    expect(await claim(id)).toMatchObject({ answer: "gone" });
  });
});
