import { DATABASE_BUDGET_MS, type Database } from "../schema/database/connection.ts";
import { type ClaimedRow, claimDispatches, type Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import { log } from "../schema/text/log.ts";
import { CALLS_BEGIN_MS, MAX_CALLS_IN_FLIGHT } from "../schema/vocabulary/limits.ts";
import { type Attempting, attemptAll, type Called, type Mine } from "./attempt.ts";
import { databaseClock } from "./database-clock.ts";
import { type Leave, type LeaveCause, openLeaving, type Progress } from "./leave.ts";
import { platformWord } from "./platform-refusals.ts";
import { openRecorder } from "./recorder.ts";

/** What one step may take beside the call: the claim, and two flushes one after the other, each with all its tries. */
export const STEP_BUDGET_SECONDS = (3 * DATABASE_BUDGET_MS) / 1_000 + 15;

/** The timeout of the step around a call, and the lease of its claim, in seconds: longer than all that it does, so that two bodies do not overlap. */
export const stepTimeoutSeconds = (callTimeoutSeconds: number) => callTimeoutSeconds + STEP_BUDGET_SECONDS;

export interface Delivery extends Attempting {
  database: Database;
  instanceId: string;
  workflow: string;
  timeoutSeconds: number;
  /** The next claim's token, the same until `claimed` is called: as soon as the claim is answered. */
  token(): string;
  claimed(): void;
  /** Under this claim are some that were not called: the next one is the same, so that it counts once. */
  keepToken(token: string): void;
  /** Told of the calls of each round. */
  counted(calls: number): void;
  /** Hands dispatches over to instances of fewer. @throws DatabaseError */
  leave(leave: Leave): Promise<void>;
}

/** Where a round stands in its step. */
export interface InStep {
  /** How many dispatches the instance is for. */
  size: number;
  /** By when further calls begin, in milliseconds since 1970. */
  beginUntil: number;
  progress: Progress;
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

/** What a round, or a step of several, has done. */
export interface Delivered {
  records: HistoryRecord[];
  /** Results that are known and could not be recorded. */
  unrecorded: ExecutionRecord[];
  /** What is still to be delivered after that. */
  remaining: Member[];
}

/** One round: what {@link Delivered} says, and when the first of the remaining is due (milliseconds since 1970). */
export interface Round extends Delivered {
  dueAt: number;
  called: Called;
}

/** Claims what is due of these, calls the destinations, and records results as they land. @throws DatabaseError if nothing could be claimed */
export async function deliverRound(
  members: readonly Member[],
  delivery: Delivery,
  { size, beginUntil, progress }: InStep,
): Promise<Round> {
  const { database, instanceId, workflow } = delivery;
  const token = delivery.token();
  const leaseSeconds = stepTimeoutSeconds(delivery.timeoutSeconds);
  const rows = await database.run(claimDispatches({ members, instanceId, workflow, token, leaseSeconds }));
  delivery.claimed();
  const mine = rows.filter(isMine);
  const clock = databaseClock(mine[0]?.claimed_at ?? 0);

  const generations = new Map(members.map((member) => [member.id, member.generation]));
  const memberOf = (id: string): Member => ({ id, generation: generations.get(id) ?? 0 });
  const waiting: { member: Member; dueAt: number }[] = [];
  const wait = (id: string, ms: number) => waiting.push({ member: memberOf(id), dueAt: Date.now() + ms });

  for (const row of rows) if (row.answer === "early") wait(row.id, row.wait_ms);
  const recorder = openRecorder(database, instanceId);
  const leaving = openLeaving({ instanceId, size, claim: token, progress }, delivery.leave);
  const onLeft = (rows: readonly { id: string }[], cause: LeaveCause) =>
    leaving.add(...rows.map(({ id }) => ({ member: memberOf(id), cause })));
  onLeft(
    rows.filter(({ answer }) => answer === "leave"),
    "died",
  );
  const beginMs = Math.min(CALLS_BEGIN_MS, beginUntil - Date.now());
  const sharing = size > 1 ? { atOnce: MAX_CALLS_IN_FLIGHT, beginMs, progress, onLeft } : undefined;
  const records: ExecutionRecord[] = [];
  const causes = new Set<string>();
  const called = await attemptAll({ ...delivery, claim: token, clock, sharing }, mine, (record, { logged, reason }) => {
    records.push(record);
    if (logged && reason !== null) causes.add(reason);
    recorder.add(record);
    if (record.status === "ongoing") wait(record.dispatchId, record.delaySeconds * 1_000);
  });
  delivery.counted(called.calls);
  logAttempts(records, causes, instanceId);
  const [unrecorded, stayed] = await Promise.all([recorder.close(), leaving.close()]);
  if (stayed.length > 0) delivery.keepToken(token);
  for (const { member } of stayed) wait(member.id, 0);
  return {
    records: records.map(historyOf),
    unrecorded,
    remaining: waiting.map(({ member }) => member),
    dueAt: Math.min(...waiting.map(({ dueAt }) => dueAt)),
    called,
  };
}

/**
 * One line for a group and not one a dispatch: lines are billed. Of the reasons, which are in the records, only those that name what the executor
 * lacks, and the platform's own words where it refused a call: the others may quote a payload.
 */
export function logAttempts(
  records: readonly ExecutionRecord[],
  causes: ReadonlySet<string>,
  instanceId: string,
): void {
  if (records.length === 0) return;
  const well = records.every(({ result }) => result === "complete" || result === "ignored");
  log(well ? "info" : "warn", "dispatch.attempted", {
    instanceId,
    dispatches: records.map(({ dispatchId: id, attempt, result, status, reason }) => {
      const platform = result === "failed" ? platformWord(reason)?.words : undefined;
      return { id, attempt, result, status, ...(platform === undefined ? {} : { platform }) };
    }),
    ...(causes.size === 0 ? {} : { causes: [...causes] }),
  });
}

const isMine = (row: ClaimedRow): row is Mine => row.answer === "mine";

export const historyOf = ({
  dispatchId,
  attempt,
  result,
  reason,
  startedAt,
  finishedAt,
}: ExecutionRecord): HistoryRecord => ({
  id: dispatchId,
  attempt,
  result,
  ...(reason === null ? {} : { reason: reason.slice(0, 200) }),
  startedAt,
  finishedAt,
});
