import type { FlowRules } from "../../schema/config/destinations/flow.ts";
import { type Destination, isBatch } from "../../schema/config/destinations/index.ts";
import type { Database } from "../../schema/database/connection.ts";
import type { ExecutionRecord } from "../../schema/queries/dispatches/record-executions.ts";
import { noteBegun, type Taken, type TakenRow } from "../../schema/queries/flow/take.ts";
import { errorText } from "../../schema/text/error-text.ts";
import { log } from "../../schema/text/log.ts";
import { MAX_CALLS_IN_FLIGHT, MAX_WAIT_IN_STEP_MS, SMALL_GROUP_SIZE } from "../../schema/vocabulary/limits.ts";
import { armForBreaker } from "../arm-for-breaker.ts";
import { type Attempting, attemptAll } from "../attempt.ts";
import { AttemptLog } from "../attempt-log.ts";
import { RetryLater } from "../backoff.ts";
import { databaseClock } from "../database-clock.ts";
import { sizeOf } from "../group.ts";
import { rememberSize } from "../hand-over.ts";
import { learnedSizeOf } from "../learned-sizes.ts";
import { STEP_BUDGET_SECONDS } from "../lease-and-step-timeout.ts";
import type { Outcome } from "../outcome.ts";
import { type Delivered, type HistoryRecord, historyOf } from "../round.ts";
import type { Progress } from "../smaller-groups.ts";
import { ALL_AT_ONCE } from "../waves.ts";
import { makeTurn, type Refused, type Turn } from "./turn.ts";

/** After this many milliseconds, a step takes nothing more: its last calls then have their whole timeout. */
export const LAST_TAKE_MS = 10_000;

/**
 * The longest that a result waits to be recorded together with others, in milliseconds. The wait ends when no more calls are in flight than results
 * have arrived.
 */
const TOGETHER_MS = 20;

/** The most calls in one step, if each dispatch is a call. For consumers of batches, a step has as many calls as a group elsewhere has members. */
const CALLS_IN_STEP = 100;

/** The least wait before another turn if a turn has found nothing, in milliseconds. */
const MIN_TURN_MS = 20;

/** How often an instance with long calls looks for new dispatches, in milliseconds. */
const LOOK_MS = 500;

/**
 * How long an instance must have been full, or have left something behind each time that it took dispatches, before it asks for another, in
 * milliseconds.
 */
const FULL_MS = 100;

/** How long it waits before it asks for one more, in milliseconds. */
const ASK_AGAIN_MS = 500;

/** What a step needs to take and deliver dispatches. */
export interface Pulling extends Attempting {
  database: Database;
  instanceId: string;
  workflow: string;
  /** The destination's name, configuration and limits. */
  name: string;
  destination: Destination | undefined;
  limits: FlowRules;
  /** Asks for another Workflow instance if the existing ones are not enough. Never throws. */
  startMore(): Promise<void>;
}

/** What a step has done. `spent`: the instance may make no more calls, and another continues. */
export type Pulled = Delivered & { spent?: boolean };

/**
 * One engine attempt of an instance that takes dispatches itself. It takes what may be called, in turn, and calls it when the rate allows. With each
 * result it records the result and takes the next, until the step has used up its calls or time, or nothing is left.
 *
 * @throws RetryLater if there is more to do for this instance, and all results are recorded; DatabaseError if nothing could be taken.
 */
export async function pull(pulling: Pulling): Promise<Pulled> {
  const step = new Step(pulling);
  return step.run();
}

class Step {
  readonly #pulling: Pulling;
  readonly #startedAt = performance.now();
  readonly #history: HistoryRecord[] = [];
  readonly #records: ExecutionRecord[] = [];
  readonly #told: AttemptLog;
  #landed: ExecutionRecord[] = [];
  #refused: Refused[] = [];
  /** How many calls of this step the platform accepted, and its message if it refused one: then this instance takes nothing more. */
  readonly #progress: Progress = { begun: 0, borne: 0 };
  #wake: (() => void) | undefined;
  #calls = 0;
  #underWay = 0;
  #begins = true;
  /** Since when there has always been more than this instance could take, and when it last asked for another. */
  #fullAt: number | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Whether a dispatch with which an executor has died is in flight. */
  #alone = false;
  #trouble: { error: unknown } | undefined;
  readonly #size: number;
  readonly #most: number;

  constructor(pulling: Pulling) {
    this.#pulling = pulling;
    this.#told = new AttemptLog(pulling.spans !== undefined);
    this.#most = Math.min(CALLS_IN_STEP, learnedSizeOf(pulling.name));
    this.#size = sizeOf(pulling.destination);
  }

  async run(): Promise<Pulled> {
    try {
      return await this.#deliver();
    } finally {
      const { instanceId, alarm, destination } = this.#pulling;
      this.#told.write(instanceId);
      await armForBreaker(alarm, destination, this.#records);
    }
  }

  async #deliver(): Promise<Pulled> {
    let last: Taken | undefined;
    for (;;) {
      if (this.#trouble !== undefined) return this.#giveUp([], this.#trouble.error);
      const room = this.#room();
      if (room === 0 && this.#landed.length === 0 && this.#refused.length === 0 && this.#underWay > 0) {
        await this.#next(this.#askForMore(last));
        continue;
      }
      const landed = this.#landed;
      const refused = this.#refused;
      this.#landed = [];
      this.#refused = [];
      const token = crypto.randomUUID();
      const began = performance.now();
      let turned: Awaited<ReturnType<typeof makeTurn>>;
      try {
        turned = await this.#turn({ landed, refused }, room, token);
      } catch (error) {
        return this.#giveUp(landed, error);
      }
      for (const record of landed) this.#keep(record);
      if (turned.taken !== undefined) {
        last = turned.taken;
        this.#begins = false;
      }
      this.#call(turned.rows, token);
      if (last?.more !== true) this.#fullAt = undefined;
      // If the database takes this long, another instance would only wait as well.
      else if (performance.now() - began < FULL_MS) this.#askForMore(last);
      const waitMs = this.#waitAfter(last);
      if (waitMs === undefined) return await this.#end();
      await this.#next(waitMs);
      await this.#together();
    }
  }

  /** All results are recorded. After a refusal, another instance continues, with fewer calls in a step. */
  async #end(): Promise<Pulled> {
    const { words, borne } = this.#progress;
    const pulled = { records: this.#history, unrecorded: [], remaining: [] };
    if (words === undefined) return pulled;
    const { database, instanceId, name } = this.#pulling;
    log("warn", "instance.handed_over", { instanceId, dispatches: 0, cause: "refused", platform: words });
    await rememberSize(database, name, Math.max(SMALL_GROUP_SIZE, borne), words);
    return { ...pulled, spent: true };
  }

  /** How many calls may begin: none while a batch is in flight, or when the step has used up its calls or time. */
  #room(): number {
    if (this.#alone || this.#progress.words !== undefined || performance.now() - this.#startedAt > LAST_TAKE_MS)
      return 0;
    if (isBatch(this.#pulling.destination))
      return this.#underWay > 0 || this.#calls >= MAX_CALLS_IN_FLIGHT ? 0 : this.#size;
    return Math.max(0, Math.min(this.#size - this.#underWay, this.#most - this.#calls));
  }

  #turn(ended: Pick<Turn, "landed" | "refused">, room: number, token: string) {
    const { database, instanceId, workflow, name: destination, limits: rules } = this.#pulling;
    const common = { destination, rules, instanceId };
    if (room === 0) return makeTurn(database, { ...common, ...ended });
    const of = { underWay: this.#underWay, begins: this.#begins };
    return makeTurn(database, {
      ...common,
      ...ended,
      next: { ...common, ...of, workflow, token, room, budgetSeconds: STEP_BUDGET_SECONDS },
    });
  }

  /**
   * How long to wait for a result before the next turn, in milliseconds; `undefined`: this instance has nothing more to do.
   *
   * @throws RetryLater if the engine must wait, or start a new step.
   */
  #waitAfter(last: Taken | undefined): number | undefined {
    if (this.#landed.length > 0 || this.#refused.length > 0) return 0;
    if (this.#progress.words !== undefined && this.#underWay === 0) return undefined;
    const over = this.#room() === 0;
    const nextMs = last?.more === true ? 0 : (last?.nextMs ?? Number.POSITIVE_INFINITY);
    // There is room for more dispatches: they come with the next result, or with time.
    if (this.#underWay > 0) return over ? 0 : Math.max(Math.min(nextMs, LOOK_MS), MIN_TURN_MS);
    // All results are recorded. A step that has used up its calls starts again, and sees whether there is more.
    if (over) throw new RetryLater(0, JSON.stringify(this.#history));
    if (last?.more === true) return MIN_TURN_MS;
    if (last?.pace !== true) return undefined;
    if (nextMs > MAX_WAIT_IN_STEP_MS) throw new RetryLater(nextMs, JSON.stringify(this.#history));
    return Math.max(nextMs, MIN_TURN_MS);
  }

  /** Asks for another instance if there has been more than this one could take for long enough. Returns when to ask again, in milliseconds. */
  #askForMore(last: Taken | undefined): number {
    if (last?.more !== true) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    this.#fullAt ??= now;
    const at = Math.max(this.#fullAt + FULL_MS, this.#askedAt + ASK_AGAIN_MS);
    if (now < at) return at - now;
    this.#askedAt = now;
    void this.#pulling.startMore();
    return ASK_AGAIN_MS;
  }

  /** Lets results that arrive at about the same time share a transaction. */
  async #together(): Promise<void> {
    const until = performance.now() + TOGETHER_MS;
    while (this.#landed.length > 0 && this.#landed.length < this.#underWay) {
      const waitMs = until - performance.now();
      if (waitMs <= 0) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, waitMs);
      });
    }
  }

  /** Waits for a result, at most this many milliseconds. */
  async #next(waitMs: number): Promise<void> {
    if (this.#landed.length > 0 || waitMs <= 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (Number.isFinite(waitMs)) timer = setTimeout(resolve, waitMs);
    });
    if (timer !== undefined) clearTimeout(timer);
    this.#wake = undefined;
  }

  /** Calls the dispatches that were taken: each at its time, or all together if the consumer takes batches. */
  #call(rows: readonly TakenRow[], claim: string): void {
    if (rows.length === 0) return;
    this.#underWay += rows.length;
    this.#alone = rows.some(({ alone }) => alone);
    const batch = isBatch(this.#pulling.destination);
    this.#calls += batch ? 1 : rows.length;
    const heardAt = performance.now();
    const [first] = rows;
    const clock = databaseClock(first?.claimed_at ?? 0);
    for (const together of batch ? [rows] : rows.map((row) => [row])) {
      const start = Math.max(...together.map(({ start_ms }) => start_ms));
      let left = together.length;
      const calling = async () => {
        const wait = heardAt + start - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const begun = await Promise.all(together.map((row) => this.#begun(row, claim)));
        const onLeft = (rows: readonly { id: string }[]) => {
          left -= rows.length;
          this.#giveBack(rows, claim);
        };
        // For a dispatch that is called alone, the platform's message counts as a failure of the destination: the consumer may throw that text
        // itself, time and again.
        const sharing = this.#alone ? undefined : { ...ALL_AT_ONCE, progress: this.#progress, onLeft };
        await attemptAll({ ...this.#pulling, claim, clock, sharing }, begun, (record, outcome, row) => {
          left--;
          this.#told.add(record, outcome, row);
          this.#land(record, outcome, together.find(({ id }) => id === row.id)?.flow_key ?? "");
        });
      };
      // There is no outcome, and so no attempt: the error is trouble of our own.
      void calling().catch((error: unknown) => {
        this.#trouble = { error };
        this.#ended(left);
      });
    }
  }

  /**
   * Notes that the call of a dispatch begins, if executors have died with it: from here on, a death counts as a death in its call.
   *
   * @throws DatabaseError, or an Error if another claim has followed.
   */
  async #begun(row: TakenRow, claim: string): Promise<TakenRow> {
    if (!row.alone) return row;
    const claims = row.claims + 1;
    const noted = await this.#pulling.database.run(noteBegun(row.id, claim, claims));
    if (noted.length === 0) throw new Error("another claim followed before the call");
    return { ...row, claims };
  }

  #giveBack(rows: readonly { id: string }[], claim: string): void {
    this.#refused.push(...rows.map(({ id }) => ({ id, claim })));
    this.#progress.words ??= "";
    this.#ended(rows.length);
  }

  #land(record: ExecutionRecord, outcome: Outcome, key: string): void {
    const scope = this.#pulling.destination?.cooldown;
    const seconds = outcome.result === "failed" ? outcome.retryAfterSeconds : undefined;
    const asked = scope !== undefined && seconds !== undefined;
    this.#landed.push(asked ? { ...record, cooldown: { ...(scope === "key" ? { key } : {}), seconds } } : record);
    this.#ended(1);
  }

  #ended(calls: number): void {
    this.#underWay -= calls;
    if (this.#underWay === 0) this.#alone = false;
    this.#wake?.();
  }

  #keep(record: ExecutionRecord): void {
    this.#records.push(record);
    this.#history.push(historyOf(record));
  }

  /**
   * Ends the step when the database does not answer, or something of ours has failed. The calls in flight end first, and the results that are known
   * are kept.
   *
   * @throws The given error if there are no results.
   */
  async #giveUp(landed: readonly ExecutionRecord[], error: unknown): Promise<Delivered> {
    log("warn", "round.failed", { instanceId: this.#pulling.instanceId, round: this.#calls, error: errorText(error) });
    const unrecorded = [...landed];
    for (;;) {
      unrecorded.push(...this.#landed.splice(0));
      if (this.#underWay === 0) break;
      await this.#next(Number.POSITIVE_INFINITY);
    }
    if (unrecorded.length === 0 && this.#history.length === 0) throw error;
    if (unrecorded.length === 0) throw new RetryLater(MAX_WAIT_IN_STEP_MS, JSON.stringify(this.#history));
    for (const record of unrecorded) this.#keep(record);
    return { records: this.#history, unrecorded, remaining: [] };
  }
}
