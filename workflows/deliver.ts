import { type Destination, MAX_GROUP_SIZE } from "../schema/config/destinations/index.ts";
import type { HandleContext } from "../schema/contract/index.ts";
import { DATABASE_BUDGET_MS, type Database } from "../schema/database/connection.ts";
import { type ClaimedRow, claimDispatches, type Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import { errorText, log } from "../schema/text/log.ts";
import { RetryLater } from "./backoff.ts";
import { callDestination } from "./call.ts";
import { type Clock, databaseClock } from "./database-clock.ts";
import { failed, type Outcome, settle } from "./outcome.ts";
import { type Shaped, type Shapes, shape } from "./payload.ts";
import { platformRefusal } from "./platform-refusals.ts";
import { openRecorder } from "./recorder.ts";

/** Claims of one attempt without a record after which it counts as failed: else a handler that kills its executor would run for ever. */
export const MAX_CLAIMS = 5;

/** What one step may take beside the call: the claim, and two flushes one after the other, each with all its tries. */
const STEP_BUDGET_SECONDS = (3 * DATABASE_BUDGET_MS) / 1_000 + 15;

/** The timeout of the step around a call, and the lease of its claim, in seconds: longer than all that it does, so that two bodies do not overlap. */
export const stepTimeoutSeconds = (callTimeoutSeconds: number) => callTimeoutSeconds + STEP_BUDGET_SECONDS;

/**
 * Longest wait that is sat out inside the step, in milliseconds. The engine's own retry costs more than the attempt it is for, and frees no place
 * among the running instances for so short a wait. @see https://developers.cloudflare.com/workflows/reference/limits/
 */
export const MAX_WAIT_IN_STEP_MS = 1_000;

/** After so many milliseconds no other round begins in a step: its timeout holds one whole round after that. */
const LAST_ROUND_MS = 10_000;

/** Rounds in one step: each adds its records to the step's result, which may have 1 MiB. */
export const MAX_ROUNDS_IN_STEP = 4;

/** Calls in one step when it has several rounds: no more than one round may have, since the consumers' own calls count as well. */
export const MAX_CALLS_IN_STEP = MAX_GROUP_SIZE;

export interface Delivery {
  database: Database;
  instanceId: string;
  workflow: string;
  timeoutSeconds: number;
  destinationOf(name: string): Destination | undefined;
  shapes: Shapes;
  bindings: Readonly<Record<string, unknown>>;
  /** The next claim's token, the same until `claimed` is called: as soon as the claim is answered. */
  token(): string;
  claimed(): void;
}

/** An attempt in the Workflow's own history. */
export interface HistoryRecord {
  id: string;
  attempt: number;
  result: string;
  reason?: string;
  startedAt: string;
  finishedAt: string;
}

export interface Delivered {
  records: HistoryRecord[];
  /** Results that are known and could not be recorded. */
  unrecorded: ExecutionRecord[];
  /** What is still to be delivered after that. */
  remaining: Member[];
}

type Mine = Extract<ClaimedRow, { answer: "mine" }>;

/** One round: what {@link Delivered} says, and when the first of the remaining is due (milliseconds since 1970). */
interface Round extends Delivered {
  dueAt: number;
  called: Called;
}

/** The calls that a round made of destinations: one each dispatch, or one for all. */
interface Called {
  calls: number;
  batched: boolean;
}

/**
 * One engine attempt: claim what is due, call the destinations at once, record as results land; and again, while retries are due within
 * {@link MAX_WAIT_IN_STEP_MS}.
 * @throws RetryLater if dispatches remain and all results are recorded; DatabaseError if nothing could be claimed.
 */
export async function deliver(members: readonly Member[], delivery: Delivery): Promise<Delivered> {
  const startedAt = Date.now();
  const records: HistoryRecord[] = [];
  let remaining = members;
  let calls = 0;
  for (let round = 1; ; round++) {
    const done = await deliverRound(remaining, delivery).catch((error: unknown) => {
      if (round === 1) throw error;
      // What the rounds before have done is told all the same, and what ended this one.
      const trouble = errorText(error);
      log("warn", "round.failed", { instanceId: delivery.instanceId, round, error: trouble });
      throw new RetryLater(MAX_WAIT_IN_STEP_MS, `${JSON.stringify(records)}, then ${trouble}`);
    });
    records.push(...done.records);
    remaining = done.remaining;
    calls += done.called.calls;
    if (remaining.length === 0 || done.unrecorded.length > 0)
      return { records, unrecorded: done.unrecorded, remaining: done.remaining };
    const wait = Math.max(0, done.dueAt - Date.now());
    const again =
      round < MAX_ROUNDS_IN_STEP &&
      wait <= MAX_WAIT_IN_STEP_MS &&
      Date.now() + wait - startedAt <= LAST_ROUND_MS &&
      calls + (done.called.batched ? 1 : remaining.length) <= MAX_CALLS_IN_STEP;
    if (!again) throw new RetryLater(wait, JSON.stringify(records));
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function deliverRound(members: readonly Member[], delivery: Delivery): Promise<Round> {
  const { database, instanceId, workflow } = delivery;
  const token = delivery.token();
  const leaseSeconds = stepTimeoutSeconds(delivery.timeoutSeconds);
  const rows = await database.run(claimDispatches({ members, instanceId, workflow, token, leaseSeconds }));
  delivery.claimed();
  const mine = rows.filter(isMine);
  const clock = databaseClock(mine[0]?.claimed_at ?? 0);

  const generations = new Map(members.map((member) => [member.id, member.generation]));
  const waiting: { member: Member; dueAt: number }[] = [];
  const wait = (id: string, ms: number) =>
    waiting.push({ member: { id, generation: generations.get(id) ?? 0 }, dueAt: Date.now() + ms });

  for (const row of rows) if (row.answer === "early") wait(row.id, row.wait_ms);
  const recorder = openRecorder(database, instanceId);
  const records: ExecutionRecord[] = [];
  const causes = new Set<string>();
  const called = await attemptAll({ ...delivery, claim: token, clock }, mine, (record, { logged, reason }) => {
    records.push(record);
    if (logged && reason !== null) causes.add(reason);
    recorder.add(record);
    if (record.status === "ongoing") wait(record.dispatchId, record.delaySeconds * 1_000);
  });
  logAttempts(records, causes, instanceId);
  return {
    records: records.map(historyOf),
    unrecorded: await recorder.close(),
    remaining: waiting.map(({ member }) => member),
    dueAt: Math.min(...waiting.map(({ dueAt }) => dueAt)),
    called,
  };
}

/**
 * One line for a group and not one a dispatch: lines are billed. Of the reasons, which are in the records, only those that name what the executor
 * lacks, and the platform's own words where it refused a call: the others may quote a payload.
 */
function logAttempts(records: readonly ExecutionRecord[], causes: ReadonlySet<string>, instanceId: string): void {
  if (records.length === 0) return;
  const well = records.every(({ result }) => result === "complete" || result === "ignored");
  log(well ? "info" : "warn", "dispatch.attempted", {
    instanceId,
    dispatches: records.map(({ dispatchId: id, attempt, result, status, reason }) => {
      const platform = result === "failed" ? platformRefusal(reason) : undefined;
      return { id, attempt, result, status, ...(platform === undefined ? {} : { platform }) };
    }),
    ...(causes.size === 0 ? {} : { causes: [...causes] }),
  });
}

const isMine = (row: ClaimedRow): row is Mine => row.answer === "mine";

/** A delivery under a claim. */
type Claimed = Delivery & { claim: string; clock: Clock };

/** Makes one attempt of each dispatch, all at once, and tells each record as its result lands. */
async function attemptAll(
  delivery: Claimed,
  rows: readonly Mine[],
  tell: (record: ExecutionRecord, outcome: Outcome) => void,
): Promise<Called> {
  const startedAt = delivery.clock();
  const settled = (row: Mine, outcome: Outcome) => tell(recordOf(row, outcome, startedAt, delivery), outcome);
  const callable: (Shaped & { row: Mine })[] = [];
  // One after another: each may need a good part of the isolate's memory for a moment.
  for (const row of rows) {
    const destination = delivery.destinationOf(row.destination);
    const whole = { ...row, payload: row.payload ?? {} };
    const outcome = withoutCall(row) ?? (await shape(whole, destination, delivery.shapes));
    if ("result" in outcome) settled(row, outcome);
    else callable.push({ row, ...outcome });
  }
  const byDestination = Map.groupBy(callable, ({ row }) => row.destination);
  await Promise.all(
    [...byDestination].map(([name, called]) => {
      const items = called.map(({ row, payload, cloudEvent }) => ({
        payload,
        context: contextOf(row, cloudEvent),
        timeoutSeconds: row.timeout_seconds,
      }));
      const call = { bindings: delivery.bindings, name, destination: delivery.destinationOf(name) };
      return callDestination(call, items, (index, outcome) => {
        const item = called[index];
        if (item !== undefined) settled(item.row, outcome);
      });
    }),
  );
  const batched =
    callable.length > 0 && [...byDestination.keys()].every((name) => isBatch(delivery.destinationOf(name)));
  return { calls: batched ? byDestination.size : callable.length, batched };
}

const isBatch = (destination: Destination | undefined) => destination?.kind === "worker" && destination.batch;

/** The outcome of an attempt that is not to be made. */
function withoutCall(row: Mine): Outcome | undefined {
  if (row.claims > MAX_CLAIMS) {
    return failed(`the executor died during the call (${MAX_CLAIMS} claims without a record)`);
  }
  if (row.payload === null) return { ...failed("the payload has been removed by retention"), retry: "never" };
  return undefined;
}

function recordOf(row: Mine, outcome: Outcome, startedAt: Date, { claim, clock }: Claimed): ExecutionRecord {
  const { id: dispatchId, max_retries: maxRetries, retry_delay: retryDelay } = row;
  const attempt = row.attempts + 1;
  const settled = settle(outcome, { attempt, maxRetries, retryDelay });
  const times = { startedAt: startedAt.toISOString(), finishedAt: clock().toISOString() };
  return { dispatchId, attempt, claim, ...times, ...settled };
}

const contextOf = (row: Mine, cloudEvent: boolean): HandleContext => ({
  eventId: row.event_id,
  dispatchId: row.id,
  destination: row.destination,
  attempt: row.attempts + 1,
  maxAttempts: row.max_retries + 1,
  emittedAt: row.emitted_at,
  idempotencyKey: row.id,
  ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  hops: row.hops,
  cloudEvent,
});

const historyOf = ({ dispatchId, attempt, result, reason, startedAt, finishedAt }: ExecutionRecord): HistoryRecord => ({
  id: dispatchId,
  attempt,
  result,
  ...(reason === null ? {} : { reason: reason.slice(0, 200) }),
  startedAt,
  finishedAt,
});
