import type { Database } from "../schema/database/connection.ts";
import { type ClaimedRow, claimDispatches, type Member } from "../schema/queries/dispatches/claim-dispatches.ts";
import type { ExecutionRecord } from "../schema/queries/dispatches/record-executions.ts";
import { CALLS_BEGIN_MS, MAX_CALLS_IN_FLIGHT } from "../schema/vocabulary/limits.ts";
import { armForBreaker } from "./arm-for-breaker.ts";
import { type Attempting, attemptAll, type Called, type Mine } from "./attempt.ts";
import { AttemptLog } from "./attempt-log.ts";
import { databaseClock } from "./database-clock.ts";
import { stepTimeoutSeconds } from "./lease-and-step-timeout.ts";
import { openRecorder } from "./recorder.ts";
import { type Leave, type LeaveCause, openLeaving, type Progress } from "./smaller-groups.ts";

export interface Delivery extends Attempting {
  database: Database;
  instanceId: string;
  workflow: string;
  timeoutSeconds: number;
  /** The next claim's token. It stays the same until `claimed` is called, when the claim is answered. */
  token(): string;
  claimed(): void;
  /** This claim covers some dispatches that were not called. The next claim has the same token, so that it does not count twice. */
  keepToken(token: string): void;
  /** Called with the calls of each round. */
  counted(calls: number): void;
  /**
   * Hands dispatches over to smaller instances.
   *
   * @throws DatabaseError
   */
  leave(leave: Leave): Promise<void>;
}

/** The state of the step that a round belongs to. */
export interface InStep {
  /** How many dispatches the instance has. */
  size: number;
  /** Until when further calls may begin, in milliseconds since 1970. */
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

/** The results of a round, or of a step with several. */
export interface Delivered {
  records: HistoryRecord[];
  /** Results that are known and could not be recorded. */
  unrecorded: ExecutionRecord[];
  /** The dispatches that remain to be delivered. */
  remaining: Member[];
}

/** The results of one round, and when the first of the remaining dispatches is due (milliseconds since 1970). */
export interface Round extends Delivered {
  dueAt: number;
  called: Called;
}

/**
 * Claims the dispatches that are due, calls the destinations, and records results as they arrive.
 *
 * @throws DatabaseError if nothing could be claimed
 */
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
  const told = new AttemptLog(delivery.spans !== undefined);
  const called = await attemptAll({ ...delivery, claim: token, clock, sharing }, mine, (record, outcome, row) => {
    records.push(record);
    told.add(record, outcome, row);
    recorder.add(record);
    if (record.status === "ongoing") wait(record.dispatchId, record.delaySeconds * 1_000);
  });
  delivery.counted(called.calls);
  told.write(instanceId);
  const [unrecorded, stayed] = await Promise.all([recorder.close(), leaving.close()]);
  await armForBreaker(delivery.alarm, delivery.destinationOf(mine[0]?.destination ?? ""), records);
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
