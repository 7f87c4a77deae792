import type { SQL } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_DESTINATION, type Destination } from "../../schema/config/destinations/index.ts";
import type { Database } from "../../schema/database/connection.ts";
import { type ExecutionRecord, recordExecutions } from "../../schema/queries/dispatches/record-executions.ts";
import { giveBack, noteBegun, readTaken, type Taken, type TakenRow, take } from "../../schema/queries/flow/take.ts";
import { MAX_WAIT_IN_STEP_MS } from "../../schema/vocabulary/limits.ts";
import { LAST_TAKE_MS, type Pulled, pull } from "../../workflows/flow/pull.ts";
import { learnedSizeOf } from "../../workflows/learned-sizes.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

const TIMEOUT_SECONDS = 30;
const away = new Error("database: no answer in time");
const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const TAKE = textOf(
  take({
    ...{ destination: "", rules: {}, instanceId: "", workflow: "", token: "" },
    ...{ underWay: 0, begins: true, room: 0, budgetSeconds: 0 },
  }),
);
const READ = textOf(readTaken(""));
const RECORD = textOf(recordExecutions([], ""));
const GIVE_BACK = textOf(giveBack("", ""));
const BEGUN = textOf(noteBegun("", "", 1));

beforeEach(() => {
  vi.useFakeTimers();
  for (const level of ["info", "warn"] as const) vi.spyOn(console, level).mockReturnValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A dispatch that the database gives; `startMs` is when its call may begin, from then on. */
interface Given {
  n: number;
  startMs?: number;
  key?: string;
  alone?: boolean;
}
/** The answer to one take. */
type Answer = Partial<Taken> & { rows?: Given[] };

interface Case {
  /** In turn; nothing after that. */
  takes: Answer[];
  destination?: Destination;
  /** What the consumer answers to each dispatch, or throws. */
  answers?(n: number): unknown;
  /** How many milliseconds a call takes. */
  takesMs?: number;
  /** Transactions from this one on fail. */
  failsFrom?: number;
  /** Whether another claim has followed before a call begins. */
  followed?: boolean;
  name?: string;
}

const passing = (ms: number) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined);
const many = (count: number): Given[] => Array.from({ length: count }, (_, n) => ({ n }));

/** Runs one step on a database that gives these dispatches. Times are milliseconds since its start. */
async function step({
  takes,
  destination = DEFAULT_DESTINATION,
  answers = () => "complete",
  takesMs = 0,
  failsFrom = Number.POSITIVE_INFINITY,
  followed = false,
  name = "ONE",
}: Case) {
  const startedAt = Date.now();
  const since = () => Date.now() - startedAt;
  const asked: { at: number; underWay: unknown; begins: unknown; room: unknown }[] = [];
  const calls: { at: number; n: number[] }[] = [];
  const recorded: ExecutionRecord[] = [];
  const recordings: { at: number; count: number }[] = [];
  const givenBack: unknown[] = [];
  const begun: unknown[] = [];
  const moreAt: number[] = [];
  let transactions = 0;
  const rowOf = ({ n, startMs = 0, key = "", alone = false }: Given) =>
    ({
      ...{ id: idOf(n), answer: "mine", event_id: idOf(n), destination: name, route: "route", flow_key: key, alone },
      ...{ claimed_at: Date.now(), start_ms: startMs, attempts: 0, claims: 1, max_retries: 3 },
      ...{ retry_delay: { type: "constant", interval: 0 }, timeout_seconds: TIMEOUT_SECONDS, transformed: false },
      ...{ payload: { n }, emitted_at: new Date(), hops: 0, cloud_event: false, position: null },
      ...{ traceparent: null, tracestate: null, baggage: null },
    }) as unknown as TakenRow;
  const database = {
    transaction: async (statements: SQL[]) => {
      if (++transactions >= failsFrom) throw away;
      const answer = statements.some((statement) => textOf(statement) === TAKE) ? (takes.shift() ?? {}) : {};
      return statements.map((statement) => {
        const params = parametersOf(statement);
        switch (textOf(statement)) {
          case TAKE: {
            const { rows = [], ...taken } = answer;
            asked.push({ at: since(), underWay: params[5], begins: params[6], room: params[9] });
            return [{ taken: { taken: rows.length, more: false, pace: false, ...taken } }];
          }
          case READ:
            return (answer.rows ?? []).map(rowOf);
          case RECORD: {
            const records = JSON.parse(String(params[0])) as ExecutionRecord[];
            recorded.push(...records);
            recordings.push({ at: since(), count: records.length });
            return [];
          }
          case GIVE_BACK:
            givenBack.push(params.find((param) => String(param).startsWith("0190")));
            return [];
          default:
            return [];
        }
      });
    },
    run: async (statement: SQL) => {
      if (textOf(statement) !== BEGUN) return [];
      begun.push(parametersOf(statement)[0]);
      return followed ? [] : [{ id: parametersOf(statement)[1] }];
    },
  } as unknown as Database;
  const call = async (payloads: { n: number }[]) => {
    calls.push({ at: since(), n: payloads.map(({ n }) => n) });
    await passing(takesMs);
    return payloads.map(({ n }) => answers(n));
  };
  const running = pull({
    database,
    ...{ instanceId: "one", workflow: "DISPATCH", name, destination, limits: {} },
    startMore: async () => void moreAt.push(since()),
    destinationOf: () => destination,
    rules: { origin: { source: "test", type: "test" }, transforms: new Map(), hasRoute: () => true },
    bindings: {
      [name]: {
        handle: async (payload: { n: number }) => (await call([payload]))[0],
        handleBatch: (items: { payload: { n: number } }[]) => call(items.map(({ payload }) => payload)),
      },
    },
  }).catch((error: Error) => error);
  await vi.runAllTimersAsync();
  return { out: await running, asked, calls, recorded, recordings, givenBack, begun, moreAt };
}

const resultsOf = (records: readonly { dispatchId: string; result: string }[]) =>
  records.map(({ dispatchId, result }) => [dispatchId, result]);
const done = (count: number) => many(count).map(({ n }) => [idOf(n), "complete"]);

describe("a step", () => {
  test("calls each dispatch at its time, records what arrives together, and ends when nothing is left", async () => {
    const rows = [{ n: 0 }, { n: 1, startMs: 100 }, { n: 2, startMs: 250 }];
    const { out, calls, recorded, asked } = await step({ takes: [{ rows }] });
    expect(calls).toEqual([
      { at: 0, n: [0] },
      { at: 100, n: [1] },
      { at: 250, n: [2] },
    ]);
    expect(resultsOf(recorded)).toEqual(done(3));
    expect(out).toMatchObject({ unrecorded: [], remaining: [], records: [{}, {}, {}] });
    expect((out as Pulled).spent).toBeUndefined();
    // It begins once, and with each result asks for as many as it has places for.
    expect(asked[0]).toEqual({ at: 0, underWay: 0, begins: true, room: 16 });
    expect(asked.slice(1).every(({ begins }) => begins === false)).toBe(true);
    for (const { underWay, room } of asked) expect(Number(underWay) + Number(room)).toBe(16);
  });

  test("makes one call for a batch, and takes nothing while it is in flight", async () => {
    const destination: Destination = { kind: "worker", batch: true, groupSize: 10 };
    const takes = [{ rows: many(10) }];
    const { calls, asked, recorded, moreAt } = await step({ takes, destination, takesMs: 5_000 });
    expect(calls).toEqual([{ at: 0, n: many(10).map(({ n }) => n) }]);
    expect(asked.map(({ at, room }) => [at, room])).toEqual([
      [0, 10],
      [5_000, 10],
    ]);
    expect(recorded).toHaveLength(10);
    expect(moreAt).toEqual([]);
  });

  test("records results together that arrive within 20 ms, and does not wait for later ones", async () => {
    const rows = [0, 10, 500, 500, 500].map((startMs, n) => ({ n, startMs }));
    const { recordings } = await step({ takes: [{ rows }], takesMs: 1 });
    expect(recordings[0]).toEqual({ at: 21, count: 2 });
    expect(recordings.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });

  test("takes again at once if there was more than it was given", async () => {
    const { asked, calls } = await step({ takes: [{ more: true }, { rows: [{ n: 0 }] }] });
    expect(asked.slice(0, 2).map(({ at }) => at)).toEqual([0, 20]);
    expect(calls).toEqual([{ at: 20, n: [0] }]);
  });

  test("looks again when something may be called, as long as that is soon", async () => {
    const pace = { pace: true, nextMs: 300 };
    const { asked, out } = await step({ takes: [pace, pace, {}] });
    expect(asked.map(({ at }) => at)).toEqual([0, 300, 600]);
    expect(out).toMatchObject({ records: [] });
    expect((await step({ takes: [{ pace: true, nextMs: MAX_WAIT_IN_STEP_MS }, {}] })).asked).toHaveLength(2);
    const later = await step({ takes: [{ pace: true, nextMs: MAX_WAIT_IN_STEP_MS + 1 }] });
    expect(later.out).toMatchObject({ name: "RetryLater", message: "retry in 1001 ms: []" });
  });

  test("that nobody expects to look again ends, whatever comes later", async () => {
    const { asked, out } = await step({ takes: [{ nextMs: 300 }] });
    expect([asked.length, out]).toEqual([1, { records: [], unrecorded: [], remaining: [] }]);
  });

  test("looks for new dispatches while a call takes long, and asks for another instance if it leaves some behind", async () => {
    const looking = await step({ takes: [{ rows: [{ n: 0 }] }], takesMs: 1_200 });
    expect(looking.asked.map(({ at }) => at)).toEqual([0, 500, 1_000, 1_200]);
    expect(looking.moreAt).toEqual([]);
    const full = await step({ takes: [{ rows: many(16), more: true }], takesMs: 1_200 });
    expect(full.moreAt).toEqual([100, 600, 1_100]);
    expect([...new Set(full.asked.map(({ at }) => at))]).toEqual([0, 1_200]);
  });

  test("takes nothing more when its time is over, and the engine begins another", async () => {
    const takes = [{ rows: [{ n: 0 }] }];
    const inTime = await step({ takes: [...takes], takesMs: LAST_TAKE_MS });
    expect(inTime.out).toMatchObject({ records: [{ id: idOf(0), attempt: 1, result: "complete" }] });
    const late = await step({ takes: [...takes], takesMs: LAST_TAKE_MS + 1 });
    expect(late.out).toMatchObject({ name: "RetryLater", message: expect.stringMatching(/^retry in 10 ms: \[\{/) });
    expect(resultsOf(late.recorded)).toEqual(done(1));
  });

  test("makes a hundred calls at most, and the engine begins another", async () => {
    // As many as it asks for, one at a time.
    const takes = Array.from({ length: 200 }, (_, n) => ({ rows: [{ n }], more: true }));
    const { calls, out } = await step({ takes, takesMs: 1 });
    expect(calls).toHaveLength(100);
    expect(out).toMatchObject({ name: "RetryLater", message: expect.stringMatching(/^retry in 10 ms: \[\{/) });
  });
});

describe("a database that does not answer", () => {
  test("ends the step when the calls in flight have ended, and their results are returned", async () => {
    const { out, recorded } = await step({ takes: [{ rows: [{ n: 0 }, { n: 1, startMs: 900 }] }], failsFrom: 2 });
    expect(recorded).toEqual([]);
    const { unrecorded, records, remaining } = out as Pulled;
    expect(resultsOf(unrecorded)).toEqual(done(2));
    expect([records.length, remaining]).toEqual([2, []]);
  });

  test("fails the step if nothing was called, and has the engine come back if all that was is recorded", async () => {
    expect((await step({ takes: [], failsFrom: 1 })).out).toBe(away);
    const { out, recorded } = await step({ takes: [{ rows: [{ n: 0 }] }, { pace: true, nextMs: 100 }], failsFrom: 3 });
    expect(resultsOf(recorded)).toEqual(done(1));
    expect(out).toMatchObject({ name: "RetryLater", message: expect.stringMatching(/^retry in 1000 ms: \[\{/) });
  });
});

describe("a refusal by the platform", () => {
  const refuse = () => {
    throw new Error("Too many subrequests by single Worker invocation.");
  };

  test("is no attempt: the dispatch is given back, the instance takes nothing more, and the next ones take less", async () => {
    const answers = (n: number) => (n === 3 ? refuse() : "complete");
    const { out, recorded, givenBack, asked } = await step({ takes: [{ rows: many(16) }], answers, name: "REFUSED" });
    expect(recorded).toHaveLength(15);
    expect([givenBack, asked.length]).toEqual([[idOf(3)], 1]);
    expect(out).toMatchObject({ unrecorded: [], remaining: [], spent: true });
    expect(learnedSizeOf("REFUSED")).toBe(15);
  });

  test("of a dispatch that is called alone is its destination's failure", async () => {
    const { recorded, givenBack } = await step({ takes: [{ rows: [{ n: 0, alone: true }] }], answers: refuse });
    expect([resultsOf(recorded), givenBack]).toEqual([[[idOf(0), "failed"]], []]);
  });
});

describe("a dispatch that is called alone", () => {
  test("has its call noted before, and nothing is taken beside it", async () => {
    const { begun, asked } = await step({ takes: [{ rows: [{ n: 0, alone: true }] }], takesMs: 700 });
    expect(begun).toEqual([2]);
    expect(asked.map(({ at }) => at)).toEqual([0, 700]);
  });

  test("is not called if another claim has followed", async () => {
    const { out, calls } = await step({ takes: [{ rows: [{ n: 0, alone: true }] }], followed: true });
    expect(calls).toEqual([]);
    expect(out).toMatchObject({ message: "another claim followed before the call" });
  });
});

test.each([
  ["key", { key: "k", seconds: 60 }],
  ["destination", { seconds: 60 }],
  [undefined, undefined],
] as const)("a wait that a destination with the cooldown %s asks for is recorded as such", async (cooldown, asked) => {
  const destination = { ...DEFAULT_DESTINATION, ...(cooldown === undefined ? {} : { cooldown }) } as Destination;
  const answers = (n: number) => (n === 0 ? { result: "failed", retryAfterSeconds: 60 } : "failed");
  const rows = [{ n: 0, key: "k" }, { n: 1 }];
  const { out } = await step({ takes: [{ rows }], destination, answers, failsFrom: 2 });
  expect((out as Pulled).unrecorded.map((record) => record.cooldown)).toEqual([asked, undefined]);
});
