import type { SQL } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_DESTINATION, type Destination } from "../../schema/config/destinations/index.ts";
import { DATABASE_BUDGET_MS, type Database } from "../../schema/database/connection.ts";
import { DatabaseError } from "../../schema/database/database-error.ts";
import type { ExecutionRecord } from "../../schema/queries/dispatches/record-executions.ts";
import type { Exporter } from "../../schema/trace/exporter.ts";
import type { Span } from "../../schema/trace/span.ts";
import { CALLS_BEGIN_MS, MAX_WAIT_IN_STEP_MS } from "../../schema/vocabulary/limits.ts";
import { AttemptSpans } from "../../workflows/attempt-spans.ts";
import type { AlarmBinding } from "../../workflows/call-alarm.ts";
import { deliver, MAX_CALLS_IN_STEP, MAX_ROUNDS_IN_STEP } from "../../workflows/deliver.ts";
import { stepTimeoutSeconds } from "../../workflows/lease-and-step-timeout.ts";
import { PLATFORM_WORDS } from "../../workflows/platform-refusals.ts";
import type { Delivered } from "../../workflows/round.ts";
import type { Leave } from "../../workflows/smaller-groups.ts";
import { claimOf } from "../support/claims.ts";
import { parametersOf, textOf } from "../support/statement-text.ts";

const TIMEOUT_SECONDS = 30;
const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const away = new DatabaseError("database: no answer in time", { transient: true, refused: false });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "info").mockReturnValue(undefined);
  vi.spyOn(console, "warn").mockReturnValue(undefined);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Answers like the table: claims all requested members that are still ongoing, with the recorded attempts of each. */
function table(
  retryDelay: { type: "constant"; interval: number },
  {
    maxRetries = 1_000,
    claimsAnswered = 1_000,
    recordsTaken = 1_000,
    traceparent = null as string | null,
    takes = (_statement: number): number => 0,
  } = {},
) {
  const attempts = new Map<string, number>();
  const tokens: string[] = [];
  const recorded: ExecutionRecord[] = [];
  let statements = 0;
  const database = {
    run: async <Row>(statement: SQL<Row>) => {
      const params = parametersOf(statement);
      await passing(takes(++statements));
      if (textOf(statement) !== textOf(claimOf([]))) {
        if (recorded.length >= recordsTaken) throw away;
        recorded.push(...(JSON.parse(String(params[0])) as ExecutionRecord[]));
        for (const { dispatchId, attempt } of JSON.parse(String(params[0])) as ExecutionRecord[])
          attempts.set(dispatchId, attempt);
        return [];
      }
      if (tokens.length >= claimsAnswered) throw away;
      tokens.push(String(params.find((param) => String(param).startsWith("token-"))));
      return (JSON.parse(String(params[0])) as { id: string }[]).map(({ id }) => ({
        id,
        answer: "mine",
        event_id: id,
        destination: "ONE",
        attempts: attempts.get(id) ?? 0,
        claims: 1,
        max_retries: maxRetries,
        retry_delay: retryDelay,
        timeout_seconds: TIMEOUT_SECONDS,
        payload: {},
        emitted_at: new Date(),
        traceparent,
        tracestate: null,
        baggage: null,
        hops: 0,
      })) as Row[];
    },
  } as unknown as Database;
  return { database, tokens, attempts, recorded };
}

interface Case {
  members: number;
  /** What the consumer answers, by the number of its call. */
  failing(call: number): boolean;
  destination?: Destination;
  rows: ReturnType<typeof table>;
  /** How long a call takes in milliseconds, by its number. */
  takes?(call: number): number;
  /** How often dispatches cannot leave, since the database does not answer. */
  leavesRefused?: number;
  alarm?: AlarmBinding;
  spans?: AttemptSpans;
}

/** Waits this many milliseconds. */
const passing = (ms: number) => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined);

/** Runs one step's body: what it returned or threw, how many calls the consumer got, and how many milliseconds it took. */
async function step({
  members,
  failing,
  destination = DEFAULT_DESTINATION,
  rows,
  takes = () => 0,
  leavesRefused = 0,
  alarm,
  spans,
}: Case) {
  const left: Leave[] = [];
  const startedAt = Date.now();
  let took = 0;
  let calls = 0;
  let refusals = 0;
  let tokens = 0;
  let token: string | undefined;
  const answer = async () => {
    calls += 1;
    const result = failing(calls) ? "failed" : "complete";
    await passing(takes(calls));
    return result;
  };
  const running = deliver(
    Array.from({ length: members }, (_, n) => ({ id: idOf(n), generation: 0 })),
    {
      database: rows.database,
      instanceId: "instance",
      workflow: "DISPATCH",
      timeoutSeconds: TIMEOUT_SECONDS,
      destinationOf: () => destination,
      rules: { origin: { source: "test", type: "test" }, transforms: new Map(), hasRoute: () => true },
      bindings: {
        ONE: {
          handle: answer,
          handleBatch: async (items: unknown[]) => {
            const result = await answer();
            return items.map(() => result);
          },
        },
      },
      token: () => {
        token ??= `token-${++tokens}`;
        return token;
      },
      claimed: () => {
        token = undefined;
      },
      keepToken: (kept) => {
        token = kept;
      },
      counted: () => undefined,
      alarm,
      spans,
      leave: async (leave) => {
        if (refusals++ < leavesRefused) throw away;
        left.push(leave);
      },
    },
  )
    .catch((error: Error) => error)
    .finally(() => {
      took = Date.now() - startedAt;
    });
  await vi.runAllTimersAsync();
  return { out: await running, calls, took, left };
}

const recordsOf = (out: Delivered | Error) => {
  const records =
    out instanceof Error
      ? JSON.parse(out.message.replace(/^retry in \d+ ms: (.*\])(?:, then .*)?$/, "$1"))
      : out.records;
  return (records as { attempt: number; result: string }[]).map(({ attempt, result }) => [attempt, result]);
};
/** The lines of one event in the log. */
const logged = (event: string) =>
  vi
    .mocked(console.warn)
    .mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>)
    .filter((line) => line.event === event);
const constant = (interval: number) => ({ type: "constant", interval }) as const;

describe("a retry that is due soon", () => {
  test("is made in the same step under a new claim, and the step's result contains both attempts", async () => {
    const rows = table(constant(MAX_WAIT_IN_STEP_MS / 1_000));
    const { out, calls } = await step({ members: 1, failing: (call) => call === 1, rows });
    expect(calls).toBe(2);
    expect(out).toMatchObject({ unrecorded: [], remaining: [] });
    expect(recordsOf(out)).toEqual([
      [1, "failed"],
      [2, "complete"],
    ]);
    expect(rows.tokens).toEqual(["token-1", "token-2"]);
  });

  test("is left to the engine if it is due a millisecond later", async () => {
    const rows = table(constant((MAX_WAIT_IN_STEP_MS + 1) / 1_000));
    const { out, calls } = await step({ members: 1, failing: (call) => call === 1, rows });
    expect(calls).toBe(1);
    expect(out).toMatchObject({ name: "RetryLater", message: expect.stringMatching(/^retry in 1001 ms: /) });
    expect(recordsOf(out)).toEqual([[1, "failed"]]);
  });

  test(`is made in at most ${MAX_ROUNDS_IN_STEP} rounds per step`, async () => {
    const rows = table(constant(0));
    const { out, calls } = await step({ members: 1, failing: () => true, rows });
    expect(calls).toBe(MAX_ROUNDS_IN_STEP);
    expect(out).toMatchObject({ name: "RetryLater" });
    expect(recordsOf(out)).toEqual(Array.from({ length: MAX_ROUNDS_IN_STEP }, (_, n) => [n + 1, "failed"]));
  });

  test.each([
    ["as many calls as a group has members are made", MAX_CALLS_IN_STEP / 2, MAX_CALLS_IN_STEP],
    ["a round that needs more is not made", MAX_CALLS_IN_STEP / 2 + 1, MAX_CALLS_IN_STEP / 2 + 1],
  ])("is limited by the calls of a step: %s", async (_, members, expected) => {
    const { calls } = await step({ members, failing: (call) => call <= members, rows: table(constant(0)) });
    expect(calls).toBe(expected);
  });

  test("of a batch is one call for all of its dispatches", async () => {
    const { out, calls } = await step({
      members: 100,
      failing: (call) => call === 1,
      destination: { kind: "worker", batch: true, groupSize: 100 },
      rows: table(constant(0)),
    });
    expect(calls).toBe(2);
    expect(recordsOf(out)).toHaveLength(200);
  });

  test("is not begun if the rest of the step is too short for a whole round", async () => {
    const slow = { members: 1, failing: (call: number) => call === 1 };
    expect((await step({ ...slow, rows: table(constant(0)), takes: () => 10_000 })).calls).toBe(2);
    expect((await step({ ...slow, rows: table(constant(0)), takes: () => 10_001 })).calls).toBe(1);
  });

  test("is left to the engine if its claim gets no answer, and the engine learns of the previous attempt", async () => {
    const { out, calls } = await step({
      members: 1,
      failing: (call) => call === 1,
      rows: table(constant(0), { claimsAnswered: 1 }),
    });
    expect(calls).toBe(1);
    expect(out).toMatchObject({ name: "RetryLater", message: expect.stringMatching(/^retry in 1000 ms: /) });
    expect(recordsOf(out)).toEqual([[1, "failed"]]);
    const trouble = "DatabaseError: database: no answer in time";
    expect((out as Error).message.endsWith(`], then ${trouble}`)).toBe(true);
    expect(logged("round.failed")).toEqual([
      { event: "round.failed", instanceId: "instance", round: 2, error: trouble },
    ]);
  });
});

describe.each(PLATFORM_WORDS)('the platform\'s word "$words"', ({ words, means }) => {
  test.each([false, true])(
    "is kept complete in the execution, the history and the log (of a batch: %s)",
    async (batch) => {
      const rows = table(constant(60));
      const thrown = () => {
        throw new Error(`${words}. More.`);
      };
      const { out } = await step({
        members: 1,
        failing: thrown,
        rows,
        ...(batch ? { destination: { kind: "worker", batch: true, groupSize: 100 } as const } : {}),
      });
      const note = means === "refused" ? "refused by the platform" : "by the platform: the call may have begun";
      const reason = `Error: ${words}. More. (${note})`;
      expect(rows.recorded.map(({ result, reason }) => [result, reason])).toEqual([["failed", reason]]);
      const story = JSON.parse((out as Error).message.replace(/^retry in \d+ ms: /, "")) as { reason: string }[];
      expect(story.map((told) => told.reason)).toEqual([reason]);
      expect(logged("dispatch.attempted").map(({ dispatches }) => dispatches)).toEqual([
        [{ dispatchId: idOf(0), eventId: idOf(0), attempt: 1, result: "failed", status: "ongoing", platform: words }],
      ]);
    },
  );
});

describe("a refusal by the platform", () => {
  const refuse = () => {
    throw new Error("Too many subrequests by single Worker invocation.");
  };
  const refusing = (when: (call: number) => boolean) => (call: number) => (when(call) ? refuse() : false);

  test("of one in a group of a hundred is not an attempt, and moves it and the uncalled ones to instances of ten", async () => {
    const rows = table(constant(60));
    // The sixteen of the first wave are in flight at once; the third is refused before the others end.
    const { out, calls, left } = await step({
      members: 100,
      failing: refusing((call) => call === 3),
      takes: () => 10,
      rows,
    });
    expect(calls).toBe(16);
    expect(out).toMatchObject({ unrecorded: [], remaining: [] });
    expect(rows.recorded.map(({ dispatchId, result }) => [dispatchId, result])).toEqual(
      [...Array(16).keys()].filter((n) => n !== 2).map((n) => [idOf(n), "complete"]),
    );
    const gone = [2, ...[...Array(100).keys()].slice(16)];
    expect(left.map(({ members, ...rest }) => [members.map(({ id }) => id), rest])).toEqual([
      [gone.map(idOf), { cause: "refused", claim: "token-1", limit: 10, learned: 15, words: "Too many subrequests" }],
    ]);
  });

  test("of one in a group of ten moves it to an instance of its own", async () => {
    const rows = table(constant(60));
    const { out, left } = await step({ members: 10, failing: refusing((call) => call === 3), rows });
    expect(out).toMatchObject({ remaining: [] });
    expect(rows.recorded).toHaveLength(9);
    expect(left).toEqual([
      {
        members: [{ id: idOf(2), generation: 0 }],
        cause: "refused",
        claim: "token-1",
        limit: 1,
        words: "Too many subrequests",
      },
    ]);
  });

  test("of a batch is not an attempt of any of its dispatches", async () => {
    const rows = table(constant(60));
    const { out, left, calls } = await step({
      members: 30,
      failing: refuse,
      destination: { kind: "worker", batch: true, groupSize: 100 },
      rows,
    });
    expect([calls, rows.recorded]).toEqual([1, []]);
    expect(out).toMatchObject({ records: [], remaining: [] });
    expect(left.map(({ members, limit }) => [members.length, limit])).toEqual([[30, 10]]);
  });

  test("leaves retries of other failures in their instance", async () => {
    const rows = table(constant(60));
    const { out, left } = await step({
      members: 12,
      failing: (call) => (call === 3 ? refuse() : call === 5),
      rows,
    });
    expect(left.map(({ members }) => members.map(({ id }) => id))).toEqual([[idOf(2)]]);
    expect(out).toMatchObject({ name: "RetryLater", message: expect.stringMatching(/^retry in 60000 ms: /) });
  });
});

test("dispatches that slow calls keep from starting continue in another instance, without an attempt", async () => {
  const rows = table(constant(60));
  const { took, calls, left } = await step({ members: 50, failing: () => false, takes: () => 20_000, rows });
  expect([calls, took]).toEqual([16, 20_000]);
  expect(left.map(({ members, ...rest }) => [members.length, rest])).toEqual([
    [34, { cause: "slow", claim: "token-1", limit: 16, learned: 16 }],
  ]);
});

test("the next instance may have as many as had begun, if that is more than are called at once", async () => {
  const rows = table(constant(60));
  // Sixteen begin at once, and sixteen when these have ended. When those have, it is too late for more.
  const { calls, left } = await step({ members: 50, failing: () => false, takes: () => 0.6 * CALLS_BEGIN_MS, rows });
  expect(calls).toBe(32);
  expect(left.map(({ members, limit, learned }) => [members.length, limit, learned])).toEqual([[18, 32, 32]]);
});

test("dispatches that cannot leave are claimed again under the same token, which counts once", async () => {
  const rows = table(constant(60));
  const refuse = (call: number) => {
    if (call > 1) return false;
    throw new Error("Too many subrequests by single Worker invocation.");
  };
  // Once when they are to leave, and once more when the round ends.
  const { out, left } = await step({ members: 2, failing: refuse, rows, leavesRefused: 1 });
  expect(left).toEqual([]);
  expect(rows.tokens).toEqual(["token-1", "token-1"]);
  expect(rows.recorded.map(({ dispatchId, attempt, result }) => [dispatchId, attempt, result])).toEqual([
    [idOf(1), 1, "complete"],
    [idOf(0), 1, "complete"],
  ]);
  expect(out).toMatchObject({ unrecorded: [], remaining: [] });
});

test("results that the database does not take are returned, and told in the log", async () => {
  const rows = table(constant(60), { recordsTaken: 0 });
  const { out, calls } = await step({ members: 2, failing: (call) => call === 1, rows });
  expect(calls).toBe(2);
  expect(out).toMatchObject({
    unrecorded: [
      { dispatchId: idOf(0), attempt: 1, result: "failed", status: "ongoing" },
      { dispatchId: idOf(1), attempt: 1, result: "complete", status: "complete" },
    ],
    remaining: [{ id: idOf(0), generation: 0 }],
  });
  expect(logged("execution.record_failed")).toEqual([
    {
      event: "execution.record_failed",
      instanceId: "instance",
      records: 2,
      error: "DatabaseError: database: no answer in time",
    },
  ]);
});

test("each attempt of a trace has a span", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const made: Span[] = [];
  const exporter = { add: (span: Span) => made.push(span) } as unknown as Exporter;
  const spans = new AttemptSpans({ exporter, sampleRate: 1 }, "instance");
  await step({ members: 2, failing: () => false, rows: table(constant(60), { traceparent }), spans });
  expect(made.map(({ name, attributes }) => [name, attributes["messaging.cf_eventhub.dispatch.id"]])).toEqual([
    ["deliver ONE", idOf(0)],
    ["deliver ONE", idOf(1)],
  ]);
});

test("a failure at a destination with a breaker arms the alarm, so that the breaker opens in time", async () => {
  const asked: number[] = [];
  const alarm: AlarmBinding = { getByName: () => ({ arm: async (inMs: number) => void asked.push(inMs) }) };
  const breaker = { failures: 5, seconds: 60, probeSeconds: 60 };
  const fails = { members: 1, rows: table(constant(60)), alarm, failing: () => true };
  await step({ ...fails, failing: () => false, destination: { ...DEFAULT_DESTINATION, breaker } });
  await step(fails);
  expect(asked).toEqual([]);
  await step({ ...fails, destination: { ...DEFAULT_DESTINATION, breaker } });
  expect(asked).toHaveLength(1);
});

test("a consumer's reason, which may quote a payload, is never logged", async () => {
  const rows = table(constant(60));
  const thrown = () => {
    throw new Error("no such customer: Ada");
  };
  await step({ members: 1, failing: thrown, rows });
  expect(rows.recorded.map(({ reason }) => reason)).toEqual(["Error: no such customer: Ada"]);
  expect(logged("dispatch.attempted")).toEqual([
    {
      event: "dispatch.attempted",
      instanceId: "instance",
      dispatches: [{ dispatchId: idOf(0), eventId: idOf(0), attempt: 1, result: "failed", status: "ongoing" }],
    },
  ]);
});

test("a first claim without an answer is reported as a database error", async () => {
  const { out, calls } = await step({
    members: 1,
    failing: () => false,
    rows: table(constant(0), { claimsAnswered: 0 }),
  });
  expect([out, calls]).toEqual([away, 0]);
});

test("a step ends before its timeout even if each part takes its maximum, so that its bodies never overlap", async () => {
  // Two rounds of two calls. The first ends as late as it can if another may follow. From then on, each request needs all of the database's tries.
  const rows = table(constant(0), { takes: (statement) => (statement <= 2 ? 0 : DATABASE_BUDGET_MS) });
  const call = TIMEOUT_SECONDS * 1_000;
  // In the second round, one call answers in time for a flush before the other's timeout, which then waits for that flush.
  const { out, calls, took } = await step({
    members: 2,
    failing: () => true,
    rows,
    takes: (n) => [10_000, 10_000, call - 300, call + 60_000][n - 1] ?? 0,
  });
  expect(calls).toBe(4);
  expect(recordsOf(out).sort()).toEqual([1, 1, 2, 2].map((attempt) => [attempt, "failed"]));
  expect(took).toBe(10_000 + DATABASE_BUDGET_MS + (call - 50) + 2 * DATABASE_BUDGET_MS);
  expect(took).toBeLessThan(stepTimeoutSeconds(TIMEOUT_SECONDS) * 1_000);
});
