import { type Destination, isBatch } from "../schema/config/destinations/index.ts";
import type { HandleContext } from "../schema/contract/index.ts";
import type { ClaimedRow } from "../schema/queries/dispatches/claim-dispatches.ts";
import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import type { TraceContext } from "../schema/trace/trace-context.ts";
import { MAX_CLAIMS } from "../schema/vocabulary/limits.ts";
import type { AttemptSpans } from "./attempt-spans.ts";
import { traceContextOf } from "./attempt-trace.ts";
import { callDestination } from "./call.ts";
import type { AlarmBinding } from "./call-alarm.ts";
import type { Clock } from "./database-clock.ts";
import type { CallItem } from "./kinds/kind.ts";
import { failed, type Outcome, settle } from "./outcome.ts";
import { platformWord } from "./platform-refusals.ts";
import { type PayloadRules, type PreparedPayload, preparePayload } from "./prepare-payload.ts";
import type { LeaveCause, Progress } from "./smaller-groups.ts";
import type { withTimeout } from "./with-timeout.ts";

/** The calls that a round made: one per dispatch, or one for all. */
export interface Called {
  calls: number;
  batched: boolean;
}

/** A dispatch that this instance may attempt. */
export type Mine = Extract<ClaimedRow, { answer: "mine" }> & {
  /** Its place in its order; `undefined` or null without one. */
  position?: number | null;
};

/** What attempts need, wherever the dispatches are stored. */
export interface Attempting {
  destinationOf(name: string): Destination | undefined;
  rules: PayloadRules;
  bindings: Readonly<Record<string, unknown>>;
  /** The hub's alarm, if it has one. */
  alarm?: AlarmBinding | undefined;
  /** Sets a call's time limit; default by this machine's timers. */
  limit?: typeof withTimeout | undefined;
  /** Makes a span for each attempt whose trace is recorded. Default: none. */
  spans?: AttemptSpans | undefined;
}

/** How the calls of one Workflow instance share it. */
export interface Sharing {
  atOnce: number;
  /** For how many milliseconds from now further calls may begin. */
  beginMs: number;
  /** Updated while calls are made. */
  progress: Progress;
  /** Called with the dispatches that are not called, or were refused by the platform, as soon as that is clear. No record is made of them. */
  onLeft(rows: readonly Mine[], cause: LeaveCause): void;
}

/** Attempts under a claim. If nothing is shared, all calls begin at once, and a refusal by the platform is the destination's failure. */
export type Claimed = Attempting & { claim: string; clock: Clock; sharing?: Sharing | undefined };

/** Makes one attempt of each dispatch, and passes on each record as its result arrives, with its row and what the destination was given. */
export async function attemptAll(
  delivery: Claimed,
  rows: readonly Mine[],
  onRecord: (record: ExecutionRecord, outcome: Outcome, row: Mine, given?: CallItem) => void,
): Promise<Called> {
  const { destinationOf, rules, spans } = delivery;
  const settled = (row: Mine, outcome: Outcome, given?: CallItem, startedAt = delivery.clock()) => {
    const record = recordOf(row, outcome, startedAt, delivery);
    spans?.ended(row, record, outcome, destinationOf(row.destination));
    onRecord(record, outcome, row, given);
  };
  const callable: Callable[] = [];
  // One after another: each may need a good part of the isolate's memory for a moment.
  for (const row of rows) {
    const destination = destinationOf(row.destination);
    const whole = { ...row, payload: row.payload ?? {} };
    const outcome = withoutCall(row) ?? (await preparePayload(whole, destination, rules));
    if ("result" in outcome) settled(row, outcome);
    else callable.push({ row, ...outcome });
  }
  const byDestination = Map.groupBy(callable, ({ row }) => row.destination);
  const begun = await Promise.all([...byDestination].map(([name, called]) => callAll(delivery, name, called, settled)));
  const batched = callable.length > 0 && [...byDestination.keys()].every((name) => isBatch(destinationOf(name)));
  return { calls: batched ? byDestination.size : begun.reduce((sum, calls) => sum + calls, 0), batched };
}

type Callable = PreparedPayload & { row: Mine };

/** Calls one destination. Returns how many calls have begun. */
async function callAll(
  { destinationOf, bindings, limit, sharing, clock, spans }: Claimed,
  name: string,
  called: readonly Callable[],
  settled: (row: Mine, outcome: Outcome, given?: CallItem, startedAt?: Date) => void,
): Promise<number> {
  const items = called.map(({ row, payload, cloudEvent }) => ({
    payload,
    context: contextOf(row, cloudEvent, traceContextOf(row, spans !== undefined)),
    timeoutSeconds: row.timeout_seconds,
  }));
  const startedAt: Date[] = [];
  let begun = 0;
  const onBegin = (index: number) => {
    startedAt[index] = clock();
    begun++;
    if (sharing !== undefined) sharing.progress.begun++;
  };
  const leave = (indexes: readonly number[], cause: LeaveCause) =>
    sharing?.onLeft(
      indexes.flatMap((index) => called[index]?.row ?? []),
      cause,
    );
  const waves = sharing && { ...sharing, onLeft: leave };
  await callDestination(
    { bindings, name, destination: destinationOf(name), limit, waves, onBegin },
    items,
    (index, outcome) => {
      if (outcome.refused === true && sharing !== undefined) {
        sharing.progress.words ??= platformWord(outcome.reason)?.words;
        return leave([index], "refused");
      }
      if (sharing !== undefined) sharing.progress.borne++;
      const item = called[index];
      if (item !== undefined) settled(item.row, outcome, items[index], startedAt[index]);
    },
  );
  return begun;
}

/** The outcome of an attempt that must not be made. */
function withoutCall(row: Mine): Outcome | undefined {
  if (row.claims > MAX_CLAIMS) {
    return failed(`the executor died during the call (${MAX_CLAIMS} claims without a record)`);
  }
  if (row.payload === null) return { ...failed("the payload has been removed by retention"), retry: "terminal" };
  return undefined;
}

function recordOf(row: Mine, outcome: Outcome, startedAt: Date, { claim, clock }: Claimed): ExecutionRecord {
  const { id: dispatchId, max_retries: maxRetries, retry_delay: retryDelay } = row;
  const attempt = row.attempts + 1;
  const settled = settle(outcome, { attempt, maxRetries, retryDelay });
  const times = { startedAt: startedAt.toISOString(), finishedAt: clock().toISOString() };
  return { dispatchId, attempt, claim, ...times, ...settled };
}

const contextOf = (row: Mine, cloudEvent: boolean, trace: TraceContext): HandleContext => ({
  eventId: row.event_id,
  dispatchId: row.id,
  destination: row.destination,
  attempt: row.attempts + 1,
  maxAttempts: row.max_retries + 1,
  emittedAt: row.emitted_at,
  idempotencyKey: row.id,
  ...trace,
  hops: row.hops,
  cloudEvent,
  ...(row.position === null || row.position === undefined ? {} : { position: row.position }),
});
