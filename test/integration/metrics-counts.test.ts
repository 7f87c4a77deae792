import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../schema/database/connection.ts";
import { countOn } from "../../schema/queries/metrics/count-on.ts";
import { LATENCY_BOUNDS, MAX_METRIC_DESTINATIONS, type MetricName, OTHER } from "../../schema/vocabulary/metrics.ts";
import { readMetrics } from "../../workers/metrics/read-metrics.ts";
import { type Sample, samplesOf } from "../../workers/metrics/samples.ts";
import { createDatabase, type TestDatabase } from "../support/database.ts";
import { failAndHold, insertWaiting } from "../support/flow-database.ts";
import { insertHistory, type Past } from "../support/history.ts";
import { OpenTransaction } from "../support/open-transaction.ts";

/** What the metrics count, on a real Postgres. How they are requested is in metrics.test.ts. */

let database: TestDatabase;
let hub: Database;
beforeAll(async () => {
  database = await createDatabase();
  hub = openDatabase(database);
});
afterAll(() => database?.drop());

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
/** Continues counting from a moment this many seconds ago. */
const countedUpTo = (seconds: number) =>
  database.query("update eventhub.metric_marks set at = now() - make_interval(secs => $1)", [seconds]);

beforeEach(async () => {
  await database.clear();
  await database.query("delete from eventhub.metric_counts");
  await countedUpTo(3_600);
});

const read = async () => samplesOf(await readMetrics(hub));
/** The samples of a family that are not 0, with labels and value. */
const some = (samples: ReadonlyMap<MetricName, readonly Sample[]>, name: MetricName) =>
  (samples.get(name) ?? []).flatMap(({ labels, value }) => (value === 0 ? [] : [[...labels, value]]));

const past = (status: string, seconds: number, more: Partial<Past> = {}): Past => ({
  status,
  destination: "BILLING",
  at: ago(seconds),
  attempts: 1,
  ...more,
});

/** Inserts an attempt of each dispatch that has one. */
const insertAttempts = () =>
  database.query(`insert into eventhub.executions (dispatch_id, attempt, result, instance_id, started_at, finished_at)
    select id, attempts, case when status in ('complete', 'failed', 'ignored') then status else 'failed' end, 'i', created_at, coalesce(resulted_at, created_at)
    from eventhub.dispatches where attempts > 0`);

describe("counters", () => {
  test("count events, results and attempts once, and rise by what comes", async () => {
    await insertHistory(database, [past("complete", 300), past("complete", 200), past("failed", 100)]);
    await insertAttempts();
    const first = await read();
    expect(some(first, "eventhub_events_emitted")).toEqual([[3]]);
    expect(some(first, "eventhub_results")).toEqual([
      ["BILLING", "complete", 2],
      ["BILLING", "failed", 1],
    ]);
    expect(some(first, "eventhub_attempts")).toEqual([
      ["BILLING", "complete", 2],
      ["BILLING", "failed", 1],
    ]);
    const again = await read();
    expect(some(again, "eventhub_results")).toEqual(some(first, "eventhub_results"));

    await insertHistory(database, [past("lost", 90, { destination: "MAIL", attempts: 0 }), past("complete", 90)]);
    await countedUpTo(95);
    const later = await read();
    expect(some(later, "eventhub_results")).toEqual([
      ["BILLING", "complete", 3],
      ["BILLING", "failed", 1],
      ["MAIL", "lost", 1],
    ]);
    expect(some(later, "eventhub_events_emitted")).toEqual([[5]]);
  });

  test("never go back, whatever retention deletes", async () => {
    await insertHistory(database, [past("complete", 300), past("ignored", 200)]);
    const before = some(await read(), "eventhub_results");
    await database.clear();
    const after = await read();
    expect(some(after, "eventhub_results")).toEqual(before);
    expect(some(after, "eventhub_events_emitted")).toEqual([[2]]);
  });

  test("are a minute behind: what commits a little late is counted too", async () => {
    await insertHistory(database, [past("complete", 30)]);
    expect(some(await read(), "eventhub_results")).toEqual([]);
    await database.query(
      "update eventhub.dispatches set resulted_at = resulted_at - interval '60 seconds', created_at = created_at - interval '60 seconds'",
    );
    await countedUpTo(95);
    expect(some(await read(), "eventhub_results")).toEqual([["BILLING", "complete", 1]]);
  });

  test("begin at 0 for every status of a destination that is known", async () => {
    await insertHistory(database, [past("ongoing", 10)]);
    expect((await read()).get("eventhub_results")).toEqual(
      ["complete", "ignored", "failed", "misconfigured", "lost", "cancelled"].map((status) => ({
        labels: ["BILLING", status],
        value: 0,
      })),
    );
  });

  test("count what is not as its kind is defined, and what operators did", async () => {
    await insertHistory(database, [past("complete", 300), past("complete", 300)]);
    await database.query(
      `update eventhub.events set invalid = '{"faults": ["kind: missing"]}' where id = (select id from eventhub.events order by id limit 1)`,
    );
    await database.query(`insert into eventhub.operations (id, actor, action, arguments, state, created_at, finished_at) values
      (gen_random_uuid(), 'ada', 'pause_destination', '{}', 'finished', now() - interval '5 minutes', now()),
      (gen_random_uuid(), 'ada', 'replay_events', '{}', 'running', now() - interval '5 minutes', null)`);
    const samples = await read();
    expect(some(samples, "eventhub_events_invalid")).toEqual([[1]]);
    expect(some(samples, "eventhub_operations")).toEqual([
      ["replay_events", 1],
      ["pause_destination", 1],
    ]);
    expect(some(samples, "eventhub_operations_running")).toEqual([[1]]);
  });

  test("count everything once if many ask at the same moment: one counts, and the others read the result", async () => {
    await insertHistory(
      database,
      Array.from({ length: 500 }, (_, n) => past("complete", 100 + n)),
    );
    await using first = await OpenTransaction.begin(database, countOn());
    const answers = await Promise.all(Array.from({ length: 8 }, () => read()));
    expect(answers.map((answer) => some(answer, "eventhub_results"))).toEqual(Array(8).fill([]));
    await first.commit();
    expect(some(await read(), "eventhub_results")).toEqual([["BILLING", "complete", 500]]);
  });

  test("catch up in bounded steps, in which nothing is left out and nothing comes twice", async () => {
    // Three at each moment, to the millisecond.
    const moments = Array.from({ length: 20 }, (_, n) => past("complete", 100 + 10 * n));
    await insertHistory(
      database,
      moments.flatMap((one) => [one, one, one]),
    );
    await insertAttempts();
    const steps: number[] = [];
    for (let step = 0; step < 20; step++) {
      const rows = await hub.run(countOn(7));
      steps.push(rows.find(({ metric }) => metric === "eventhub_results")?.value ?? 0);
    }
    expect(steps[0]).toBe(9);
    expect(steps).toEqual([...steps].sort((one, other) => one - other));
    const samples = await read();
    expect(some(samples, "eventhub_results")).toEqual([["BILLING", "complete", 60]]);
    expect(some(samples, "eventhub_attempts")).toEqual([["BILLING", "complete", 60]]);
    expect(some(samples, "eventhub_events_emitted")).toEqual([[60]]);
  });

  test("catch up on a day at most, when nobody has asked for longer", async () => {
    await insertHistory(database, [past("complete", 2 * 86_400), past("complete", 3_600)]);
    await countedUpTo(3 * 86_400);
    expect(some(await read(), "eventhub_results")).toEqual([["BILLING", "complete", 1]]);
  });
});

describe("histograms", () => {
  test("have the time from emit and from due to result, in buckets that only rise", async () => {
    const [slow] = await insertHistory(database, [
      past("complete", 400, { resultedAt: ago(400 - 2) }),
      past("complete", 300, { resultedAt: ago(300 - 0.2) }),
      past("cancelled", 200, { resultedAt: ago(100) }),
    ]);
    // Its last attempt was due a second and a half after the emit.
    await database.query(
      "update eventhub.dispatches set next_attempt_at = created_at + interval '1500 ms' where id = $1",
      [slow?.id],
    );
    const samples = await read();
    const [emit] = samples.get("eventhub_emit_to_result_seconds") ?? [];
    const [due] = samples.get("eventhub_due_to_result_seconds") ?? [];
    const upTo = (sample: Sample | undefined, bound: (typeof LATENCY_BOUNDS)[number]) =>
      sample?.buckets?.[LATENCY_BOUNDS.indexOf(bound)];
    expect(emit?.buckets?.at(-1)).toBe(2);
    expect([upTo(emit, 0.1), upTo(emit, 0.25), upTo(emit, 1), upTo(emit, 2.5)]).toEqual([0, 1, 1, 2]);
    expect([upTo(due, 0.25), upTo(due, 0.5), upTo(due, 1)]).toEqual([1, 2, 2]);
    expect(emit?.value).toBeCloseTo(2.2, 1);
    expect(due?.value).toBeCloseTo(0.7, 1);

    await insertHistory(database, [past("failed", 90, { resultedAt: ago(80) })]);
    await countedUpTo(100);
    const [later] = (await read()).get("eventhub_emit_to_result_seconds") ?? [];
    expect([upTo(later, 2.5), upTo(later, 10), later?.buckets?.at(-1)]).toEqual([2, 3, 3]);
  });
});

describe("gauges", () => {
  test("say how many keys of an order are held, until their failures are retried", async () => {
    const held = { destination: "HELD" };
    const ids = await insertWaiting(database, [
      { ...held, order: "order-1" },
      { ...held, order: "order-1" },
      { ...held, order: "order-2" },
      { ...held, order: "order-3" },
    ]);
    const [, , second] = ids;
    for (const id of ids.slice(0, 3)) await failAndHold(database, id);
    const heldKeys = async () => some(await read(), "eventhub_held_keys");
    expect(await heldKeys()).toEqual([["HELD", 2]]);
    await database.query("update eventhub.dispatches set retry_of = $1 where order_key = 'order-3'", [second]);
    expect(await heldKeys()).toEqual([["HELD", 1]]);
    await database.query("update eventhub.dispatches set held = false where id = any ($1)", [ids]);
    expect(await heldKeys()).toEqual([]);
  });

  test("say what is ongoing, overdue, waiting, paused and lost, by destination", async () => {
    const [, , lost] = await insertHistory(database, [
      past("ongoing", 600),
      past("ongoing", 5, { destination: "MAIL" }),
      past("lost", 300, { destination: "MAIL" }),
      past("lost", 200, { destination: "MAIL" }),
      past("ongoing", 100, { destination: "RATED" }),
    ]);
    await database.query("update eventhub.dispatches set flow_key = '', waiting = true where destination = 'RATED'");
    await database.query("insert into eventhub.destinations (name, paused_at) values ('RATED', now())");
    await database.query(
      "update eventhub.dispatches set retry_of = $1 where status = 'ongoing' and destination = 'MAIL'",
      [lost?.id],
    );
    const samples = await read();
    expect(some(samples, "eventhub_ongoing")).toEqual([
      ["BILLING", 1],
      ["MAIL", 1],
      ["RATED", 1],
    ]);
    expect(some(samples, "eventhub_overdue")).toEqual([["BILLING", 1]]);
    const [[, oldest] = []] = some(samples, "eventhub_oldest_overdue_seconds");
    expect(Number(oldest)).toBeGreaterThanOrEqual(600);
    expect(some(samples, "eventhub_flow_waiting")).toEqual([["RATED", 1]]);
    expect(some(samples, "eventhub_paused")).toEqual([["RATED", 1]]);
    expect(some(samples, "eventhub_lost")).toEqual([["MAIL", 1]]);
    expect(some(samples, "eventhub_fault")).toEqual(
      expect.arrayContaining([
        ["overdue", 1],
        ["lost", 1],
      ]),
    );
  });
});

describe("labels", () => {
  test("are bounded: destinations beyond the first hundred are added up, and a new one takes no other's name", async () => {
    const names = Array.from({ length: MAX_METRIC_DESTINATIONS + 20 }, (_, n) => `D${String(n).padStart(3, "0")}`);
    await insertHistory(
      database,
      names.map((destination) => past("complete", 300, { destination })),
    );
    const samples = await read();
    const of = (one: ReadonlyMap<MetricName, readonly Sample[]>) =>
      new Map(some(one, "eventhub_results").map(([name, , value]) => [name, value]));
    expect(of(samples).size).toBe(MAX_METRIC_DESTINATIONS + 1);
    expect(of(samples).get(OTHER)).toBe(20);
    expect(some(samples, "eventhub_destinations")).toEqual([[120]]);
    expect(samples.get("eventhub_due_to_result_seconds")).toHaveLength(MAX_METRIC_DESTINATIONS + 1);

    await insertHistory(database, [past("complete", 90, { destination: "A_NEW_ONE" })]);
    await countedUpTo(100);
    const later = await read();
    expect(of(later).get("A_NEW_ONE")).toBeUndefined();
    expect(of(later).get(OTHER)).toBe(21);
    expect(of(later).get("D000")).toBe(1);
  });
});
