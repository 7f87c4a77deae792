import { describe, expect, test } from "vitest";
import type { Operation } from "../../../schema/contract/operations.ts";
import type { DestinationState, DispatchDetail, ExecutionDetail } from "../../../schema/contract/operator.ts";
import { actionWords, affectedWords, argumentsOf, madeBy } from "../../../workers/console/format/operation-text.ts";
import { adviceOn } from "../../../workers/console/pages/dispatches/advice.ts";
import { nextOf, timelineOf } from "../../../workers/console/pages/dispatches/timeline-moments.ts";

const NOW = new Date("2026-11-24T12:00:00.000Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);
const ID = "0199aaaa-0000-7000-8000-000000000001";

const dispatchOf = (changes: Partial<DispatchDetail> = {}): DispatchDetail => ({
  id: ID,
  eventId: ID,
  destination: "A",
  route: "r",
  status: "ongoing",
  reason: null,
  attempts: 0,
  maxRetries: 3,
  createdAt: ago(100),
  nextAttemptAt: ago(10),
  resultedAt: null,
  workflow: null,
  instanceId: null,
  retryOf: null,
  operationId: null,
  flowKey: null,
  orderKey: null,
  position: null,
  held: false,
  waiting: null,
  retryDelay: { type: "constant", interval: 1 },
  timeoutSeconds: 30,
  generation: 0,
  leaseUntil: null,
  retriedBy: null,
  event: {
    id: ID,
    createdAt: ago(100),
    idempotencyKey: null,
    payloadBytes: 2,
    hops: 0,
    own: false,
    routed: true,
    invalid: null,
  },
  executions: [],
  ...changes,
});

test("a dispatch that waits for limits or its order is not due or overdue, but one that waits for its time is", () => {
  const waiting = { for: "order", ahead: 3, head: ID, heldBy: null } as const;
  const old = { nextAttemptAt: ago(3_600), flowKey: "cust-17", orderKey: "order-17" };
  expect(nextOf(dispatchOf({ ...old, waiting }), undefined, NOW)).toEqual({ kind: "waiting", attempt: 1, waiting });
  const later = { nextAttemptAt: ago(-60), waiting: { ...waiting, for: "time" as const } };
  expect(nextOf(dispatchOf(later), undefined, NOW)).toEqual({ kind: "due", attempt: 1, at: ago(-60) });
});

test("a dispatch that holds its key says so until it is retried", () => {
  const held = { status: "failed", attempts: 4, held: true, orderKey: "order-17" } as const;
  expect(adviceOn(dispatchOf(held))).toBe(
    "All 4 attempts failed. Once A works again, retry it. It holds its key, order-17: later dispatches of the key wait until this one is retried, or the key is released without it.",
  );
  expect(adviceOn(dispatchOf({ ...held, held: false }))).toMatch(
    /In its key, [\w-]+, others may have gone on: a retry is called after them\.$/,
  );
  expect(adviceOn(dispatchOf({ ...held, retriedBy: ID }))).toBe(
    "It has been retried: the newer dispatch shows how that went.",
  );
});

describe("the story of a dispatch", () => {
  const executed = (attempt: number, from: number, to: number, instanceId = "i"): ExecutionDetail => ({
    attempt,
    result: "failed",
    reason: null,
    instanceId,
    startedAt: ago(from),
    finishedAt: ago(to),
  });

  test("shows each attempt with its wait, its duration and a change of instance", () => {
    const executions = [executed(1, 95, 90), executed(2, 60, 59), executed(3, 40, 39, "j")];
    const dispatch = dispatchOf({ executions, status: "failed", resultedAt: ago(39) });
    const told = timelineOf(dispatch, undefined, NOW).map((one) =>
      one.kind === "attempt" ? [one.waitedMs, one.tookMs, one.newInstance] : one.kind,
    );
    expect(told).toEqual(["emitted", [5_000, 5_000, false], [30_000, 1_000, false], [19_000, 1_000, true], "ended"]);
  });

  test("begins again for a manual retry, and ends with the next step", () => {
    const dispatch = dispatchOf({ createdAt: ago(50) });
    expect(timelineOf(dispatch, undefined, NOW).map(({ kind }) => kind)).toEqual(["emitted", "created", "next"]);
  });

  test.each<[string, Partial<DispatchDetail>, object]>([
    ["is being called", { leaseUntil: ago(-30) }, { kind: "calling", until: ago(-30) }],
    [
      "has been called and waits",
      { leaseUntil: ago(-30), nextAttemptAt: ago(-5), attempts: 1 },
      { kind: "due", attempt: 2 },
    ],
    ["is due", { nextAttemptAt: ago(60) }, { kind: "due", at: ago(60) }],
    ["is overdue", { nextAttemptAt: ago(60.001) }, { kind: "overdue", at: ago(60.001) }],
  ])("shows that an ongoing dispatch %s", (_, changes, next) => {
    expect(nextOf(dispatchOf(changes), undefined, NOW)).toMatchObject(next);
  });

  test("shows a dispatch to a paused destination as held, unless it is being called", () => {
    const destination = { pausedAt: ago(5) } as DestinationState;
    expect(nextOf(dispatchOf({ nextAttemptAt: ago(900) }), destination, NOW)).toMatchObject({ kind: "held" });
    expect(nextOf(dispatchOf({ leaseUntil: ago(-1) }), destination, NOW)).toMatchObject({ kind: "calling" });
  });

  test.each<[Partial<DispatchDetail>, string | undefined]>([
    [{ status: "failed", attempts: 4 }, "All 4 attempts failed."],
    [{ status: "failed", attempts: 2 }, "said that no other attempt can succeed"],
    [{ status: "misconfigured" }, "cannot reach A"],
    [{ status: "lost" }, "Look the instance up"],
    [{ status: "failed", retriedBy: ID }, "It has been retried"],
    [{ status: "complete" }, undefined],
  ])("has the advice that fits %j", (changes, advice) => {
    const said = adviceOn(dispatchOf(changes));
    if (advice === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(advice);
  });
});

describe("an operation", () => {
  const operation = (action: Operation["action"], args: object = {}) =>
    ({ id: ID, action, arguments: args }) as Operation;

  test("shows what it did and links to the dispatches that it made", () => {
    const retry = operation("retry_dispatches");
    expect([actionWords(retry), affectedWords(retry), madeBy(retry)]).toEqual([
      "Retry",
      "made",
      `/dispatches?operation=${ID}`,
    ]);
    const cancel = operation("cancel_dispatches");
    expect([actionWords(cancel), affectedWords(cancel), madeBy(cancel)]).toEqual(["Cancel", "cancelled", undefined]);
  });

  test("shows its arguments, with long lists shortened", () => {
    const ids = Array.from({ length: 12 }, (_, n) => `id-${n}`);
    expect(
      argumentsOf(operation("retry_dispatches", { filter: { ids, status: ["lost"] }, limit: 5, no: null })),
    ).toEqual([
      { name: "Ids", text: `${ids.slice(0, 10).join(", ")} and 2 more` },
      { name: "Status", text: "lost" },
      { name: "At most", text: "5" },
    ]);
  });

  test("shows arguments in words, times as times, and unknown arguments by name", () => {
    const filter = {
      resultedSince: ago(60).toISOString(),
      payload: { path: "$.order.id", equals: 17 },
      retried: false,
    };
    expect(argumentsOf(operation("retry_dispatches", { filter, perSecond: 50, unheardOf: "1" }))).toEqual([
      { name: "Ended from", text: "2026-11-24 11:59:00.000 UTC", at: ago(60) },
      { name: "Payload path", text: "$.order.id = 17" },
      { name: "Retried manually", text: "no" },
      { name: "Due a second", text: "50" },
      { name: "unheardOf", text: "1" },
    ]);
  });
});
