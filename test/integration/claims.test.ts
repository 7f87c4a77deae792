import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { noteGroupLimit } from "../../schema/queries/destinations/note-group-limit.ts";
import { type ExecutionRecord, recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { handOver, replaceInstance } from "../../schema/queries/dispatches/replace-or-lose.ts";
import { type ClaimOptions, claim as claimOver } from "../support/claims.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { completed, insertDispatch, readDispatch } from "../support/dispatch-rows.ts";

let test_: TestDatabase;
let database: Database;
let bystander: string;
beforeAll(async () => {
  test_ = await createDatabase();
  database = openDatabase(test_);
  bystander = await insertDispatch(test_);
  await test_.query(
    "insert into eventhub.destinations (name, paused_at, pause_reason) values ('PAUSED', now(), 'maintenance')",
  );
});
afterAll(() => test_?.drop());

const claim = (ids: string | readonly string[], options?: ClaimOptions) => claimOver(database, ids, options);

const retryable = { result: "failed", status: "ongoing", decisive: false, delaySeconds: 60 } as const;
const record = (...records: ExecutionRecord[]) => database.run(recordExecutions(records, "one"));
const executions = (id: string) =>
  test_.query("select attempt, result from eventhub.executions where dispatch_id = $1 order by attempt", [id]);

describe("a claim answers", () => {
  test("mine: it gives payload and policy, and writes owner, token and lease", async () => {
    const id = await insertDispatch(test_, {}, { n: 1 });
    const { row, token } = await claim(id);
    expect(row).toMatchObject({
      id,
      answer: "mine",
      attempts: 0,
      claims: 1,
      max_retries: 3,
      timeout_seconds: 30,
      payload: { n: 1 },
    });
    expect(row).toMatchObject({
      retry_delay: { type: "constant", interval: 0 },
      emitted_at: expect.any(Date),
      hops: 0,
      traceparent: null,
    });
    const after = await readDispatch(test_, id);
    expect(after).toMatchObject({ instance_id: "one", claim: token, claims: 1 });
    expect(after.lease_until?.getTime()).toBeGreaterThan(Date.now() + 90_000);
  });

  test("early: ours but not due, with the time to wait and no claim counted", async () => {
    const id = await insertDispatch(test_, { next_attempt_at: new Date(Date.now() + 60_000) });
    const { row } = await claim(id);
    expect(row?.answer).toBe("early");
    expect(row?.answer === "early" && row.wait_ms).toBeGreaterThan(50_000);
    expect(await readDispatch(test_, id)).toMatchObject({
      instance_id: "one",
      claim: null,
      claims: 0,
      lease_until: null,
    });
  });

  test("held: the destination is paused; the row is given up for the next generation and keeps its place", async () => {
    const id = await insertDispatch(test_, { destination: "PAUSED", attempts: 0 });
    const before = await readDispatch(test_, id);
    const { row } = await claim(id);
    expect(row?.answer).toBe("held");
    expect(await readDispatch(test_, id)).toMatchObject({
      generation: 1,
      instance_id: null,
      claim: null,
      claims: 0,
      attempts: 0,
      fruitless_generations: 0,
      next_attempt_at: before.next_attempt_at,
    });
  });

  test("gone: final, of a newer generation, of another instance, or unknown", async () => {
    const final = await insertDispatch(test_, { status: "complete", resulted_at: new Date() });
    const newer = await insertDispatch(test_, { generation: 2 });
    const others = await insertDispatch(test_, { instance_id: "another", workflow: "DISPATCH" });
    for (const id of [final, newer, others, randomUUID()]) {
      expect((await claim(id)).row).toMatchObject({ id, answer: "gone" });
    }
    expect(await readDispatch(test_, newer)).toMatchObject({ instance_id: null, claims: 0 });
    expect(await readDispatch(test_, others)).toMatchObject({ instance_id: "another", claims: 0 });
  });

  test("for each member of a group by itself", async () => {
    const ready = await insertDispatch(test_);
    const waiting = await insertDispatch(test_, { next_attempt_at: new Date(Date.now() + 60_000) });
    const gone = randomUUID();
    const { rows } = await claim([ready, waiting, gone], { instanceId: "group" });
    expect(Object.fromEntries(rows.map(({ id, answer }) => [id, answer]))).toEqual({
      [ready]: "mine",
      [waiting]: "early",
      [gone]: "gone",
    });
  });
});

test("of instances that claim at once, one gets it", async () => {
  const id = await insertDispatch(test_);
  const claims = await Promise.all(Array.from({ length: 8 }, (_, n) => claim(id, { instanceId: `instance ${n}` })));
  expect(claims.map(({ row }) => row?.answer).sort()).toEqual([...Array(7).fill("gone"), "mine"]);
  expect((await readDispatch(test_, id)).claims).toBe(1);
});

test("asking again with the same token after a lost answer counts once; another body of the step counts again", async () => {
  const id = await insertDispatch(test_);
  const { token } = await claim(id);
  expect((await claim(id, { token })).row).toMatchObject({ answer: "mine", claims: 1 });
  expect((await claim(id)).row).toMatchObject({ answer: "mine", claims: 2 });
});

describe("a result is recorded", () => {
  test("under its claim, once, and repeating it changes nothing", async () => {
    const id = await insertDispatch(test_);
    const { token } = await claim(id);
    expect(await record(completed(id, token))).toEqual([{ dispatch_id: id }]);
    expect(await record(completed(id, token, { result: "failed", status: "failed" }))).toEqual([]);
    expect(await readDispatch(test_, id)).toMatchObject({
      status: "complete",
      attempts: 1,
      claim: null,
      claims: 0,
      lease_until: null,
    });
    expect(await executions(id)).toEqual([{ attempt: 1, result: "complete" }]);
  });

  test("as a failure to be retried: the promised wait is in the row", async () => {
    const id = await insertDispatch(test_, { fruitless_generations: 3, group_limit: 1 });
    const { token } = await claim(id);
    await record(completed(id, token, { ...retryable, reason: "busy" }));
    const row = await readDispatch(test_, id);
    expect(row).toMatchObject({
      status: "ongoing",
      attempts: 1,
      reason: "busy",
      claim: null,
      resulted_at: null,
      fruitless_generations: 0,
      group_limit: null,
    });
    expect(row.next_attempt_at.getTime()).toBeGreaterThan(Date.now() + 50_000);
  });

  test("not when it is a retryable failure of a claim that another claim has followed", async () => {
    const id = await insertDispatch(test_);
    const first = await claim(id);
    const second = await claim(id);
    expect(await record(completed(id, first.token, retryable))).toEqual([]);
    expect(await record(completed(id, second.token, retryable))).toHaveLength(1);
  });

  test("when it is the consumer's final word, from any claim of an attempt that is not recorded", async () => {
    for (const values of [
      {},
      { result: "ignored", status: "ignored" },
      { result: "failed", status: "failed" },
    ] as const) {
      const id = await insertDispatch(test_);
      const first = await claim(id);
      const second = await claim(id);
      expect(await record(completed(id, first.token, values))).toHaveLength(1);
      expect(await record(completed(id, second.token))).toEqual([]);
      expect(await readDispatch(test_, id)).toMatchObject({ status: values.status ?? "complete", attempts: 1 });
    }
  });

  test("not when its attempt is recorded already", async () => {
    const id = await insertDispatch(test_);
    const first = await claim(id);
    await record(completed(id, first.token, { ...retryable, delaySeconds: 0 }));
    const second = await claim(id);
    expect(await record(completed(id, first.token))).toEqual([]);
    expect(await record(completed(id, second.token, { attempt: 2 }))).toHaveLength(1);
    expect(await executions(id)).toEqual([
      { attempt: 1, result: "failed" },
      { attempt: 2, result: "complete" },
    ]);
  });

  test("after a cancel too, and the status stays", async () => {
    const id = await insertDispatch(test_);
    const { token } = await claim(id);
    await test_.query(
      "update eventhub.dispatches set status = 'cancelled', resulted_at = now(), reason = 'by hand' where id = $1",
      [id],
    );
    expect(await record(completed(id, token))).toHaveLength(1);
    expect(await readDispatch(test_, id)).toMatchObject({ status: "cancelled", attempts: 1, reason: "by hand" });
    expect(await executions(id)).toEqual([{ attempt: 1, result: "complete" }]);
  });

  test("after a cancel also when its claim has ended before: nobody else will record that attempt", async () => {
    const id = await insertDispatch(test_);
    const { token } = await claim(id);
    // Its instance was given up, and the operator was faster than the next one.
    await database.run(handOver([{ id, generation: 0 }], "one"));
    await test_.query(
      "update eventhub.dispatches set status = 'cancelled', resulted_at = now(), reason = 'by hand' where id = $1",
      [id],
    );
    expect(await record(completed(id, token, { ...retryable, reason: "busy" }))).toHaveLength(1);
    expect(await readDispatch(test_, id)).toMatchObject({ status: "cancelled", attempts: 1, reason: "by hand" });
    expect(await executions(id)).toEqual([{ attempt: 1, result: "failed" }]);
  });

  test("after a cancel of its own claim only, while there is one", async () => {
    const id = await insertDispatch(test_);
    const [first, second] = [await claim(id), await claim(id)];
    await test_.query("update eventhub.dispatches set status = 'cancelled', resulted_at = now() where id = $1", [id]);
    expect(await record(completed(id, first.token, { ...retryable, reason: "busy" }))).toEqual([]);
    expect(await record(completed(id, second.token))).toHaveLength(1);
    expect(await executions(id)).toEqual([{ attempt: 1, result: "complete" }]);
  });

  test("never over a final status", async () => {
    const id = await insertDispatch(test_);
    const { token } = await claim(id);
    await test_.query("update eventhub.dispatches set status = 'lost', resulted_at = now() where id = $1", [id]);
    expect(await record(completed(id, token))).toEqual([]);
    expect(await executions(id)).toEqual([]);
  });
});

describe("the next generation", () => {
  test("is made by the owner alone, by compare-and-set", async () => {
    const id = await insertDispatch(test_);
    await claim(id);
    expect(await database.run(handOver([{ id, generation: 0 }], "another"))).toEqual([]);
    const [row] = await database.run(handOver([{ id, generation: 0 }], "one"));
    // Nobody recorded the claimed attempts, so the next instance is smaller.
    expect(row).toMatchObject({ id, generation: 1, group_limit: 10, payload_bytes: 2 });
    expect(await database.run(handOver([{ id, generation: 0 }], "one"))).toEqual([]);
    expect(await readDispatch(test_, id)).toMatchObject({
      generation: 1,
      instance_id: null,
      claim: null,
      fruitless_generations: 0,
    });
    expect((await claim(id)).row?.answer).toBe("gone");
    expect((await claim(id, { generation: 1, instanceId: "two" })).row?.answer).toBe("mine");
  });

  test("gives back a claim under which no call has begun, and no other claim; takes the least of all limits", async () => {
    const [left = "", other = ""] = await Promise.all([insertDispatch(test_), insertDispatch(test_)]);
    const { token } = await claim(left);
    await claim(other);
    const members = [left, other].map((id) => ({ id, generation: 0 }));
    const rows = await database.run(handOver(members, "one", { claim: token, limit: 16 }));
    expect(new Map(rows.map((row) => [row.id, row.group_limit]))).toEqual(
      new Map([
        [left, 16],
        [other, 10],
      ]),
    );
    expect(await readDispatch(test_, left)).toMatchObject({ claims: 0, claim: null, attempts: 0, group_limit: 16 });
    expect(await readDispatch(test_, other)).toMatchObject({ claims: 1, claim: null, attempts: 0, group_limit: 10 });
    expect((await claim(left, { generation: 1, instanceId: "two" })).answer).toBe("mine");
    await database.run(handOver([{ id: left, generation: 1 }], "two", { limit: 40 }));
    expect(await readDispatch(test_, left)).toMatchObject({ claims: 1, group_limit: 10 });
  });

  test.each([
    ["after one death: of more than ten", 1, 11, "leave"],
    ["after one death: not of ten", 1, 10, "mine"],
    ["after two deaths: of more than one", 2, 2, "leave"],
    ["after two deaths: not alone", 2, 1, "mine"],
    ["after no death: not of a hundred", 0, 100, "mine"],
  ])("is asked for by a claim %s", async (_, claims, size, answer) => {
    const ids = await Promise.all(Array.from({ length: size }, () => insertDispatch(test_, { claims })));
    const { rows, token } = await claim(ids);
    expect(rows.map((row) => row.answer)).toEqual(Array(size).fill(answer));
    const mine = answer === "mine";
    expect(await readDispatch(test_, ids[0] ?? "")).toMatchObject({
      generation: 0,
      instance_id: "one",
      claim: mine ? token : null,
      claims: mine ? claims + 1 : claims,
    });
    // The answer was lost, so the claim asks again and gets the same answer.
    expect((await claim(ids, { token })).rows.map((row) => row.answer)).toEqual(Array(size).fill(answer));
  });

  test("after the end of a large instance consists of ten, and then of one", async () => {
    const ids = await Promise.all(Array.from({ length: 11 }, () => insertDispatch(test_)));
    const replaced = async (generation: number) =>
      database.run(
        replaceInstance(
          ids.map((id) => ({ id, generation })),
          { instanceId: "one", lostAfterSeconds: 0 },
        ),
      );
    expect((await replaced(0)).map((row) => row.group_limit)).toEqual(Array(11).fill(10));
    expect((await replaced(1)).map((row) => row.group_limit)).toEqual(Array(11).fill(1));
  });

  test("after an instance's end is alone in its instance, and counts as fruitless", async () => {
    const id = await insertDispatch(test_);
    await claim(id);
    await test_.query("update eventhub.dispatches set lease_until = now() where id = $1", [id]);
    const [row] = await database.run(
      replaceInstance([{ id, generation: 0 }], { instanceId: "one", lostAfterSeconds: 0 }),
    );
    expect(row).toMatchObject({ id, generation: 1, group_limit: 1, status: "ongoing" });
    expect(await readDispatch(test_, id)).toMatchObject({
      fruitless_generations: 1,
      group_limit: 1,
      instance_id: null,
      lease_until: null,
    });
  });
});

describe("lost", () => {
  const hourAgo = new Date(Date.now() - 3_600_000);
  const doomed = {
    fruitless_generations: 4,
    group_limit: 1,
    next_attempt_at: hourAgo,
    instance_id: "one",
    workflow: "DISPATCH",
  };
  const replace = async (id: string, lostAfterSeconds = 1_800) => {
    const [row] = await database.run(replaceInstance([{ id, generation: 0 }], { instanceId: "one", lostAfterSeconds }));
    return row?.status;
  };

  test("is what five generations left without one recorded attempt, the last ones alone, long overdue", async () => {
    const id = await insertDispatch(test_, doomed);
    expect(await replace(id)).toBe("lost");
    const row = await readDispatch(test_, id);
    expect(row).toMatchObject({ status: "lost", generation: 0, instance_id: "one", resulted_at: expect.any(Date) });
    expect(row.reason).toMatch(
      /^no attempt could be recorded in 5 Workflow instances in a row, the last one one; overdue since /,
    );
    expect(
      await test_.query("select dispatch_id from eventhub.lost_dispatches where dispatch_id = $1", [id]),
    ).toHaveLength(1);
  });

  test.each([
    ["the fifth has not ended", { fruitless_generations: 3 }],
    ["it shared its instance", { group_limit: null }],
    ["it is not overdue for long enough", { next_attempt_at: new Date(Date.now() - 60_000) }],
  ])("is not said while %s", async (_, values) => {
    expect(await replace(await insertDispatch(test_, { ...doomed, ...values }))).toBe("ongoing");
  });

  test("is not said of a paused destination's", async () => {
    const id = await insertDispatch(test_, { ...doomed, destination: "PAUSED" });
    expect(await replace(id)).toBeUndefined();
    expect(await readDispatch(test_, id)).toMatchObject({ status: "ongoing", fruitless_generations: 4 });
  });
});

test("whatever the tests above did, a dispatch that they did not name is unchanged", async () => {
  expect(await readDispatch(test_, bystander)).toMatchObject({
    status: "ongoing",
    generation: 0,
    claims: 0,
    attempts: 0,
    instance_id: null,
  });
});

test("a smaller size of groups is noted with its time and its cause, and a larger one only after an hour", async () => {
  const note = async (limit: number, cause: string) => {
    await database.run(noteGroupLimit("NOTED", { limit, cause }));
    const [row] = await test_.query(
      "select group_limit, group_limited_by, paused_at from eventhub.destinations where name = 'NOTED'",
    );
    return row;
  };
  expect(await note(40, "slow")).toEqual({ group_limit: 40, group_limited_by: "slow", paused_at: null });
  expect(await note(60, "Too many subrequests")).toMatchObject({ group_limit: 40, group_limited_by: "slow" });
  expect(await note(10, "Too many subrequests")).toMatchObject({
    group_limit: 10,
    group_limited_by: "Too many subrequests",
  });
  await test_.query(
    "update eventhub.destinations set group_limited_at = now() - interval '61 minutes' where name = 'NOTED'",
  );
  expect(await note(60, "slow")).toMatchObject({ group_limit: 60, group_limited_by: "slow" });
});
